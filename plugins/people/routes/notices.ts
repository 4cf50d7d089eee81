// Whom a list brought in and who is still to be told whence: by when, and the ways to tell them.
import { type Context, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { countNotices, findNotices } from '../notice.sql.ts';
import { noteTold, tellAll, today } from '../notice.ts';
import { KeepSchema } from '../schemas.ts';
import { type Faults, hasFaults, named, personOfPath } from './forms.ts';

const pageSize = 50;
const home = '/admin/people/notices';

export function noticeRoutes(router: Router, deps: Deps): void {
  const may = permit('people.person.edit');
  router.get('/notices', may, showList);
  router.post('/notices', may, async (ctx) => {
    await tellAll(ctx.scope, deps);
    return ctx.done(home, 'people.notices.queued');
  });
  router.get('/notices/:id', may, (ctx) => showForm(ctx, {}, {}));
  router.post('/notices/:id', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(KeepSchema);
    if (!form.ok) return showForm(ctx, form.values, form.faults);
    await noteTold(ctx.scope, deps, person.id, form.value.why.trim());
    return ctx.done(home, 'people.notices.noted', { name: named(person).name });
  });
}

async function showList(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const [, day, id] =
    /^(\d{4}-\d\d-\d\d)\.(\d{1,18})$/.exec(String(ctx.query['after'] ?? '')) ?? [];
  const after = day && id ? { day, id } : undefined;
  const found = await findNotices(scope, { after, limit: pageSize + 1 });
  const people = found.slice(0, pageSize);
  const last = found.length > pageSize ? people.at(-1) : undefined;
  const { value, reasons } = scope.law.rule('notices.indirect.within');
  await ctx.render('notices', {
    ...{ people, count: await countNotices(scope, today(scope)) },
    source: value === undefined ? undefined : reasons[0]?.source,
    next: last && `${last.dueOn}.${last.id}`,
  });
}

async function showForm(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('notice-told', { person: named(person), values, faults }, status);
}

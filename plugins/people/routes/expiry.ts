// Who will soon be erased because the law lets them be kept no longer, and who is more than an occasional contact.
import { type Context, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { countExpiries, findExpiries } from '../expiry.sql.ts';
import { keepPerson } from '../expiry.ts';
import { KeepSchema } from '../schemas.ts';
import { type Faults, hasFaults, named, personOfPath } from './forms.ts';

const pageSize = 50;

export function expiryRoutes(router: Router, deps: Deps): void {
  const may = permit('people.person.erase');
  router.get('/expiry', may, showList);
  router.get('/expiry/:id', may, (ctx) => showForm(ctx, {}, {}));
  router.post('/expiry/:id', may, async (ctx) => {
    const person = await personOfPath(ctx);
    const form = await ctx.form(KeepSchema);
    if (!form.ok) return showForm(ctx, form.values, form.faults);
    await keepPerson(ctx.scope, deps, person.id, form.value.why.trim());
    return ctx.done('/admin/people/expiry', 'people.expiry.kept', { name: named(person).name });
  });
}

async function showList(ctx: Context): Promise<void> {
  const [, day, id] =
    /^(\d{4}-\d\d-\d\d)\.(\d{1,18})$/.exec(String(ctx.query['after'] ?? '')) ?? [];
  const after = day && id ? { day, id } : undefined;
  const found = await findExpiries(ctx.scope, { after, limit: pageSize + 1 });
  const people = found.slice(0, pageSize);
  const last = found.length > pageSize ? people.at(-1) : undefined;
  const { reasons } = ctx.scope.law.rule('retention.occasional_contact');
  await ctx.render('expiry', {
    people,
    count: (await countExpiries(ctx.scope)).people,
    source: reasons[0]?.source,
    next: last && `${last.goesOn}.${last.id}`,
  });
}

async function showForm(ctx: Context, values: object, faults: Faults): Promise<void> {
  const person = await personOfPath(ctx);
  const status = hasFaults(faults) ? 422 : 200;
  await ctx.render('expiry-keep', { person: named(person), values, faults }, status);
}

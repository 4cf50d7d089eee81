// The newsletters that people may subscribe to.
import { type Context, notFound, permit, type Router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findCountedNewsletters, findNewsletter } from '../newsletter.sql.ts';
import { changeNewsletter, createNewsletter } from '../newsletter.ts';
import { NewsletterSchema } from '../schemas.ts';
import { attempt, type Faults, hasFaults } from './forms.ts';

export function newsletterRoutes(router: Router, deps: Deps): void {
  const may = permit('people.newsletter.edit');
  router.get('/newsletters', may, async (ctx) => {
    const newsletters = await findCountedNewsletters(ctx.scope);
    const own = [ctx.scope.organization.id, ...(ctx.scope.bound ?? [])];
    await ctx.render('newsletters', {
      newsletters: newsletters.map((one) => ({
        ...one,
        isOurs: !ctx.scope.bound || own.includes(one.organization),
      })),
    });
  });
  router.get('/newsletters/new', may, (ctx) => showForm(ctx, {}, {}));
  router.post('/newsletters/new', may, (ctx) =>
    save(ctx, (value) => createNewsletter(ctx.scope, deps, value), 'people.newsletter.created'),
  );
  router.get('/newsletters/:newsletter', may, async (ctx) => {
    const found = await findNewsletter(ctx.scope, ctx.params['newsletter'] ?? '');
    if (!found) throw notFound('newsletter');
    return showForm(ctx, { ...found }, {});
  });
  router.post('/newsletters/:newsletter', may, (ctx) =>
    save(
      ctx,
      (value) => changeNewsletter(ctx.scope, deps, ctx.params['newsletter'] ?? '', value),
      'people.newsletter.changed',
    ),
  );
}

async function save(
  ctx: Context,
  act: (value: { name: string; description?: string }) => Promise<unknown>,
  done: string,
): Promise<void> {
  const form = await ctx.form(NewsletterSchema);
  if (!form.ok) return showForm(ctx, form.values, form.faults);
  const faults = await attempt(ctx, () => act(form.value));
  if (hasFaults(faults)) return showForm(ctx, form.values, faults);
  return ctx.done('/admin/people/newsletters', done, { name: form.value.name });
}

function showForm(ctx: Context, values: object, faults: Faults): Promise<void> {
  const isNew = ctx.params['newsletter'] === undefined;
  return ctx.render('newsletter', { values, faults, isNew }, hasFaults(faults) ? 422 : 200);
}

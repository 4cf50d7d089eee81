// The public's way: an address, a link in its mailbox, and behind it the person's own page.
import type { Person } from 'rostra/people';
import { type Context, isIdentityComplete, notFound, type Router, router } from 'rostra/plugin';
import { sendCopy } from '../copy.ts';
import type { Deps } from '../deps.ts';
import { fileOf } from '../file.ts';
import { closeLink, linkHours, openLink, sendLinks, shortName } from '../link.ts';
import { findByReference } from '../request.sql.ts';
import { ask, giveAtOnce } from '../request.ts';
import { AddressForm, CorrectionForm, ErasureForm } from '../schemas.ts';

const home = '/my-data';
type Shown = { values: Record<string, unknown>; faults: Record<string, string> };
const empty: Shown = { values: {}, faults: {} };

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  routes.get(home, (ctx) => showStart(ctx));
  routes.post(home, (ctx) => takeAddress(deps, ctx));
  routes.get(`${home}/sent`, (ctx) => show(ctx, 'sent', { hours: linkHours }));
  routes.get(`${home}/closed`, (ctx) => show(ctx, 'closed', {}));
  routes.get(`${home}/request/:reference`, (ctx) => showRequest(ctx));
  routes.get(`${home}/:token`, (ctx) => behind(deps, ctx, (asker) => showOwn(ctx, asker)));
  routes.post(`${home}/:token/file`, (ctx) =>
    behind(deps, ctx, async ({ id }) => {
      await giveAtOnce(ctx.scope, deps, id, 'access');
      leadTo(ctx, `${pageOf(ctx)}/file`);
    }),
  );
  routes.get(`${home}/:token/file`, (ctx) =>
    behind(deps, ctx, async (asker) => {
      const kept = await fileOf(ctx.scope, deps, asker.id);
      await show(ctx, 'file', { kept, page: pageOf(ctx) });
    }),
  );
  routes.post(`${home}/:token/copy`, (ctx) =>
    behind(deps, ctx, async ({ id }) => {
      await giveAtOnce(ctx.scope, deps, id, 'copy');
      sendCopy(ctx, deps.subjects, id, ctx.scope.t('privacy.copy.name'));
    }),
  );
  formRoutes(routes, deps);
  routes.post(`${home}/:token/close`, async (ctx) => {
    await closeLink(ctx.scope, tokenOf(ctx));
    leadTo(ctx, `${home}/closed`);
  });
  return routes;
}

/** What is asked on a page of its own, so that nobody does it by one careless touch. */
function formRoutes(routes: Router, deps: Deps): void {
  for (const view of ['correct', 'object', 'erase'] as const) {
    routes.get(`${home}/:token/${view}`, (ctx) => behind(deps, ctx, () => showForm(ctx, view)));
  }
  routes.post(`${home}/:token/correct`, (ctx) =>
    behind(deps, ctx, async ({ id }) => {
      const form = await ctx.form(CorrectionForm);
      if (!form.ok) return showForm(ctx, 'correct', form, 422);
      const { words } = form.value;
      await made(ctx, ask(ctx.scope, deps, { ...own(id), kind: 'correction', words }));
    }),
  );
  routes.post(`${home}/:token/object`, (ctx) =>
    behind(deps, ctx, ({ id }) =>
      made(ctx, ask(ctx.scope, deps, { ...own(id), kind: 'objection', now: true })),
    ),
  );
  routes.post(`${home}/:token/erase`, (ctx) =>
    behind(deps, ctx, async ({ id }) => {
      const form = await ctx.form(ErasureForm);
      if (!form.ok) {
        const faults = { 'sure-true': ctx.scope.t('privacy.site.erase.not-sure') };
        return showForm(ctx, 'erase', { ...form, faults }, 422);
      }
      const neverAgain = form.value.neverAgain === 'true';
      await made(ctx, ask(ctx.scope, deps, { ...own(id), kind: 'erasure', neverAgain, now: true }));
    }),
  );
}

const own = (personId: string) => ({ personId, origin: 'self' as const });

async function made(ctx: Context, request: Promise<{ reference: string }>): Promise<void> {
  leadTo(ctx, `${home}/request/${(await request).reference}`);
}

async function showStart(ctx: Context, form = empty, status?: number): Promise<void> {
  const isClosed = !isIdentityComplete(ctx.scope.organization.legal);
  if (status === undefined) ctx.keep();
  await ctx.render('start', { title: titleOf(ctx, 'start'), form, isClosed }, status);
}

/** Answered alike whoever asks for whom. */
async function takeAddress(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  if (!isIdentityComplete(scope.organization.legal)) return showStart(ctx, empty, 409);
  const form = await ctx.form(AddressForm);
  if (!form.ok) return showStart(ctx, form, 422);
  const { email, homepage } = form.value;
  if (homepage !== undefined || (await sendLinks(scope, deps, email, ctx.caller))) {
    return leadTo(ctx, `${home}/sent`);
  }
  const faults = { email: scope.t('privacy.site.too-many') };
  await showStart(ctx, { ...form, faults }, 429);
}

/** The page of one person, for whoever has the link; for anybody else there is none. */
async function behind(
  deps: Deps,
  ctx: Context,
  act: (asker: Person) => Promise<void> | void,
): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'same-origin');
  const asker = await openLink(ctx.scope, deps, tokenOf(ctx));
  if (!asker) return show(ctx, 'gone', {}, 410);
  await act(asker);
  ctx.set('Cache-Control', 'no-store');
}

/** Mail programs open links by themselves: what opens shows nothing of the file. */
function showOwn(ctx: Context, asker: Person): Promise<void> {
  return show(ctx, 'own', { name: shortName(asker), page: pageOf(ctx) });
}

function showForm(
  ctx: Context,
  view: 'correct' | 'object' | 'erase',
  form: Shown = empty,
  status?: number,
): Promise<void> {
  return show(ctx, view, { form, page: pageOf(ctx) }, status);
}

async function showRequest(ctx: Context): Promise<void> {
  const reference = (ctx.params['reference'] ?? '').toUpperCase();
  const request = await findByReference(ctx.scope, reference);
  if (!request) throw notFound('request', reference);
  await show(ctx, 'request', { request });
  ctx.set('Cache-Control', 'no-store');
}

function show(ctx: Context, view: string, data: object, status?: number): Promise<void> {
  return ctx.render(view, { title: titleOf(ctx, view), noindex: true, ...data }, status);
}

const titleOf = (ctx: Context, view: string) => ctx.scope.t(`privacy.site.${view}.title`);
const tokenOf = (ctx: Context) => ctx.params['token'] ?? '';
const pageOf = (ctx: Context) => `${home}/${tokenOf(ctx)}`;

function leadTo(ctx: Context, href: string): void {
  ctx.status = 303;
  ctx.redirect(href);
}

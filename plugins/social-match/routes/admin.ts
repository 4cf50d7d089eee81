// The candidates that wait, the form that asks for a search, and what staff say of what was found.
import { type Context, forbidden, notFound, permit, type Router, router } from 'rostra/plugin';
import { findWaiting } from '../candidate.sql.ts';
import type { Deps } from '../deps.ts';
import { confirm, reject, requestSearch } from '../find.ts';
import { parseHandle } from '../handle.ts';
import { profileOf } from '../profile.ts';
import { ListSchema, SearchSchema, SettleSchema } from '../schemas.ts';

const pageSize = 50;

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  const mayFind = permit('social-match.candidate.find');
  const maySettle = permit('social-match.candidate.settle');

  routes.get('/', permit('social-match.candidate.read'), (ctx) => showList(ctx, deps));
  routes.get('/people/:person', mayFind, (ctx) => showForm(ctx, deps, {}, {}));
  routes.post('/people/:person', mayFind, (ctx) => search(ctx, deps));
  routes.post('/candidates/:id/confirm', maySettle, async (ctx) => {
    const personId = await confirm(ctx.scope, deps, ctx.params['id'] ?? '');
    return ctx.done(await whence(ctx, personId), 'social-match.confirmed');
  });
  routes.post('/candidates/:id/reject', maySettle, async (ctx) => {
    const personId = await reject(ctx.scope, deps, ctx.params['id'] ?? '');
    return ctx.done(await whence(ctx, personId), 'social-match.rejected');
  });
  return routes;
}

async function showList(ctx: Context, deps: Deps): Promise<void> {
  const { scope } = ctx;
  const { before } = ctx.filters(ListSchema);
  const found = await findWaiting(scope, pageSize + 1, before);
  const shown = found.slice(0, pageSize);
  const candidates = [];
  for (const candidate of shown) {
    const person = await deps.people.find(scope, candidate.personId);
    if (person) candidates.push({ ...candidate, person: person.displayName });
  }
  const last = found.length > pageSize ? shown.at(-1) : undefined;
  await ctx.render('list', {
    title: scope.t('social-match.list.title'),
    candidates,
    next: last && `?before=${last.id}`,
    maySettle: scope.may('social-match.candidate.settle'),
  });
}

async function showForm(
  ctx: Context,
  deps: Deps,
  values: Record<string, unknown>,
  faults: Record<string, string>,
): Promise<void> {
  const profile = await profileOf(ctx.scope, deps, ctx.params['person'] ?? '');
  if (!profile) throw notFound('person', ctx.params['person']);
  const title = ctx.scope.t('social-match.search.title', { name: profile.name });
  const known = { handle: profile.search && `@${profile.search.handle}`, ...values };
  const status = Object.keys(faults).length > 0 ? 422 : 200;
  await ctx.render('search', { title, profile, form: { values: known, faults } }, status);
}

async function search(ctx: Context, deps: Deps): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(SearchSchema);
  if (!form.ok) return showForm(ctx, deps, form.values, form.faults);
  const profile = await profileOf(scope, deps, ctx.params['person'] ?? '');
  if (!profile) throw notFound('person', ctx.params['person']);
  const mayRecord = profile.hasAgreed || scope.may('people.consent.record');
  if (!mayRecord) throw forbidden('people.consent.record');
  const { agreed, evidence = '' } = form.value;
  const handle = parseHandle(form.value.handle);
  const faults: Record<string, string> = {};
  if (!handle) faults['handle'] = scope.t('social-match.fault.handle');
  if (!profile.hasAgreed && !agreed) faults['agreed'] = scope.t('social-match.fault.agreed');
  if (!profile.hasAgreed && !evidence) faults['evidence'] = scope.t('social-match.fault.evidence');
  if (!handle || Object.keys(faults).length > 0) {
    return showForm(ctx, deps, form.values, faults);
  }
  const { personId } = profile;
  const wording = scope.t('social-match.consent.wording', { party: scope.organization.name });
  await requestSearch(scope, deps, {
    personId,
    handle,
    ...(profile.hasAgreed ? {} : { agreed: { wording, evidence } }),
  });
  return ctx.done(`/admin/people/${personId}`, 'social-match.search.begun');
}

async function whence(ctx: Context, personId: string): Promise<string> {
  const form = await ctx.form(SettleSchema);
  return form.ok && form.value.from === 'list'
    ? '/admin/social-match'
    : `/admin/people/${personId}`;
}

// Law > Elections: the calendar, one election with what the law makes of it, and the form.
import {
  type Context,
  countryName,
  countryOptions,
  isCountry,
  permit,
  type Router,
  router,
} from 'rostra/plugin';

import type { Deps } from '../deps.ts';
import { findElections } from '../election.sql.ts';
import {
  changeElection,
  demandElection,
  enterElection,
  isOurs,
  removeElection,
} from '../election.ts';
import { answersOf, ElectionForm, inputOf, kinds, mainSlots, partSlots } from '../form.ts';
import { roundsWithLaw, silenceOf } from '../window.ts';

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

const home = '/admin/elections';
const mayRead = () => permit('elections.election.read');
const mayManage = () => permit('elections.election.manage');
const idOf = (ctx: Context): string => ctx.params['id'] ?? '';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/', mayRead(), (ctx) => showAll(deps, ctx));
  routes.get('/new', mayManage(), (ctx) => showForm(ctx, { values: usual(ctx), faults: {} }));
  routes.post('/new', mayManage(), (ctx) => save(deps, ctx));
  routes.get('/:id', mayRead(), (ctx) => showOne(deps, ctx));
  routes.get('/:id/edit', mayManage(), async (ctx) => {
    const election = await demandElection(ctx.scope, idOf(ctx));
    await showForm(ctx, { values: answersOf(election), faults: {} }, election.id);
  });
  routes.post('/:id/edit', mayManage(), (ctx) => save(deps, ctx, idOf(ctx)));
  routes.post('/:id/delete', mayManage(), async (ctx) => {
    await removeElection(ctx.scope, deps, idOf(ctx));
    ctx.done(home, 'elections.removed');
  });
  return routes;
}

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const found = await findElections(scope);
  const elections = await Promise.all(
    found.map(async (one) => ({ ...one, silence: await silenceOf(scope, deps, one) })),
  );
  await ctx.render('elections', { title: scope.t('elections.title'), elections });
}

async function showOne(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const election = await demandElection(scope, idOf(ctx));
  await ctx.render('election', {
    title: election.name,
    election,
    country: countryName(election.country, scope.locale),
    rounds: await roundsWithLaw(scope, deps, election),
    mayChange: scope.may('elections.election.manage') && isOurs(scope, election),
  });
}

async function save(deps: Deps, ctx: Context, id?: string): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(ElectionForm);
  const read = form.ok ? inputOf(scope, form.value) : { faults: form.faults };
  if (read.faults) return showForm(ctx, { values: form.values, faults: read.faults }, id, 422);
  if (id) await changeElection(scope, deps, id, read.input);
  const kept = id ?? (await enterElection(scope, deps, read.input));
  ctx.done(`${home}/${kept}`, 'elections.saved', { name: read.input.values.name });
}

async function showForm(ctx: Context, form: Shown, id?: string, status?: number): Promise<void> {
  const { scope } = ctx;
  const data = {
    title: scope.t(id ? 'elections.edit' : 'elections.new'),
    ...{ form, id, mainSlots, partSlots },
    kinds: kinds.map((kind) => ({ value: kind, label: scope.t(`elections.kind.${kind}`) })),
    countries: countryOptions(scope.locale),
    zones: Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone })),
    // Where one is filled in, or wrong, it must be seen.
    hasParts: partSlots.some((slot) =>
      Object.keys({ ...form.faults, ...filled(form.values) }).includes(`day${slot}`),
    ),
  };
  await ctx.render('form', data, status);
}

function filled(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

function usual({ scope }: Context): Record<string, unknown> {
  const country = scope.organization.jurisdiction.slice(0, 2).toUpperCase();
  return { ...(isCountry(country) && { country }), timeZone: scope.organization.timeZone };
}

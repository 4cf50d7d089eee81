// The page of one breach in the register, opened at the organization whose it is; also again, with what does not fit.
import { type Context, countryName, isAppError, notFound, permit } from 'rostra/plugin';
import { type Breach, findBreach, findBreachChanges } from '../breach.sql.ts';
import { breachLaw, clockOf, demandBreach, isToTell, wasLate } from '../breach.ts';
import { clockedAbroad } from '../breach-abroad.ts';
import { localOf } from '../breach-form.ts';
import { findBreachPeople } from '../breach-person.sql.ts';
import { changeLines, dataWords, kindWords } from '../breach-words.ts';
import type { Deps } from '../deps.ts';

export interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export const home = '/admin/privacy/breaches';
export const may = () => permit('privacy.breach.manage');
export const idOf = (ctx: Context) => ctx.params['id'] ?? '';
const peopleShown = 100;
const none: Shown = { values: {}, faults: {} };

/** A chapter's breach is opened at the chapter: its law and its legal identity are the ones that count. */
export async function atHome(
  ctx: Context,
  below: string,
  show: (breach: Breach) => Promise<void>,
): Promise<void> {
  const breach = demandBreach(await findBreach(ctx.scope, idOf(ctx)), idOf(ctx));
  if (breach.organizationId === ctx.scope.organization.id) return show(breach);
  ctx.redirect(`/admin/@${breach.organizationSlug}/privacy/breaches/${breach.id}${below}`);
  ctx.status = 303;
}

export async function ownBreach(ctx: Context): Promise<Breach> {
  const breach = demandBreach(await findBreach(ctx.scope, idOf(ctx)), idOf(ctx));
  if (breach.organizationId !== ctx.scope.organization.id) throw notFound('breach', breach.id);
  return breach;
}

/** What is not possible is said on the page itself, and what was typed still stands there. */
export async function act(
  deps: Deps,
  ctx: Context,
  done: string,
  run: () => Promise<void>,
  values: Shown['values'] = {},
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('privacy.')) throw error;
    return again(deps, ctx, { values, faults: { act: ctx.scope.t(error.code) } });
  }
  ctx.done(`${home}/${idOf(ctx)}`, `privacy.breach.done.${done}`);
}

export async function again(deps: Deps, ctx: Context, form: Shown): Promise<void> {
  await showOne(deps, ctx, await ownBreach(ctx), form);
}

export async function showOne(
  deps: Deps,
  ctx: Context,
  breach: Breach,
  form = none,
): Promise<void> {
  const { scope } = ctx;
  const law = breachLaw(scope, breach.knownAt);
  const ids = await findBreachPeople(scope, breach.id, peopleShown);
  const data = {
    ...{ title: scope.t('privacy.breach.one', { reference: breach.reference }), breach, form },
    ...{ law, clock: clockOf(scope.now(), breach), wasLate: wasLate(breach) },
    ...{ isToTell: isToTell(law, breach), now: localOf(scope, scope.now()) },
    abroad: breach.abroad.map((one) => {
      const shown = clockedAbroad(breach, one);
      const name = countryName(one.country, scope.locale);
      return { ...one, name, shown, clock: clockOf(scope.now(), shown) };
    }),
    people: await deps.people.findMany(scope, ids),
    local: (at: Date) => localOf(scope, at),
    ...{ data: dataWords(scope, breach), kinds: kindWords(scope, breach.kinds) },
    changes: (await findBreachChanges(scope, breach.id)).map((one) => ({
      ...{ kind: one.kind, at: one.at, byName: one.byName },
      lines: changeLines(scope, one.changes),
    })),
  };
  await ctx.render('breach', data, Object.keys(form.faults).length > 0 ? 422 : 200);
}

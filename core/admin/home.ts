// The admin's home: what to do first, the next date of the law, and what the plugins show.
import { type Context, permit, type Router, router } from '../http/context.ts';
import { nextDates } from '../law/outlook.ts';
import type { Scope } from '../scope.ts';
import type { AdminDeps } from './deps.ts';
import { stepsOf } from './steps.ts';

/** Mounted at `/admin`. */
export function adminHome(deps: AdminDeps): Router {
  const routes = router();
  routes.get('/', permit('core.law.read'), async (ctx) => {
    await ctx.render('admin/home', await homeOf(deps, ctx));
  });
  return routes;
}

async function homeOf(deps: AdminDeps, ctx: Context) {
  const { scope } = ctx;
  const { actor, organization } = scope;
  const steps = scope.may('core.settings.manage') ? await stepsOf(deps, scope) : [];
  const isEvening = hourIn(scope) >= 18 || hourIn(scope) < 4;
  const name = actor.kind === 'staff' ? actor.name : organization.name;
  return {
    title: scope.t('admin.home.title'),
    greeting: scope.t(isEvening ? 'admin.home.evening' : 'admin.home.morning', { name }),
    steps,
    done: steps.filter((step) => step.done).length,
    next: steps.find((step) => !step.done),
    law: lawAhead(deps, scope),
    isUnwatched: isUnwatched(deps, scope),
    panels: await ctx.panels('core.home', organization.id),
  };
}

/** The law commands silence, and no calendar is on by which it could be kept. */
export function isUnwatched({ silence }: Pick<AdminDeps, 'silence'>, scope: Scope): boolean {
  const gap = silence.gap(scope);
  return gap !== undefined && gap.faulty === undefined;
}

/** The nearest that is still to come; what has lapsed stands on the page of the law. */
function lawAhead({ packs }: AdminDeps, scope: Scope) {
  const dates = nextDates(packs, scope.organization.jurisdiction, scope.now());
  const found = dates.find((date) => !date.lapsed);
  if (!found) return undefined;
  const { sentence, date, source } = found;
  return { date, source, sentence: scope.t(sentence.key, sentence.params) };
}

function hourIn(scope: Scope): number {
  const { timeZone } = scope.organization;
  const format = new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone });
  return Number(format.format(scope.now()));
}

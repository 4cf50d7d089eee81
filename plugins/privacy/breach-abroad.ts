// People abroad have an authority of their own, where a law holds that is not the party's: each has its clock.
import { countryName, countryOptions, type Scope } from 'rostra/plugin';
import type { Abroad, Breach, BreachCourse } from './breach.sql.ts';
import { findEnd } from './request-day.sql.ts';

/** What the law of that country says and the organization's own does not; `undefined`: one authority is told for both. */
function lawOf(scope: Scope, country: string, when: Date) {
  const own = scope.law.rule('breach.authority', { when });
  const both = scope.law.rule('breach.authority', { when, person: { country } });
  // Member states of one law have one lead authority (GDPR art. 56): by the packs, what is theirs alone is another's.
  const packs = new Set(own.value === undefined ? [] : own.reasons.map(({ pack }) => pack));
  const [theirs] = both.each.flatMap((within, at) => {
    const reason = both.reasons[at];
    return reason && !packs.has(reason.pack) ? [{ within, source: reason.source }] : [];
  });
  return theirs;
}

/** Countries whose authority would be told beside the own one, as a form offers them. */
export function countriesAbroad(scope: Scope, when: Date): { value: string; label: string }[] {
  return countryOptions(scope.locale).filter(({ value }) => lawOf(scope, value, when));
}

/** A clock for each of the countries that has one; what was reported to it before stays. */
export async function clocksAbroad(
  scope: Scope,
  knownAt: Date,
  countries: readonly (string | undefined)[],
  before: readonly Abroad[] = [],
): Promise<Abroad[]> {
  const clocks: Abroad[] = [];
  for (const country of [...new Set(countries)].sort()) {
    const law = country && lawOf(scope, country, knownAt);
    if (!law) continue;
    const dueAt = (await findEnd(scope, knownAt, law.within)).toISOString();
    const none = { reportedAt: null, reportNumber: null, lateReason: null };
    const known = before.find((one) => one.country === country);
    clocks.push({ ...none, ...known, country, dueAt, source: law.source });
  }
  return clocks;
}

type Clocked = Pick<BreachCourse, 'dueAt' | 'reportedAt' | 'unreportedAt' | 'closedAt'>;

/** As the breach's own clock is read. */
export function clockedAbroad(breach: Breach, one: Abroad): Clocked {
  const { unreportedAt, closedAt } = breach;
  const reportedAt = one.reportedAt ? new Date(one.reportedAt) : null;
  return { dueAt: new Date(one.dueAt), reportedAt, unreportedAt, closedAt };
}

/** The clock that runs out first; the own one where none runs. */
export function urgentOf(breach: Breach): Clocked {
  const all = [breach, ...breach.abroad.map((one) => clockedAbroad(breach, one))];
  const running = all.filter(({ dueAt, reportedAt }) => dueAt && !reportedAt);
  const at = ({ dueAt }: Clocked) => dueAt?.getTime() ?? 0;
  return running.sort((one, other) => at(one) - at(other))[0] ?? breach;
}

/** Whether an authority abroad is still to be told. */
export function isWaitingAbroad({ abroad, unreportedAt }: Breach): boolean {
  return !unreportedAt && abroad.some(({ reportedAt }) => !reportedAt);
}

/** One line of it, e.g. for the register; `when` says an instant in words. */
export function abroadWord(scope: Scope, one: Abroad, when: (at: Date) => string): string {
  const country = countryName(one.country, scope.locale);
  if (!one.reportedAt) {
    return scope.t('privacy.breach.abroad.due', { country, at: when(new Date(one.dueAt)) });
  }
  const params = { country, at: when(new Date(one.reportedAt)), number: one.reportNumber ?? '' };
  return scope.t('privacy.breach.abroad.reported', params);
}

// Before an election: the packs' windows laid on the clock of the constituency, and what they bar at an instant.
import type { Offer } from '../container.ts';
import { refused } from '../errors.ts';
import type { Registry } from '../registry.ts';
import type { Scope } from '../scope.ts';
import {
  ElectionCalendar,
  type ElectionRound,
  type ElectionWindow,
  type Silence,
  type Silenced,
} from '../services.ts';
import type { Law, RuleQuestion } from './gate.ts';
import { instantOf } from './timeline.ts';
import type { Window } from './windows.ts';

export interface SilenceKeeper extends Silence {
  /** Where the law commands silence and nobody tells of elections: a plugin cannot, or none that could is on. */
  gap(scope: Scope): { faulty: string | undefined } | undefined;
}

/**
 * `calendarsOf`: what plugins bound, as far as it is on for the scope; `faultyOf`: those that should be on and are
 * not. Which elections these hold nobody knows: what waits can be sent later, what went out in silence cannot be
 * taken back, so who asks is refused. That none is on is the party's own choice: the admin says it, and nothing waits.
 */
export function makeSilence(
  calendarsOf: (scope: Scope) => Offer<ElectionCalendar>[],
  faultyOf: (scope: Scope) => string[] = () => [],
): SilenceKeeper {
  const near = async (scope: Scope, when: Date): Promise<ElectionRound[]> => {
    const [plugin] = faultyOf(scope);
    if (plugin && commandsSilence(scope.law))
      throw refused('core.silence-unknown', { status: 503, plugin });
    const asked = calendarsOf(scope).map(({ service }) => service.near(scope, when));
    return (await Promise.all(asked)).flat();
  };
  return {
    gap(scope) {
      const [faulty] = faultyOf(scope);
      const isKept = !faulty && calendarsOf(scope).length > 0;
      return isKept || !commandsSilence(scope.law) ? undefined : { faulty };
    },
    async at(scope, acts, when = scope.now()) {
      return silencedAt(windowsOf(scope.law, await near(scope, when), when), when, acts);
    },
    async next(scope, acts) {
      const now = scope.now();
      const windows = windowsOf(scope.law, await near(scope, now));
      return stretchesOf(windows, acts).find(({ since }) => since > now);
    },
    async windows(scope, { rounds, when } = {}) {
      return windowsOf(scope.law, rounds ?? (await near(scope, when ?? scope.now())), when);
    },
  };
}

/** Plugins that would tell of elections and, though they should be on, cannot. */
export function faultyCalendars(registry: Registry): (scope: Scope) => string[] {
  return ({ organization }) =>
    registry
      .all()
      .filter(({ manifest }) => manifest.offers?.includes(ElectionCalendar.id))
      .map(({ manifest }) => manifest.id)
      .filter((id) => {
        const found = registry.standing(id, organization);
        return !found.on && (found.by === 'fault' || found.by === 'not-loaded');
      });
}

function commandsSilence(law: Law): boolean {
  const { value = [], enforce } = law.rule('election.silence');
  return value.length > 0 && enforce === 'block';
}

/** In order of their beginning; by the law at `when`, or else at the close of each poll. */
export function windowsOf(
  law: Law,
  rounds: readonly ElectionRound[],
  when?: Date,
): ElectionWindow[] {
  return rounds
    .flatMap((round) => {
      const { country, day, closes, timeZone } = round;
      const at = when ?? new Date(instantOf(`${day}T${closes}`, timeZone));
      return rulingsOf(law, { election: { country }, when: at }).flatMap(
        ([rule, { value = [], enforce, reasons: sources }]) =>
          value.map((window) => ({
            ...{ round, rule, sources, bars: window.bars, stops: enforce === 'block' },
            ...lay(window, round, lastDayOf(round, rounds)),
          })),
      );
    })
    .sort((one, other) => one.since.getTime() - other.since.getTime());
}

export function silencedAt(
  windows: readonly ElectionWindow[],
  when: Date,
  acts?: readonly string[],
): Silenced | undefined {
  return stretchesOf(windows, acts).find(({ since, until }) => since <= when && when < until);
}

/** What is stopped without a break is one stretch: it lifts when the last of its windows does. */
function stretchesOf(windows: readonly ElectionWindow[], acts?: readonly string[]): Silenced[] {
  const stretches: Silenced[] = [];
  for (const window of windows) {
    const { since, until, bars, stops } = window;
    if (!stops || (acts && !acts.some((act) => bars.includes(act)))) continue;
    const last = stretches.at(-1);
    if (!last || since > last.until) stretches.push({ since, until, windows: [window] });
    else {
      last.windows.push(window);
      if (until > last.until) last.until = until;
    }
  }
  return stretches;
}

function rulingsOf(law: Law, asked: RuleQuestion) {
  return Object.entries({
    'election.silence': law.rule('election.silence', asked),
    'election.results': law.rule('election.results', asked),
    'election.paid_ads': law.rule('election.paid_ads', asked),
    'election.foreign_sponsor': law.rule('election.foreign_sponsor', asked),
  });
}

/** The result is known on the day of the last round. */
function lastDayOf({ electionId, day }: ElectionRound, rounds: readonly ElectionRound[]): string {
  const days = rounds.filter((one) => one.electionId === electionId).map((one) => one.day);
  return days.sort().at(-1) ?? day;
}

function lay(
  { before, of, until, shift = 'P0D' }: Window,
  { day, closes, timeZone }: ElectionRound,
  lastDay: string,
): { since: Date; until: Date } {
  // When the first poll closes nobody has entered: as a beginning it is the day's, as an end the last poll's.
  const begins = {
    election_month: `${day.slice(0, 7)}-01T00:00`,
    election_day: `${day}T00:00`,
    first_poll_close: `${day}T00:00`,
    last_poll_close: `${day}T${closes}`,
    result: `${lastDay}T00:00`,
  };
  const ends = {
    election_month: `${shifted(`${day.slice(0, 7)}-01`, 'M', 1)}T00:00`,
    election_day: `${shifted(day, 'D', 1)}T00:00`,
    first_poll_close: `${day}T${closes}`,
    last_poll_close: `${day}T${closes}`,
    result: `${shifted(lastDay, 'D', 1)}T00:00`,
  };
  return {
    since: new Date(moved(begins[of], `-${before}`, timeZone)),
    until: new Date(moved(ends[until], shift, timeZone)),
  };
}

/** Days, months and years move on the calendar, hours in time: a day may have twenty-three of them. */
function moved(local: string, by: string, timeZone: string): number {
  const [, sign, time, digits, unit = 'D'] = /^(-?)P(T?)(\d+)([YMDHS])$/.exec(by) ?? [];
  const count = Number(`${sign}${digits}`);
  if (!time) {
    const [day = '', clock] = local.split('T');
    return instantOf(`${shifted(day, unit, count)}T${clock}`, timeZone);
  }
  return instantOf(local, timeZone) + count * (unit === 'H' ? 3_600_000 : 1000);
}

/** A day that the month does not have is its last one. */
function shifted(day: string, unit: string, by: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  if (unit === 'D')
    return new Date(Date.UTC(year, month - 1, date + by)).toISOString().slice(0, 10);
  const months = month - 1 + by * (unit === 'Y' ? 12 : 1);
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, months, Math.min(date, last))).toISOString().slice(0, 10);
}

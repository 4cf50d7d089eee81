// Before an election: the packs' windows laid on the clock of the constituency, and what they bar at an instant.
import type { Offer } from '../container.ts';
import type { Scope } from '../scope.ts';
import type {
  ElectionCalendar,
  ElectionRound,
  ElectionWindow,
  Silence,
  Silenced,
} from '../services.ts';
import type { Law, RuleQuestion } from './gate.ts';
import { instantOf } from './timeline.ts';
import type { Window } from './windows.ts';

/** `calendarsOf`: what plugins bound, as far as it is on for the scope. A calendar that fails stops who asks. */
export function makeSilence(calendarsOf: (scope: Scope) => Offer<ElectionCalendar>[]): Silence {
  const near = async (scope: Scope, when: Date): Promise<ElectionRound[]> => {
    const asked = calendarsOf(scope).map(({ service }) => service.near(scope, when));
    return (await Promise.all(asked)).flat();
  };
  return {
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
  { before, of, until }: Window,
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
    since: new Date(ahead(begins[of], before, timeZone)),
    until: new Date(instantOf(ends[until], timeZone)),
  };
}

/** Days, months and years go back on the calendar, hours in time: a day may have twenty-three of them. */
function ahead(local: string, before: string, timeZone: string): number {
  const [, time, count = '0', unit = 'D'] = /^P(T?)(\d+)([YMDHS])$/.exec(before) ?? [];
  if (!time) {
    const [day = '', clock] = local.split('T');
    return instantOf(`${shifted(day, unit, -Number(count))}T${clock}`, timeZone);
  }
  return instantOf(local, timeZone) - Number(count) * (unit === 'H' ? 3_600_000 : 1000);
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

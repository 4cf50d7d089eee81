// What the law makes of an election, as its page shows it: from when until when, what is barred, by which text.
import { type ElectionWindow, onClock, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { roundsOf } from './election.ts';
import type { Election } from './index.ts';

/** Acts that have words of their own here; another is told by its word. */
const told = [
  ...['message.email', 'message.sms', 'message.voice', 'message.call', 'message.post'],
  ...['message.social', 'newsletter.send', 'publish.page', 'publish.social', 'event.meeting'],
  ...['publish.results', 'publish.polls', 'advertise.online', 'advertise.foreign_sponsor'],
  ...['advertise.broadcast', 'advertise.cinema', 'advertise.large_poster'],
  ...['call.commercial_campaign', 'give.gadget'],
];

export type Stage = 'ahead' | 'on' | 'over';

export interface ShownWindow {
  rule: string;
  stage: Stage;
  stops: boolean;
  since: string;
  until: string;
  /** The same on the organization's clock, where that shows another hour. */
  here?: { since: string; until: string };
  bars: string[];
  sources: ElectionWindow['sources'];
}

export interface ShownRound {
  day: string;
  closes: string;
  place: string;
  timeZone: string;
  windows: ShownWindow[];
}

/** Each round with its windows: first what Rostra keeps, then what is shown, in order of their beginning. */
export async function roundsWithLaw(
  scope: Scope,
  deps: Deps,
  election: Election,
): Promise<ShownRound[]> {
  const rounds = roundsOf(election);
  const windows = await deps.silence.windows(scope, { rounds });
  return rounds.map((round, at) => ({
    ...{ day: round.day, closes: round.closes, timeZone: round.timeZone },
    place: election.rounds[at]?.place ?? '',
    windows: windows
      .filter((one) => one.round === round)
      .toSorted((one, other) => Number(other.stops) - Number(one.stops))
      .map((one) => shown(scope, one)),
  }));
}

/** The first that has not ended of the windows that Rostra keeps; for the list. */
export async function silenceOf(scope: Scope, deps: Deps, election: Election) {
  const windows = await deps.silence.windows(scope, { rounds: roundsOf(election) });
  const found = windows.find((one) => one.stops && one.until > scope.now());
  return found && { ...shown(scope, found), at: found.since };
}

function shown(scope: Scope, window: ElectionWindow): ShownWindow {
  const { rule, round, since, until, bars, stops, sources } = window;
  const on = (zone: string) => ({
    since: onClock(since, zone, scope.locale),
    until: onClock(until, zone, scope.locale),
  });
  const [there, here] = [on(round.timeZone), on(scope.organization.timeZone)];
  return {
    ...{ rule, stops, sources, ...there },
    stage: stageAt(window, scope.now()),
    bars: bars.map((act) => wordsOf(scope, act)),
    ...(there.since !== here.since && { here }),
  };
}

function stageAt({ since, until }: ElectionWindow, now: Date): Stage {
  if (now >= until) return 'over';
  return now < since ? 'ahead' : 'on';
}

function wordsOf(scope: Scope, act: string): string {
  return told.includes(act) ? scope.t(`elections.bars.${act.replace('.', '-')}`) : act;
}

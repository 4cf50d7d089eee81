// What plugins and the core tell each other of elections: the calendar, and the silence that follows from it.
import { extensionPoint, token } from './container.ts';
import type { Citation } from './law/gate.ts';
import type { Scope } from './scope.ts';

/** One polling day, as a plugin that keeps a calendar tells it. */
export interface ElectionRound {
  /** The same for all rounds of one election. */
  electionId: string;
  name: string;
  /** ISO 3166-1 of the constituency: that country's law is asked. */
  country: string;
  /** IANA name: on this clock the law's hours are read. */
  timeZone: string;
  /** ISO date. */
  day: string;
  /** `20:00`: the hour at which the last polling station closes. */
  closes: string;
  /** Where staff see it, inside the admin: `/elections/12`. */
  href: string;
}
/** Plugins that know of elections bind this; it is asked before anything goes out to many. */
export interface ElectionCalendar {
  /** All rounds of the elections that concern the scope's organization; of those that were over two months before `when`, none need be told. */
  near(scope: Scope, when: Date): Promise<ElectionRound[]>;
}
export const ElectionCalendar = extensionPoint<ElectionCalendar>('core.ElectionCalendar');

/** A stretch of time around a round in which the law of the constituency bars acts. */
export interface ElectionWindow {
  round: ElectionRound;
  /** E.g. `election.silence`. */
  rule: string;
  since: Date;
  until: Date;
  /** Words of the vocabulary, and others that no plugin does yet. */
  bars: readonly string[];
  /** Whether Rostra stops these acts; else it only shows the window. */
  stops: boolean;
  sources: readonly Citation[];
}
/** Windows that overlap or follow at once, as one. */
export interface Silenced extends Pick<ElectionWindow, 'since' | 'until'> {
  windows: ElectionWindow[];
}

/** Whether the time before an election bars an act. Transactional messages need not ask. */
export interface Silence {
  /** What bars one of the acts (any, if left out) at that time (now, if left out). */
  at(scope: Scope, acts?: readonly string[], when?: Date): Promise<Silenced | undefined>;
  /** The next to begin. */
  next(scope: Scope, acts?: readonly string[]): Promise<Silenced | undefined>;
  /** Of the rounds given, or of those that are near: the law at `when`, or as it will be when the polls close. */
  windows(
    scope: Scope,
    of?: { rounds?: readonly ElectionRound[]; when?: Date },
  ): Promise<ElectionWindow[]>;
}
export const Silence = token<Silence>('core.Silence');

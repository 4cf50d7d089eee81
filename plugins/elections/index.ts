// The public face: what is kept of an election, and that one was entered, changed or removed.

declare module 'rostra/plugin' {
  interface EventPayloads {
    /**
     * Entered or changed: for those who plan ahead. Each organization that it concerns hears it. What goes out is
     * asked of `Silence` at its own time.
     */
    'elections.election.changed': { electionId: string };
    /** What waited for its end need wait no longer. */
    'elections.election.removed': { electionId: string };
  }
}

/** An election that concerns the organization which reads it. */
export interface Election {
  id: string;
  organizationId: string;
  name: string;
  kind: ElectionKind;
  constituency: string;
  /** ISO 3166-1. */
  country: string;
  /** Code of the place; may be empty. */
  place: string;
  timeZone: string;
  /** In order of their days. */
  rounds: Round[];
}
export type ElectionKind =
  | 'presidential'
  | 'legislative'
  | 'regional'
  | 'municipal'
  | 'european'
  | 'referendum'
  | 'internal'
  | 'other';

export interface Round {
  /** ISO date. */
  day: string;
  /** `20:00`: when the last polling station closes. */
  closes: string;
  /** A part of the constituency that votes on another day or clock; empty for all the rest. */
  place: string;
  /** The part's own; empty: the election's. */
  timeZone: string;
}

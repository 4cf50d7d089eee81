// Packs: one JSON file a jurisdiction, loaded, checked and merged at start.
import type { Decision, Law, Question } from './gate.ts';

export interface Packs {
  /** Ids of the jurisdictions that an organization may choose, e.g. `fr`. */
  readonly ids: readonly string[];
  decide(jurisdiction: string, question: Question & { when: Date }): Decision;
  /** The law of one organization, on a clock. */
  lawOf(jurisdiction: string, now: () => Date): Law;
}

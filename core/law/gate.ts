// The gate: one question, one answer, with its reasons.
import type { Enforcement, RuleId, RuleValue } from './rules.ts';

/** What an act needs to know of the person it concerns; leave out what is not known. */
export interface Question {
  /** A word of the vocabulary, e.g. `enrich.social`. */
  capability: string;
  /** `country` as ISO 3166-1; a known age decides `age>=N`, else it must stand in `met`. */
  person?: { country?: string; age?: number };
  /** Conditions that the caller has looked up and found met, e.g. `consent.social_match`. */
  met?: readonly string[];
  channel?: string;
  purpose?: string;
  amount?: { minor: number; currency: string };
  /** The act's own time; the scope's now if left out. */
  when?: Date;
}

/** Where something is written. */
export interface Citation {
  /** Id of the rule in its pack, e.g. `capabilities.enrich.social`; `default.…` where no rule is written. */
  rule: string;
  /** Article or regulator's page, as written in the pack. */
  source: string;
  /** Where the source can be read, if the pack says. */
  url?: string;
  /** ISO date that the source vouches for. */
  asOf: string;
  /** ISO date since when, if the pack says. */
  since?: string;
  basis: 'law' | 'regulator' | 'carrier' | 'house';
  confidence: 'V' | 'S' | 'K' | 'U';
  pack: string;
  version: string;
}

export interface Reason extends Citation {
  effect: 'allow' | 'deny';
  /** Conditions that were not met, when that is why. */
  missing?: string[];
}

export interface Obligation {
  /** What the caller must do, e.g. `notice.text`, `attest`, `log`. */
  kind: string;
  value: unknown;
}

export interface Decision {
  effect: 'allow' | 'deny';
  obligations: Obligation[];
  reasons: Reason[];
  /** A value has lapsed and its successor is not known. */
  provisional: boolean;
}

/** Of whom a rule is asked, and for when. */
export interface RuleQuestion {
  /** ISO 3166-1; of rules on data and messages, that country's law is asked as well. */
  person?: { country?: string };
  /** ISO 3166-1 of the constituency; of rules on an election, that country's law is asked. */
  election?: { country?: string };
  /** The act's own time; the scope's now if left out. */
  when?: Date;
}

/** What the packs say of one rule. */
export interface Ruling<Value> {
  /** The stricter of all that hold; `undefined` where no pack says anything. */
  value: Value | undefined;
  /** What each says by itself, the nearest first: the stricter need not ask all that the others ask. */
  each: readonly Value[];
  enforce: Enforcement;
  reasons: Citation[];
  /** A value has lapsed and its successor is not known. */
  provisional: boolean;
}

/** The law of one scope. */
export interface Law {
  decide(question: Question): Decision;
  /** As `decide`, but a denial is thrown as `refused` (451) with its reasons. */
  demand(question: Question): Decision;
  /** What a rule sets, e.g. `messaging.quiet`: merged over every law that is asked for it. */
  rule<Id extends RuleId>(id: Id, question?: RuleQuestion): Ruling<RuleValue<Id>>;
}

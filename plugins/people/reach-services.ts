// The part of the public face that is about whom a message may reach.
import { type Reason, type Scope, token } from 'rostra/plugin';

/** A message of some kind: how it goes out, and what for. */
export interface ReachAct {
  channel: 'email' | 'sms' | 'voice' | 'call' | 'post';
  /** `targeting`: a message whose recipients, or whose text, are chosen by what is known of them. */
  purpose: 'newsletter' | 'campaign' | 'targeting';
  /** Of these subscribers alone; of a newsletter. */
  newsletterId?: string;
  /** Those with this tag alone; of a selection. */
  tagId?: string;
  /** Conditions of the packs that the sender fulfils itself, e.g. `registration.carrier`. */
  met?: readonly string[];
}
/** Conditions of the packs that nobody but who writes can know: what holds by them is said to hold by the sender's word. */
export const knownToSender = [
  ...['no.special_categories', 'registration.carrier', 'screened.telephone_preference'],
  'certified.election_media',
] as const;
export type ReachWhy =
  | ('yes' | 'no-way' | 'stopped' | 'unsubscribed' | 'dead' | 'withdrawn' | 'targeting-withdrawn')
  /** Of a text message: of their numbers none gets one. */
  | 'landline'
  | (
      | 'not-subscribed'
      | 'not-tagged'
      | 'claimed'
      | 'no-consent'
      | 'unconfirmed'
      | 'too-young'
      | 'no-window'
    )
  /** Outside the hours to which the person agreed; told of one person alone, and of now. */
  | 'not-now'
  | ('no-targeting-consent' | 'age-unknown' | 'too-young-to-target')
  /** A value by which they would be chosen did not come from the person. */
  | ('indirect-email' | 'indirect-phone' | 'indirect-post' | 'indirect-tag' | 'indirect-birth-date')
  /** Did not come by a form that says what the data is for. */
  | ('uninformed' | 'not-regular')
  | ('sender' | 'law');
export interface ReachAnswer {
  may: boolean;
  /** In one word, the one that somebody can do something about first. */
  why: ReachWhy;
  /** The rules that say so, each with where it is written. */
  reasons: Reason[];
  /** Conditions that are not met, as in `law.condition.…`. */
  missing: string[];
  /** Conditions that hold because the sender said so. */
  provided: string[];
  provisional: boolean;
}
/** How somebody is reached, as it was found now. */
export interface Reached {
  personId: string;
  answer: ReachAnswer;
  /** The address or number that is used; `undefined` where there is none that may be. */
  address?: string;
  /** It came from the person. */
  isDirect: boolean;
  givenName?: string;
  /** BCP 47, in which the person wrote to us. */
  locale?: string;
  /** ISO 3166-1, whose law is asked too: of residence, else of the number. */
  country?: string;
  /** The last yes on this channel and purpose, if one stands in the ledger. */
  consentId?: string;
}
export interface ReachCount {
  act: ReachAct;
  total: number;
  may: number;
  /** Conditions that hold for some of them because the sender says so. */
  provided: string[];
  /** Why not, the most first. */
  rows: ReachRow[];
}
export interface ReachRow {
  why: ReachWhy;
  people: number;
  /** In the reader's language; where the law asks several things, the ones that most lack. */
  sentence: string;
  /** Where it is written, each once. */
  sources: { source: string; url?: string }[];
}
export interface Reach {
  /** Asked of one person, now; `undefined` for somebody whom the scope does not see. */
  may(scope: Scope, personId: string, act: ReachAct): Promise<ReachAnswer | undefined>;
  /** Ids of all who may be reached, in batches by id: the same answer, found in the database, at the hours that each named. */
  people(scope: Scope, act: ReachAct): AsyncIterable<string[]>;
  /** How many may be reached, how many not, and why. */
  count(scope: Scope, act: ReachAct): Promise<{ answer: ReachAnswer; people: number }[]>;
  /** The same in words, of one newsletter its subscribers alone, of a tag those who have it. */
  tell(scope: Scope, act: ReachAct): Promise<ReachCount>;
  /** Of a few thousand at most: those whom the scope sees, in order of their ids, by e-mail or telephone. */
  among(scope: Scope, personIds: readonly string[], act: ReachAct): Promise<Reached[]>;
  /** All who may be reached by e-mail or telephone, for a statement of the caller's own: of a million nothing leaves the database. */
  rows(scope: Scope, act: ReachAct): AsyncIterable<ReachRows>;
}
/** A stretch of people, as a table of SQL: for the `from` of a statement, in parentheses. */
export interface ReachRows {
  /** Columns `person_id`, `place` among the answers, `consent_id` (the last yes, or null), `locale` (or null), `address`, `is_direct`. */
  sql: string;
  /** That it names; `sql` takes no others, so a caller's own begin with `own`. */
  bindings: Record<string, unknown>;
  answers: readonly ReachAnswer[];
}
export const Reach = token<Reach>('people.Reach');

// The part of the public face that is about tags.
import { type Scope, token } from 'rostra/plugin';

export interface Tag {
  id: string;
  name: string;
}
export interface Tags {
  /** Those that somebody has whom the scope sees, by name, with how many they are; five hundred at most. */
  list(scope: Scope): Promise<(Tag & { people: number })[]>;
  /** Whether somebody has it whom the scope sees. */
  has(scope: Scope, id: string): Promise<boolean>;
  /** Whoever has it: a word means one thing in the whole party. */
  find(scope: Scope, id: string): Promise<Tag | undefined>;
  /** By a rule of staff's, for what somebody said: within the caller's transaction, with its source and an audit row. */
  put(scope: Scope, said: SaidTag): Promise<PutTag>;
}
export interface SaidTag {
  personId: string;
  /** Its name: the tag of that name, whatever its capitals and accents, else a new one. */
  tag: string;
  /** Where it was said, e.g. `sms.answer`: a sentence of `people.source.…`. */
  source: string;
}
/** `unlawful`: the law lets no such note be kept of them. */
export type PutTag = 'tagged' | 'had' | 'objected' | 'unlawful';
export const Tags = token<Tags>('people.Tags');

// The part of the public face that is about what people write back, on whichever channel.
import { type Scope, token } from 'rostra/plugin';

/** What an answer says by the words of the packs: the sender's law and the reader's. */
export interface Heard {
  /** What it asks for, where it says nothing else. */
  asked?: 'stop' | 'help' | 'back';
  /** It speaks of stopping, in a sentence: staff decide. */
  mentionsStop: boolean;
}

/** Of whom it is known who wrote. */
export interface Answer {
  personId: string;
  /** How it came, e.g. `sms`: a sentence of `people.source.<channel>.answer`. */
  channel: 'email' | 'sms';
  /** E-mail address or number that it came from. */
  address: string;
  text: string;
  /** What it answers, where that is known. */
  sendId: string | undefined;
  /** Where it is read, inside the admin. */
  href: string;
  /** They said stop on that channel: no tag is put. */
  isStopped?: boolean;
}

/** Somebody who wrote, of whom it may not be known who they are. */
export interface Asker {
  channel: 'email' | 'sms';
  address: string;
  /** When they wrote last. */
  lastInAt: Date | null;
  /** Whoever has the address. */
  personIds: readonly string[];
}
export type AnswerVerdict =
  /** Key and values of the sentence that says why not. */
  | { bar: string; params?: Record<string, string> }
  /** Now, or when the quiet hours at their place are over. */
  | { goesAt: Date };
export interface HeldAnswer {
  why: 'silence' | 'quiet';
  until: Date;
}

/** Rules that hold for answers on every channel. */
export interface AnswerRules {
  /** `country`: where who wrote lives, ISO 3166-1. `isExact`: a word with one letter wrong is another word. */
  hear(
    scope: Scope,
    text: string,
    how?: { country?: string | undefined; isExact?: boolean },
  ): Promise<Heard>;
  /** Tags by rule, in the transaction in which the answer counts as acted on. */
  act(scope: Scope, answer: Answer): Promise<void>;
  /** Whether staff may answer them now. */
  may(scope: Scope, asker: Asker): Promise<AnswerVerdict>;
  /** Looked at when an answer is about to leave: what keeps it until when; `undefined`: nothing does. */
  held(scope: Scope, asker: Asker): Promise<HeldAnswer | undefined>;
}
export const AnswerRules = token<AnswerRules>('outreach.AnswerRules');

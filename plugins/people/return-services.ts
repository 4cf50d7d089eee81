// The part of people's public face for plugins that send: what came back of what they sent.
import { type Scope, token } from 'rostra/plugin';

/** Why a message came back, in a word; in words at `people.returned.<why>`. */
export type ReturnedWhy = 'no-mailbox' | 'full' | 'unwanted' | 'unreachable' | 'other';
export interface ReturnedMail {
  personId: string;
  /** To which it went. */
  address: string;
  why: ReturnedWhy;
  /** It will never be taken; else it might have been later. */
  isPermanent: boolean;
  /** When it came back: the same time twice is the same message. */
  at: Date;
}
export interface Complaint {
  personId: string;
  address: string;
  /** Who said so and when, without anything of the message. */
  evidence: Record<string, string>;
}
/** A text message that never will arrive. */
export interface UndeliveredText {
  /** E.164, to which it went. */
  number: string;
  /** `landline`: it may still be called. */
  why: 'no-number' | 'landline';
  at: Date;
}
/** What the far side told of messages that were sent: for plugins that send. The same twice is the same. */
export interface Returns {
  /** For good: the address is not written to any more. Put off: neither, after the third time within thirty days. */
  bounced(scope: Scope, mail: ReturnedMail): Promise<void>;
  /** The reader called it unwanted, which is an objection: consents to e-mail withdrawn, newsletters left, never again there. */
  complained(scope: Scope, complaint: Complaint): Promise<void>;
  /** The number is not texted any more, whoever has it; one of nobody's is not called either. */
  undelivered(scope: Scope, text: UndeliveredText): Promise<void>;
  /** A text message came from there: whatever was said of the number by what did not arrive is taken back. */
  heardFrom(scope: Scope, number: string): Promise<void>;
}
export const Returns = token<Returns>('people.Returns');

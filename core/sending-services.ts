// What a plugin that sends to many of itself is lent: the way out of mail, and a word on which processes live.
import { token } from './container.ts';
import type { Scope } from './scope.ts';

/** What keeps an organization's mail here. */
export type MailObstacle = 'demo' | 'server' | 'sender' | 'identity';

/** A message as it is handed over; `headers` beside the usual ones. */
export interface Letter {
  from: { name: string; address: string };
  /** Where answers go, when that is not where it is from. */
  replyTo?: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  messageId: string;
  /** Whither it comes back, when that is not where it is from. */
  returnPath?: string;
  headers?: Record<string, string>;
}
export interface HandedMail {
  /** `later`: it may be tried again; `unknown`: nobody can tell, so it never is by itself. */
  state: 'accepted' | 'refused' | 'unknown' | 'later';
  /** The server's, without addresses. */
  answer: string;
}

/** The organization's way out for messages whose recipients the plugin keeps itself. */
export interface MailWay {
  /** `undefined`: nothing stands in the way. */
  obstacle(scope: Scope): Promise<MailObstacle | undefined>;
  /** In whose name its messages leave; `undefined` while something stands in the way. */
  sender(scope: Scope): Promise<MailSender | undefined>;
  /** The plugin's `views/mail/<view>.eta`, drawn once for many. */
  draw(
    scope: Scope,
    message: { view: string; data: Record<string, unknown>; locale?: string },
  ): Promise<{ subject: string; html: string; text: string }>;
  /** Within the caller's transaction: room for so many of `most` on the sending domain's day, counted at once. */
  take(scope: Scope, most: number): Promise<MailRoom>;
  /** For one run, to be closed by the caller; `undefined` while something stands in the way. */
  open(scope: Scope): Promise<OpenMail | undefined>;
}
export const MailWay = token<MailWay>('core.MailWay');

export interface MailSender {
  /** On a domain from which the organization may send. */
  from: Letter['from'];
  replyTo?: string;
}
export interface MailRoom {
  count: number;
  giveBack(scope: Scope, count: number): Promise<void>;
}
export interface OpenMail extends MailSender {
  /** Where the organization's site stands: `https://parti.example`. */
  site: string;
  /** So many messages at a time. */
  lanes: number;
  /** Asked before a batch: after a yes, silence means that a message may have gone out. */
  answers(): Promise<boolean>;
  /** Never throws. `cut` ends it whatever the server is doing. */
  hand(letter: Letter, attempts: number, cut?: AbortSignal): Promise<HandedMail>;
  close(): void;
}

/** Which processes live: a row that one holds while it speaks to a peer is nobody's once that is dead. */
export interface Lives {
  /** This process's name; it holds a lock under it until it ends. */
  own(scope: Scope): Promise<string>;
  /** Those of the names that nobody holds. */
  dead(scope: Scope, names: readonly string[]): Promise<string[]>;
}
export const Lives = token<Lives>('core.Lives');

// The public face of sms: how a gateway is brought in.
import { extensionPoint, type Scope } from 'rostra/plugin';

/** An organization's own account at a gateway, as its staff filled it in. */
export interface SmsAccount {
  id: string;
  /** By the names of the gateway's `settings`; the secret ones too. */
  settings: Readonly<Record<string, string>>;
  /** Where the gateway calls us: `https://parti.example/hooks/sms/<gateway>/<key>`. */
  hookUrl: string;
}

export interface GatewayInfo {
  /** `smpp`: kept with each account, so never changed. */
  id: string;
  /** Key in the locales. */
  name: string;
  /** JSON Schema of what staff fill in, texts all; those that nobody may read again have `"x-secret": true`. */
  settings: Record<string, unknown>;
  /** How receipts and answers come: by calls that prove themselves, by calls that do not, or over the open session. */
  news: 'signed' | 'unsigned' | 'session';
  /** So many messages at a time. */
  lanes: number;
  /** Messages a second that it usually takes: said beside the account’s own rate, which alone holds. */
  perSecond: number;
}

export interface SmsMessage {
  /** Names the message to the outside: the same for every attempt. */
  key: string;
  /** A number in E.164, a short code, or up to eleven letters. */
  from: string;
  /** E.164. */
  to: string;
  text: string;
  encoding: 'gsm7' | 'ucs2';
  parts: number;
}

export interface HandedSms {
  /** `later`: it may be tried again; `unknown`: nobody can tell, so it never is by itself. */
  state: 'accepted' | 'refused' | 'unknown' | 'later';
  /** Of `refused`: nothing will ever arrive at that number. */
  isPermanent?: boolean;
  /** For good, since it is a landline. */
  isLandline?: boolean;
  /** The gateway's id of it; its receipts come by that. */
  reference?: string;
  /** In the gateway's words, without numbers of people. */
  answer: string;
}

export interface SmsLine {
  /** Never throws. `cut` ends it whatever the gateway is doing. */
  hand(message: SmsMessage, cut: AbortSignal): Promise<HandedSms>;
  close(): void;
}

export interface Receipt {
  kind: 'receipt';
  /** The gateway's id of the message. */
  reference: string;
  state: 'delivered' | 'failed' | 'unknown';
  /** Of `failed`: nothing will ever arrive there; not of a telephone that is off, or whose owner said stop. */
  isPermanent?: boolean;
  /** For good, since it is a landline. */
  isLandline?: boolean;
  /** In the gateway's words. */
  answer: string;
  at: Date;
}
export interface Inbound {
  kind: 'inbound';
  /** E.164 where it is a number, else as it came. */
  from: string;
  to: string;
  text: string;
  at: Date;
  /** The gateway's id of it, where it tells one: the same again is nothing new. */
  reference?: string;
}
export type News = Receipt | Inbound;

/** A call of the gateway's. */
export interface SmsCall {
  method: 'GET' | 'POST';
  /** Whole, as the gateway called it. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}
export interface Heard {
  news: News[];
  /** What the gateway wants to hear back; an empty text if left out. */
  answer?: { type: string; body: string };
}

/** Told once a batch; when it is done, the news is kept. */
export type Tell = (news: readonly News[]) => Promise<void>;

/** Carries text messages. */
export interface SmsGateway {
  describe(scope: Scope): Promise<GatewayInfo>;
  /** Before an account is kept: throws `invalid` with a fault a setting (`/password`), `unavailable` when nobody answers. */
  check(scope: Scope, account: SmsAccount): Promise<void>;
  /**
   * For one run. Of a gateway with a session, what it tells meanwhile and a minute after goes to `tell`; the same account
   * opened again is the same session. Throws `unavailable` when nobody answers.
   */
  open(scope: Scope, account: SmsAccount, tell: Tell): Promise<SmsLine>;
  /** Reads a call; `undefined` for one that is forged or makes no sense. Never throws for what a stranger sent. */
  hear(scope: Scope, account: SmsAccount, call: SmsCall): Promise<Heard | undefined>;
}
declare module 'rostra/plugin' {
  interface EventPayloads {
    /** A text message came to an account of an organization above, in answer to one of the hearer's own. */
    'sms.message.came': { messageId: string };
    /** Receipts came to an account of an organization above, of messages of the hearer's own. */
    'sms.message.settled': { messageIds: readonly string[] };
  }
}

export const SmsGateway = extensionPoint<SmsGateway>('sms.SmsGateway');

// The public face of outreach: how a channel is brought in, and what its own pages may ask of the engine.
import {
  extensionPoint,
  type Fault,
  faultsOf,
  type HandedMail,
  isAppError,
  type Scope,
  token,
} from 'rostra/plugin';
import type { Audience, AudienceGroup } from './audience-services.ts';

export * from './answer-services.ts';
export * from './audience-services.ts';
export * from './outcome-services.ts';

export type SendState = 'draft' | 'approved' | 'sending' | 'paused' | 'done' | 'cancelled';

/** One text to many. */
export interface Send extends Audience {
  id: string;
  organizationId: string;
  /** Id of the channel. */
  channel: string;
  /** As staff list it. */
  name: string;
  /** Stands in the links of its text that lead to the party's own site (`markedLink`): it names the send, never who reads it. */
  mark: string;
  /** As the channel understands it. */
  content: Record<string, unknown>;
  state: SendState;
  /** Moves with each change, so that two writers do not overwrite each other. */
  version: number;
}

/** A channel: bound by the plugin that can send on it, which has the pages on which its text is written. */
export interface OutreachChannel {
  describe(scope: Scope): Promise<ChannelInfo>;
  /** What the text still lacks before it may go out, by its path in the content. */
  check(scope: Scope, send: Send): Promise<Fault[]>;
  /** Key in the locales of what keeps every message here; `undefined`: nothing does. */
  obstacle(scope: Scope): Promise<string | undefined>;
  /** Within the caller's transaction: room for so many of `most` now, counted at once. */
  take(scope: Scope, most: number): Promise<Room>;
  /** For one run; `undefined` while something stands in the way. */
  open(scope: Scope, send: Send, frame: Frame): Promise<Line | undefined>;
}
export const OutreachChannel = extensionPoint<OutreachChannel>('outreach.OutreachChannel');

export interface ChannelInfo {
  /** `email`: kept with each send, so never changed. */
  id: string;
  /** Key in the locales: what staff call one message of it. */
  name: string;
  /** Key in the locales: the button that begins one. */
  begin: string;
  /** Its page inside the admin; a send's own lies below it: `/email/12`. */
  href: string;
  /** Below it lies the text as a reader gets it, to be framed: `/email/12/preview`. */
  hasPreview?: boolean;
  /** Its messages can be counted: its line has `links`, and it writes to where `Reader.counted` says. */
  canCount?: boolean;
  /** Where staff with the permission set up what it needs, inside the admin, and the key of the button. */
  mend?: { href: string; label: string; permission: string };
  /** How people are reached by it. */
  reach: 'email' | 'sms' | 'voice' | 'call' | 'post';
}

export interface Room {
  count: number;
  giveBack(scope: Scope, count: number): Promise<void>;
}

/** What stands around every text, whatever its writer thinks of it. */
export interface Frame {
  /** Those that every reader of this kind gets; `isDirect`: the address came from the reader. */
  notices(reader: { isDirect: boolean; isCounted?: boolean }): Notice[];
}
export interface Notice {
  /** Key in the locales, said in the reader's language. */
  key: string;
  params?: Record<string, string>;
  /**
   * A link after it: where on the site, and the key of its words; `stop` stands for the reader's own way out, `counting` for
   * where they say whether they are counted.
   */
  link?: { path: string | typeof stop | typeof counting; label: string };
}
export const stop = Symbol.for('outreach.stop');
export const counting = Symbol.for('outreach.counting');
/** Where on the site the reader of a letter by e-mail chooses what they get. */
export const choicePathOf = (stopPath: string): string => `${stopPath}/choose`;
/** And there, whether they are counted. */
export const countingPathOf = (stopPath: string): string => `${choicePathOf(stopPath)}#counted`;

export interface Reader {
  /** Names the message to the outside: the same for every attempt. */
  key: string;
  personId: string;
  address: string;
  givenName?: string;
  /** BCP 47. */
  locale: string;
  isDirect: boolean;
  /** Where on the site the reader stops it: to a machine at one POST, to people on a page. */
  stopPath: string;
  attempts: number;
  /** Of one who is counted; of anybody else nothing in the message may bear a mark of theirs. */
  counted?: Counted;
}
/** Where on the site the links of one reader's message lead, to be counted and led on. */
export interface Counted {
  /** A picture that shows nothing. */
  openPath: string;
  /** In place of the link at a place of the line's `links`, counted from 1. */
  linkPath(place: number): string;
}

export interface Line {
  /** So many messages at a time. */
  lanes: number;
  /** Where the text's own links to sites lead, each once, in the same order each time. */
  links?: readonly string[];
  /** Asked before a batch. */
  answers(): Promise<boolean>;
  /** Written out before anything is handed over; what comes back hands it over, once, and never throws. */
  write(reader: Reader): Promise<(cut: AbortSignal) => Promise<HandedMail>>;
  close(): void;
}

/** For the pages of channels. */
export interface Outreach {
  find(scope: Scope, id: string): Promise<Send | undefined>;
  /** One of the channel's; throws `notFound('send')`. */
  demand(scope: Scope, channel: string, id: string): Promise<Send>;
  /** A draft; answers its id. */
  create(scope: Scope, fields: SendFields & { channel: string }): Promise<string>;
  /** Of a draft; throws `refused('outreach.changed-meanwhile')` when `version` is not its own any more. */
  change(scope: Scope, id: string, version: number, fields: SendFields): Promise<void>;
  /** Newsletters to whose subscribers the organization may write: its own. */
  newsletters(scope: Scope): Promise<OwnNewsletter[]>;
  /** To whom it may write: its own newsletters, then the tags of those whom it sees, with how many they are. */
  audiences(scope: Scope): Promise<AudienceGroup[]>;
  /** How many would get it now, of one whose condition the sender alone knows also those. */
  count(scope: Scope, about: Framed): Promise<number>;
  /** What will stand around the text. */
  frame(scope: Scope, about: Framed): Promise<Frame>;
  /**
   * What became of a message that was handed over; the same twice is the same. `undefined`: the scope's organization sent none
   * of that key. Whoever tells it acts on it: the engine only keeps and counts it.
   */
  report(scope: Scope, report: Report): Promise<Reported | undefined>;
  /** As many as came at once; of those that are the scope's. */
  reportAll(scope: Scope, reports: readonly Report[]): Promise<Reported[]>;
  /** Where on the site a reader leaves the newsletter, for a letter that is none of a send's. */
  stopPath(scope: Scope, of: { personId: string; newsletterId: string }): Promise<string>;
  /** The organization's own on the channel, newest first. */
  recent(scope: Scope, channel: string, most: number): Promise<Send[]>;
  /** When somebody there may be written to: now, or when the quiet hours of the channel are over. */
  moment(scope: Scope, to: { channel: ChannelInfo['reach']; country?: string }): Promise<Date>;
  /** They wrote back: to the message of that key, else to the newest to them on the channel within seven days before. `undefined`: there is none. */
  answered(
    scope: Scope,
    from: AnswerFrom,
  ): Promise<{ sendId: string; personId: string } | undefined>;
  /** The message of that key that was handed over, of the scope's organization or one below it. */
  received(scope: Scope, key: string): Promise<Received | undefined>;
  /**
   * Its reader asked in other words for what the way out in the message does; of no message and no newsletter, for what "stop
   * everything" does on the page behind it. The same twice is the same.
   */
  leave(
    scope: Scope,
    of: { key: string } | { personId: string; newsletterId?: string },
  ): Promise<void>;
}
export const Outreach = token<Outreach>('outreach.Outreach');

/** Of a text that could not be kept: a fault a field. That somebody else changed or sent it meanwhile is said at `field`. */
export function faultsOfKeeping(
  scope: Scope,
  error: unknown,
  field: string,
): Record<string, string> {
  const isOvertaken = isAppError(error) && error.code === 'outreach.changed-meanwhile';
  return isOvertaken ? { [field]: scope.t(error.code) } : faultsOf(scope, error);
}

/** `{{given name|friend}}` in a text: the reader's given name, or what is said without one, by the group `fallback`. */
export const nameMark = String.raw`\{\{\s*(?:given name|prénom)\s*(?:\|(?<fallback>[^{}|\n]*))?\}\}`;

/** As who delivers messages tells it. */
export interface Report {
  /** The `key` of its reader. */
  key: string;
  kind: 'delivered' | 'bounced' | 'complained';
  /** Of `bounced`: nothing will ever arrive there. */
  isPermanent?: boolean;
  /** In their words; the first 500 signs are kept. */
  detail?: string;
  at: Date;
}
/** A message that was handed over. */
export interface Received {
  organizationId: string;
  sendId: string;
  /** Id of the channel. */
  channel: string;
  /** `null` of a text to those who have a tag. */
  newsletterId: string | null;
  /** `null` of somebody who was erased since, or once the time is over. */
  personId: string | null;
  /** Where it went. */
  address: string | null;
}
export interface Reported extends Received {
  /** The first of its kind, or the first that is permanent. */
  isNew: boolean;
}

/** By the `key` of the message, whenever it went; else by `personId`, or by `address`, as it was written to. */
export interface AnswerFrom {
  key?: string;
  personId?: string;
  address?: string;
  /** Id of the channel. */
  channel: string;
  at: Date;
}

/** As people's `Newsletters` tell it. */
export interface OwnNewsletter {
  id: string;
  organizationId: string;
  key: string;
  name: string;
  description: string;
}

/** A send, or what is known of one that is not kept yet. */
export interface Framed extends Audience {
  /** Id of the channel. */
  channel: string;
  mark?: string;
}

export interface SendFields extends Audience {
  name: string;
  content: Record<string, unknown>;
}

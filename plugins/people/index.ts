// The public face of people: what other plugins may ask of it and hear from it.
import { extensionPoint, type Scope, token } from 'rostra/plugin';

export * from './newsletter-services.ts';
export * from './reach-services.ts';
export * from './return-services.ts';
export * from './tag-services.ts';

export interface Person {
  id: string;
  givenName: string | undefined;
  familyName: string | undefined;
  /** Name as shown: given and family name, else the e-mail address. */
  displayName: string;
  emailAddresses: string[];
  phoneNumbers: string[];
  /** ISO 3166-1 alpha-2 of the person's postal address, where known. */
  country: string | undefined;
  birthDate: string | undefined;
}

export interface PersonFields {
  givenName?: string;
  familyName?: string;
  emailAddress?: string;
  phoneNumber?: string;
  postalAddress?: {
    line1?: string;
    line2?: string;
    postcode?: string;
    locality?: string;
    region?: string;
    country?: string;
  };
  birthDate?: string;
  relation?: Relation;
  tags?: string[];
  /** Where it came from, e.g. `website.sign-up`, `import`. */
  source: string;
  /** One below the scope's that collected them, and sees them too. */
  organizationId?: string;
}

/** How the person stands to the party; dated, for the law asks. */
export type Relation = 'member' | 'former_member' | 'regular_contact' | 'occasional_contact';

export interface People {
  find(scope: Scope, id: string): Promise<Person | undefined>;
  /** Those of the ids whom the scope sees, in the order of names. */
  findMany(scope: Scope, ids: readonly string[]): Promise<Person[]>;
  findByEmail(scope: Scope, emailAddress: string): Promise<Person | undefined>;
  /** All who have the number (E.164), for a household may share one. */
  findByNumber(scope: Scope, number: string): Promise<Person[]>;
  /** Makes the person, or finds the one who has that e-mail address and fills only what is empty. The organization sees them from then on. */
  upsert(scope: Scope, fields: PersonFields): Promise<{ id: string; isNew: boolean }>;
  /** The same for many, in one batch. */
  upsertMany(scope: Scope, many: PersonFields[]): Promise<{ id: string; isNew: boolean }[]>;
  /** Ids changed since, oldest first, at most `most`. */
  changes(scope: Scope, since: Date, most: number): Promise<{ id: string; at: Date }[]>;
  /** A telephone number as people write it, in full (E.164); `undefined` when it cannot be one. */
  readNumber(scope: Scope, typed: string): Promise<string | undefined>;
  /** Adds a line to the person's timeline; `kind` is a key in the locales. */
  note(scope: Scope, personId: string, entry: TimelineEntry): Promise<void>;
}
export const People = token<People>('people.People');

export interface TimelineEntry {
  /** Key in the locales of the plugin that writes it. */
  kind: string;
  params?: Record<string, string | number>;
  /** Inside the admin: `/sms/inbox/3`. */
  href?: string;
}

/** A row of a spreadsheet's file, and at which line of it the row ends. */
export interface CsvRow {
  line: number;
  cells: string[];
}
/** Files as spreadsheets write them: UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs. */
export interface CsvFiles {
  /**
   * The rows of each piece of the file at once. `rowMost`: signs of one row. Throws `refused('people.no-csv')`, also on
   * the way: `reason` is `mixed`, `nul`, `row-too-long`, `cut-off` or `csv`; `lines` are what its sentence needs.
   */
  read(scope: Scope, path: string, limits: { rowMost: number }): AsyncIterable<CsvRow[]>;
}
export const CsvFiles = token<CsvFiles>('people.CsvFiles');

export interface ConsentFields {
  personId: string;
  /** `email`, `sms`, `voice`, or a plugin's own purpose such as `social_match`. */
  channel: string;
  purpose: string;
  /** The sentence as it was shown. */
  wording: string;
  locale: string;
  source: string;
  /** What proves it: a form's id, a confirmation's time, who collected it. */
  evidence: Record<string, string>;
  /** To whom it was said, where that was one below the scope's organization. */
  organizationId?: string;
}
export interface ConsentState {
  channel: string;
  purpose: string;
  given: boolean;
  at: Date;
  id: string;
}
export interface Consents {
  give(scope: Scope, fields: ConsentFields): Promise<string>;
  withdraw(scope: Scope, fields: ConsentFields): Promise<string>;
  /** The last word of the person on each channel and purpose. */
  current(scope: Scope, personId: string): Promise<ConsentState[]>;
  /**
   * Of some hundreds at most, the last word of each who said one: to the scope's organization, or to `organizationId` below it,
   * or to one above that.
   */
  last(
    scope: Scope,
    personIds: readonly string[],
    about: { channel: string; purpose: string; organizationId?: string },
  ): Promise<{ personId: string; id: string; given: boolean }[]>;
  /** Whether the last word on this channel and purpose is yes, and no suppression stands against it. */
  holds(scope: Scope, personId: string, channel: string, purpose: string): Promise<boolean>;
  /** Whether this address is not to be used, whoever has it and wherever in the party it was said. */
  isSuppressed(scope: Scope, kind: 'email' | 'phone', address: string): Promise<boolean>;
  /**
   * Whether not even a question may be sent there. Who unsubscribed may come back by an own new consent; an
   * objection (GDPR 21(3)), a complaint and an erasure are "never again", which no form gets round.
   */
  isSuppressedForGood(scope: Scope, kind: 'email' | 'phone', address: string): Promise<boolean>;
  /** The person asked for it again from that very address: their unsubscribing is lifted, and nothing that is for good. */
  comeBack(scope: Scope, personId: string, kind: 'email' | 'phone', address: string): Promise<void>;
  /**
   * Nothing more to them on any channel: each consent is withdrawn, each newsletter left, and none of their addresses
   * is used again (GDPR 21(2)-(3)). `erased`: the addresses stay stopped, known by a keyed hash, once they are gone.
   */
  stopAll(scope: Scope, personId: string, why: 'objection' | 'erased'): Promise<void>;
}
export const Consents = token<Consents>('people.Consents');

/** What somebody else noted of a person, for them to confirm from their mailbox. */
export interface SignUpClaim {
  emailAddress: string;
  givenName?: string;
  familyName?: string;
  phoneNumber?: string;
  /** At least one: nothing else is asked of a mailbox. */
  consents: { channel: string; purpose: string; wording: string }[];
  newsletters: string[];
  /** Who noted it, where and when: kept with each consent. */
  evidence: Record<string, string>;
  /**
   * Somebody of the file whom a list brought, with a yes that nothing proves: the mail says so and shows the words that it
   * asks for, and goes behind all that is sent to one alone.
   */
  again?: { personId: string };
}
/** The public's own way in, bound by the plugin that has the page. */
export interface SignUpDesk {
  /** Where the page stands on the organization's site, while it is open. */
  path(scope: Scope): Promise<string | undefined>;
  /** Asks the mailbox, whether or not the person is known; what it brings touches nobody until then. */
  claim(scope: Scope, claim: SignUpClaim): Promise<void>;
}
export const SignUpDesk = extensionPoint<SignUpDesk>('people.SignUpDesk');

/**
 * Whose a mailbox is, wherever in the party they are seen: for what the law gives a person who asks from there, never for
 * staff to look somebody up.
 */
export interface Mailboxes {
  owners(scope: Scope, emailAddress: string): Promise<Person[]>;
  /** `owners` of the one and `hashOf` of the other, asked at once. */
  meet(
    scope: Scope,
    emailAddress: string,
    mark: string,
  ): Promise<{ owners: Person[]; hash: Buffer }>;
  /** Somebody to whom a link was sent there. */
  owner(scope: Scope, personId: string): Promise<Person | undefined>;
  /**
   * Within the caller's transaction nobody erases or merges them, and `alone` nobody else writes on them either. Answers
   * whom the record is of, by now; `undefined` for one who is erased.
   */
  hold(scope: Scope, personId: string, how?: 'alone'): Promise<string | undefined>;
  /** Of the person's e-mail addresses, keyed: by these a proof is found again once the addresses are erased. */
  hashes(scope: Scope, personId: string): Promise<Buffer[]>;
  hashOf(scope: Scope, emailAddress: string): Promise<Buffer>;
}
export const Mailboxes = token<Mailboxes>('people.Mailboxes');

/** Where the public asks for what is kept on them, bound by the plugin that has the page. */
export interface RightsDesk {
  /** The page on the organization's site. */
  path(scope: Scope): Promise<string | undefined>;
}
export const RightsDesk = extensionPoint<RightsDesk>('people.RightsDesk');

/** Bound by whoever writes to many: of these people, who was sent a message that told them where their address came from. */
export interface NoticeCarrier {
  told(scope: Scope, personIds: readonly string[]): Promise<{ personId: string; at: Date }[]>;
}
export const NoticeCarrier = extensionPoint<NoticeCarrier>('people.NoticeCarrier');

declare module 'rostra/plugin' {
  interface EventPayloads {
    'people.person.created': { personId: string };
    'people.person.changed': { personId: string };
    'people.person.merged': { from: string; into: string };
    'people.person.erased': { personId: string };
    'people.consent.given': { personId: string; channel: string; purpose: string };
    'people.consent.withdrawn': { personId: string; channel: string; purpose: string };
    'people.imported': { importId: string; people: number };
  }
}

// The core's own services: any plugin may `get` these tokens; each is handed out for the asking plugin.
import type { TSchema } from 'typebox';
import { token } from './container.ts';
import type { MailPurpose } from './mail-services.ts';
import type { DataPractice, Manifest } from './manifest.ts';
import type { EventPayloads } from './plugin.ts';
import type { Scope } from './scope.ts';
import type { MailSender } from './sending-services.ts';
import type { Field } from './settings/fields.ts';

/** Tells other plugins: `before` listeners now, `on` listeners after the commit, in a scope of each organization of `heardBy` (the scope's own). */
export interface Events {
  emit<E extends keyof EventPayloads>(
    scope: Scope,
    event: E,
    payload: EventPayloads[E],
    heardBy?: readonly string[],
  ): Promise<void>;
}
export const Events = token<Events>('core.Events');

/** Queues the plugin's own jobs; inside `scope.write` they enter with the transaction. */
export interface Jobs {
  add(
    scope: Scope,
    job: string,
    payload?: Record<string, unknown>,
    options?: { runAt?: Date; key?: string; queue?: string },
  ): Promise<void>;
}
export const Jobs = token<Jobs>('core.Jobs');

/** Records what staff and the system do to people's data. Append-only, chained, erasable in its personal part. */
export interface Audit {
  record(scope: Scope, entry: AuditEntry): Promise<void>;
}
export interface AuditEntry {
  /** `<noun>.<verb-ed>`; the plugin's id is put before it. Staff read the sentence `<plugin>.act.<act>`. */
  act: string;
  /** What it was done to, e.g. `{ type: 'person', id: '12' }`. */
  subject?: { type: string; id: string };
  /** Whom it concerns, for the person's own access log; the values below go when the person is erased. */
  personId?: string;
  /** Personal or free values: kept beside the chain. */
  details?: Record<string, unknown>;
}
export const Audit = token<Audit>('core.Audit');

/** The plugin's own settings, as its manifest's schema describes them. */
export interface Settings {
  read<T = Record<string, unknown>>(scope: Scope): Promise<T>;
  /** Whether it was set at the organization itself, not above. */
  isOwn(scope: Scope, name: string): Promise<boolean>;
  write(scope: Scope, values: Record<string, unknown>): Promise<void>;
}
export const Settings = token<Settings>('core.Settings');

/** A form of a plugin's own, drawn from a JSON Schema as the settings are; the partial `core/fields` shows the fields. */
export interface Fields {
  /** In the schema's order. What the reader sees stands in the locales at `<words>.<field>`, `….hint` and `….<choice>`. */
  of(
    scope: Scope,
    schema: TSchema,
    given: { words: string; values: Record<string, unknown>; faults: Record<string, string> },
  ): Promise<Field[]>;
}
export const Fields = token<Fields>('core.Fields');

/** Mail to one person. It waits in the outbox until a mail server is set. */
export interface Mail {
  /** Renders `views/mail/<view>.eta` and queues it in the caller's transaction; answers the message's id. */
  send(scope: Scope, message: MailMessage): Promise<string>;
  /** The plugin's messages to these addresses that were nobody's yet are the person's: shown to them, erased with them. */
  assign(scope: Scope, personId: string, addresses: readonly string[]): Promise<void>;
  /** These addresses are never to be written to again: what waits for them, whichever plugin's, is not sent. */
  takeBack(scope: Scope, addresses: readonly string[]): Promise<void>;
}
export interface MailMessage {
  to: string;
  view: string;
  data: Record<string, unknown>;
  /** BCP 47, of its reader, who may not be the one who acts; the scope's if left out or not installed. */
  locale?: string;
  /** Whom it goes to, where known: the row goes when the person is erased. */
  personId?: string;
  /** Its body holds a link that opens something to whoever has it: only `core.settings.manage` reads it in the outbox. */
  holdsKey?: boolean;
  /** One of many alike: leaves behind all single messages, and a new sender's day has room for so many only. */
  bulk?: boolean;
  /** It answers what the person asked about their own data: it leaves whatever they said no to. */
  despiteNo?: boolean;
  /**
   * What it is, when its reader did not ask for it by an act of their own. Before it leaves, those who know the reader
   * (`MailRefusals`) say whether they may have it for that; `personId` then has to be told. Left out, an address that is
   * never to be written to again is kept from it, and of one of many also one that unsubscribed.
   */
  purpose?: MailPurpose;
  /** Which of its kind, in the words of those who are asked: of a newsletter its id, so that whoever leaves it meanwhile gets none. */
  topic?: string;
  /** Beside the usual ones: of a newsletter how to leave it; of an answer what it answers (RFC 5322, 3.6.4). */
  headers?: Record<`List-${string}`, string> & { 'In-Reply-To'?: string; References?: string };
  /** In whose name it is; the organization's if left out, or on another domain than that one's by the time it leaves. */
  sender?: MailSender;
}
export const Mail = token<Mail>('core.Mail');

/** Who can log in, for offices that a plugin hands out. */
export interface Staff {
  /** Those who hold a role at the scope's organization or below it, by name. */
  list(scope: Scope): Promise<StaffMember[]>;
}
export interface StaffMember {
  /** Of the account, as in `scope.actor`. */
  id: string;
  name: string;
  emailAddress: string;
}
export const Staff = token<Staff>('core.Staff');

/** Outgoing HTTP, bounded in time and size, never to a private address. */
export interface Fetch {
  /** Body as text; throws `unavailable` when the peer does not answer as asked. */
  text(scope: Scope, url: string, options?: FetchOptions): Promise<FetchedText>;
}
export interface FetchOptions {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds; 10,000 if left out. */
  timeout?: number;
  /** Bytes; 1 MiB if left out. */
  maxBytes?: number;
}
export interface FetchedText {
  status: number;
  headers: Record<string, string>;
  body: string;
  url: string;
}
export const Fetch = token<Fetch>('core.Fetch');

/** Connections that do not speak HTTP, likewise never to a private address. */
export interface Dial {
  /** The address (IPv4 or IPv6) to connect to, now; throws `unavailable` when the host is unknown or not a public one. */
  address(scope: Scope, host: string, port: number): Promise<string>;
}
export const Dial = token<Dial>('core.Dial');

/** Where the scope's organization is reached: a chapter without a host of its own at the party's. */
export interface SiteAddress {
  /** Without a slash at its end: `https://parti.example`. */
  of(scope: Scope): Promise<string>;
}
export const SiteAddress = token<SiteAddress>('core.SiteAddress');

/** Rates that hold across processes. */
export interface Limits {
  /** Counts one act under `key` and tells whether it still fits `most` in `seconds`. Commits by itself. */
  take(scope: Scope, key: string, most: number, seconds: number): Promise<boolean>;
}
export const Limits = token<Limits>('core.Limits');

/** Files that staff upload, kept by what is in them. What a camera wrote of place and time is taken out. */
export interface Store {
  /** Throws `invalid` at `/file` when it is not what is accepted, damaged, too large, or the disk is full. */
  put(scope: Scope, file: FileToKeep): Promise<Stored>;
  find(scope: Scope, id: string): Promise<Stored | undefined>;
  /** The plugin's own of the organization, newest first. */
  list(scope: Scope, options?: { after?: string; most?: number }): Promise<Stored[]>;
  remove(scope: Scope, id: string): Promise<void>;
}
export interface FileToKeep {
  /** Where it lies now, e.g. of a file of `ctx.form`. */
  path: string;
  /** As its owner names it: for showing only. What it is, its first bytes say. */
  name: string;
  accept: 'image' | 'font';
  /** Only these, e.g. `image/png`. */
  types?: readonly string[];
  /** 8 MiB of an image, 2 MiB of a font, if left out. */
  maxBytes?: number;
}
export interface Stored {
  id: string;
  /** Public, and the same for ever: `/uploads/<sha256>.<ext>`. */
  href: string;
  kind: 'image' | 'font';
  type: string;
  name: string;
  bytes: number;
  /** Of an image, as it is shown. */
  width?: number;
  height?: number;
  /** Of a font: it holds every weight. */
  isVariable?: boolean;
  /** Name of the staff who uploaded it. */
  author?: string;
  at: Date;
}
export const Store = token<Store>('core.Store');

/** Closes what is kept with the install's secret, under a key of the plugin's own: the database alone does not tell it. */
export interface Seals {
  seal(scope: Scope, text: string): Promise<string>;
  /** The text again; throws when it was tampered with, or the secret is another one. */
  open(scope: Scope, sealed: string): Promise<string>;
  /** 16 hex digits that go with the text, the same each time, and that nobody makes up: for where a seal has no room. */
  mark(scope: Scope, text: string): Promise<string>;
}
export const Seals = token<Seals>('core.Seals');

/** Pages kept for visitors who are all answered alike. */
export interface PageCache {
  /** Drops every kept page of the organization's site, everywhere, once the transaction commits. */
  drop(scope: Scope): Promise<void>;
}
export const PageCache = token<PageCache>('core.PageCache');

/** What runs here, as far as the scope's organization may know. */
export interface Plugins {
  /** Manifests of the plugins that are on. */
  on(scope: Scope): Promise<Manifest[]>;
  /** What they keep on people; for privacy page and register. */
  dataPractices(scope: Scope): Promise<(DataPractice & { plugin: string })[]>;
  /** First path segments that belong to a plugin or the core, so no page may take them. */
  reservedPaths(scope: Scope): Promise<string[]>;
  /** Foreign sources that pages may load from. */
  foreignSources(scope: Scope): Promise<string[]>;
  /**
   * Asks another plugin for its part of one's own page: `undefined` when it failed or took over five seconds, which is
   * told of in its name. `where` says in what, for the log.
   */
  attempt<T>(
    scope: Scope,
    asked: { plugin: string; where: string },
    act: () => Promise<T>,
  ): Promise<T | undefined>;
}
export const Plugins = token<Plugins>('core.Plugins');

/** The rights of a person, gathered from every plugin that keeps something on people, dormant ones included. */
export interface Subjects {
  export(
    scope: Scope,
    personId: string,
  ): AsyncIterable<{ plugin: string; table: string; row: Record<string, unknown> }>;
  /** One transaction, reverse order of `requires`; answers whom it waits for. */
  erase(scope: Scope, personId: string): Promise<{ waitingFor: string[] }>;
  merge(scope: Scope, from: string, into: string): Promise<void>;
  /**
   * The person withdrew, objected, unsubscribed: kept outside the database too, and told to the plugin's own
   * `subject.sayNo` after a restore. `said` is 1 to 2,000 printable characters of ASCII without a space, and
   * nothing that tells who it is: a keyed hash, an id, the name of a channel.
   */
  noteNo(scope: Scope, personId: string, said: string): Promise<void>;
}
export const Subjects = token<Subjects>('core.Subjects');

/** The law of the scope's organization, whole and in words: for a register, never to decide an act. */
export interface LawBook {
  /** Each act and each rule that is written, as it holds now. */
  lines(scope: Scope): Promise<LawLine[]>;
}
export interface LawLine {
  /** `enrich.social`, `requests.answer`. */
  id: string;
  what: string;
  /** What it sets, a line a part. */
  says: string[];
  /** What Rostra does with it: `block`, `attest`, `ask`, `show` or `none`. */
  enforce: string;
  sources: { source: string; asOf: string; pack: string; version: string }[];
  /** Read at or about the source; else to be checked by counsel. */
  isVerified: boolean;
  isProvisional: boolean;
}
export const LawBook = token<LawBook>('core.LawBook');

export * from './election-services.ts';
export * from './mail-services.ts';
export * from './sending-services.ts';

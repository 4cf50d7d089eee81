// The contract: the one page that a plugin author reads. Everything here is `rostra/plugin`.
import type { RouterMiddleware } from '@koa/router';
import type { Bind, Get } from './container.ts';
import type { RouteContext, Router, RouteState } from './http/context.ts';
import type { CspSources } from './http/csp.ts';
import type { Scope } from './scope.ts';

/** What `plugin.ts` exports as default. Both functions are synchronous and pure: no database, no clock. */
export interface Plugin {
  /** Binds services to tokens. */
  provide?(bind: Bind): void;
  /** Hands the core everything that the plugin adds, as plain data. */
  contribute(get: Get): Contributions;
}

export interface Contributions {
  /** Public pages, mounted at `/`; refused at the start unless their first segment stands in `paths` of plugin.json. */
  site?: Router;
  /** Staff pages, mounted at `/admin/<id>`; refused at the start unless each route names its permission with `permit`. */
  admin?: Router;
  /** JSON, mounted at `/api/v1/<id>`. */
  api?: Router;
  /** Webhooks, mounted at `/hooks/<id>`: raw body, no origin check, the plugin verifies the sender. */
  hooks?: Router;
  /** Answers public addresses that nobody else did. One plugin of an install may have it. */
  fallback?: RouterMiddleware<RouteState, RouteContext>;
  /** What the site's layout shows around every public page, those of other plugins too; with `fallback`. */
  frame?(scope: Scope, path: string): Promise<SiteFrame>;
  /** Foreign sources that pages of this plugin need, and those on which a panel or piece of its stands; listed on the privacy page. */
  csp?: CspSources;
  nav?: NavItem[];
  panels?: Panel[];
  jobs?: Job[];
  /** In the emitter's transaction, in order of `requires`; may refuse; any other error stops the act too. */
  before?: Listeners;
  /** After the commit, a job a listener, at least once, so idempotent by `event.id`. */
  on?: Listeners;
  /** Must be there when `dataPractices` is not empty. */
  subject?: SubjectRights;
  /**
   * Names of `processors` of its data practices that get nothing here, e.g. of a provider at which nobody has an account:
   * they are not told of. While that is all of them, nor are the sources of its `csp`.
   */
  idleProcessors?(scope: Scope): Promise<readonly string[]>;
  /** Commands of the `rostra` program. */
  commands?: Command[];
  /** What a new party does first; counted on the admin's home. */
  steps?: Step[];
  /** What `rostra doctor` looks at. */
  checks?: Check[];
  /** What it shows of itself in an invented party, to look around in. */
  demo?: Demo;
  /** For timers and sockets of the plugin's own; both are bounded to ten seconds. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

/** `it.site` in a theme's layout. */
export interface SiteFrame {
  name?: string;
  /** In the header instead of the name; its size is told, so that nothing moves when it comes. */
  logo?: { src: string; width: number; height: number };
  /** Address of the small picture of a browser's tab. */
  icon?: string;
  menu?: SiteMenuItem[];
  /** Further links of the footer. */
  links?: SiteLink[];
  /** The party's accounts elsewhere, each named by its service. */
  social?: SiteLink[];
  /** Lines of the footer. */
  address?: string;
  imprint?: string;
  privacy?: string;
  /** Address of the Atom feed. */
  feed?: string;
  /** The one call to act. */
  act?: SiteLink;
}
export interface SiteLink {
  label: string;
  href: string;
}
export interface SiteMenuItem extends SiteLink {
  current?: boolean;
  /** Pages below this one, one step down. */
  children?: (SiteLink & { current?: boolean })[];
}

export interface NavItem {
  section: 'people' | 'messages' | 'money' | 'site' | 'events' | 'law' | 'settings';
  /** Key in the locales. */
  label: string;
  href: string;
  permission: string;
  /** Lower comes first; 100 if left out. */
  order?: number;
  /** Its page takes `?q=`: the search field of the frame leads there. */
  search?: boolean;
}

/** A piece of somebody else's page. Slots are named by their owner: `people.person`, `core.home`. */
export interface Panel {
  slot: string;
  /** View in `views/admin`, rendered without layout. */
  view: string;
  permission?: string;
  order?: number;
  /** What the view gets; `undefined` leaves the panel out. `subject` is the id of what the slot is about: person, organization. */
  data(scope: Scope, subject: string): Promise<object | undefined>;
}

export interface Job {
  /** Without the plugin's id: `deliver` runs as `social-match.deliver`. */
  name: string;
  /** The payload holds ids only, never anything personal. Runs again from the start after a fault. */
  run(scope: Scope, payload: Record<string, unknown>): Promise<void>;
  /** Five fields, UTC; runs once an organization that has the plugin on. */
  cron?: string;
  /** 5 if left out. */
  maxAttempts?: number;
}

/** Events and what they carry (ids only). A plugin adds its own by declaration merging in `index.ts`. */
export interface EventPayloads {
  /** The party was set up, or a chapter made; its plugins are on already. */
  'core.organization.created': { organizationId: string };
  /**
   * From a backup that was taken then (ISO time), within the restore. What went out since is not known: a listener
   * of `before` holds what waits to go out, for staff to decide.
   */
  'core.organization.restored': { organizationId: string; takenAt: string };
  /** Another law is in force for it. */
  'core.organization.moved': { organizationId: string };
}
export interface EventInfo {
  id: string;
  at: Date;
}
export type Listeners = {
  [E in keyof EventPayloads]?: (
    scope: Scope,
    payload: EventPayloads[E],
    event: EventInfo,
  ) => Promise<void>;
};

/** What people may ask of what the plugin keeps on them. Also runs while the plugin is dormant. */
export interface SubjectRights {
  /** Everything kept on the person, a record at a time, in words that the person can read. */
  export(scope: Scope, personId: string): AsyncIterable<SubjectRecord>;
  /** Within the caller's transaction; idempotent. */
  erase(scope: Scope, personId: string): Promise<Erased>;
  /** Within the caller's transaction: what was `from`'s is `into`'s. */
  merge(scope: Scope, from: string, into: string): Promise<void>;
  /**
   * A backup was restored, and since it was taken this was noted by `Subjects.noteNo`: does it again, in the
   * restore's transaction. Idempotent; the person may not be there, or be erased again.
   */
  sayNo?(scope: Scope, personId: string, said: string): Promise<void>;
  /** Deletes what `keep` of the data practices no longer allows, once a day, whatever the organization; answers how many rows went. */
  forget?(scope: Scope): Promise<number>;
}
export interface SubjectRecord {
  table: string;
  row: Record<string, unknown>;
}
export type Erased = { done: true } | { done: false; waitingFor: string };

export interface Command {
  /** With its arguments: `import <file>`. */
  usage: string;
  /** Key in the locales. */
  summary: string;
  options?: { flags: string; summary: string }[];
  run(
    scope: Scope,
    args: string[],
    options: Record<string, string | boolean | undefined>,
    terminal: Terminal,
  ): Promise<void>;
}
export interface Terminal {
  print(line: string): void;
  /** Overwrites the last line while a long command runs. */
  progress(line: string): void;
}

export interface Step {
  /** Key in the locales. */
  label: string;
  href: string;
  order: number;
  done(scope: Scope): Promise<boolean>;
}

export interface Check {
  /** Key in the locales. */
  label: string;
  /** A sentence a fault; none when all is well. */
  run(scope: Scope): Promise<string[]>;
}

/** An invented party comes and goes without a trace: no row that `fill` made, or that hangs on one, outlives `remove`. */
export interface Demo {
  /** In order of `requires`; opens its own transactions. What it throws ends the demo, and what is there is removed. */
  fill(scope: Scope, plan: DemoPlan): Promise<void>;
  /** In reverse order, all in one transaction; also after a fill that was cut off, and while the plugin is dormant. */
  remove(scope: Scope, traces: DemoTraces): Promise<void>;
}
export interface DemoPlan {
  /** `fr` or `us`: whence names and places come. */
  country: string;
  /** In which language people of that country write. */
  locale: string;
  /** How many there are. */
  people: number;
  /** The invented chapters; `place` is a département (`69`) or a state (`OH`). */
  chapters: readonly { place: string; scope: Scope }[];
  /**
   * Writes down in the caller's transaction what was made, so that it can be found again. Kind `person` is for ids
   * of people: what the core keeps on them goes too.
   */
  mark(scope: Scope, kind: string, ids: readonly string[]): Promise<void>;
  /** For who waits: how much of the plugin's part is done. */
  tell(done: number, of: number): void;
}
export interface DemoTraces {
  /** Ids of the invented chapters: all that the plugin keeps for them goes with them. */
  chapters: readonly string[];
  /** Ids that the plugin marked under this kind. */
  marked(scope: Scope, kind: string): Promise<string[]>;
}

export type { Static, TSchema } from 'typebox';
export { type Gathered, gathered } from './bounded.ts';
export type { Bind, ExtensionPoint, Get, Offer, Service, Token } from './container.ts';
export { extensionPoint, token } from './container.ts';
export {
  countryCode,
  countryCodes,
  countryName,
  countryOf,
  countryOptions,
  isCountry,
} from './country.ts';
export { byteOrderMark, makeLine, toCell } from './csv.ts';
export type { Db, Row } from './database/connect.ts';
export { prepared } from './database/prepared.ts';
export type { Fault } from './errors.ts';
export {
  AppError,
  faultsOf,
  forbidden,
  invalid,
  isAppError,
  notFound,
  refused,
  unavailable,
} from './errors.ts';
export { isPublicHost } from './fetch.ts';
export type { Context, Form, Router } from './http/context.ts';
export { permit, router } from './http/context.ts';
export type { CspSources } from './http/csp.ts';
export { leadOut, letFrameOwn, mailPolicy } from './http/frame.ts';
export { hoursOf } from './law/durations.ts';
export type {
  Citation,
  Decision,
  Law,
  Obligation,
  Question,
  Reason,
  RuleQuestion,
  Ruling,
} from './law/gate.ts';
export { onClock, type SilenceWords, silenceWords } from './law/silence-words.ts';
export { dayOf, instantOf, isTimeZone, toLocal } from './law/timeline.ts';
export { actsToMany, type Hush, listenForSilence } from './mail/hush.ts';
export { isOneAddress } from './mail/mail.ts';
export { isIdentityComplete } from './organizations/identity.ts';
export type { Organization } from './organizations/organization.ts';
export type { Actor, Scope } from './scope.ts';
export * from './services.ts';
export { checkAccount, openPartOf } from './settings/account.ts';
export type { Field } from './settings/fields.ts';
export { formatMoney } from './theme/helpers.ts';
export { cleanHtml, richText, SafeHtml, safeUrl } from './theme/safe.ts';
export { Type } from './type.ts';
export { type Checked, makeValidator, type Validator } from './validate.ts';

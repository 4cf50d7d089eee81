// Makes scopes: for a request, a job, a listener, a command.
import type { Clock } from './clock.ts';
import type { Database, Db } from './database/connect.ts';
import { notFound } from './errors.ts';
import type { Law } from './law/gate.ts';
import type { Packs } from './law/pack.ts';
import type { Locales } from './locale.ts';
import type { Organization } from './organizations/organization.ts';
import type { Organizations } from './organizations/organizations.ts';
import type { Registry } from './registry.ts';
import type { Actor, Scope } from './scope.ts';
import { findVersion } from './version.sql.ts';
import type { Versions } from './versions.ts';

export interface ScopeRequest {
  organizationId: string;
  actor: Actor;
  /** The organization's own if left out. */
  locale?: string;
  /** Whose code runs in it: its writes are refused once it is switched off, in whichever process. */
  plugin?: string;
}

export interface Scopes {
  /** A scope that reads from the pool: for visitors, jobs, commands and staff of the whole party. */
  make(request: ScopeRequest): Scope;
  /** The same actor and locale on another organization. */
  at(scope: Scope, organizationId: string): Scope;
  /**
   * As `make`, but staff of a chapter read in a transaction under row-level security. It ends with `fn`, or
   * with what `still` answers then: an answer that is written while it is sent reads on.
   */
  with<T>(
    request: ScopeRequest,
    fn: (scope: Scope) => Promise<T>,
    still?: () => Promise<unknown> | undefined,
  ): Promise<T>;
  /** From here on the code of this plugin runs in the scope; `undefined` for the core's. */
  enter(scope: Scope, plugin: string | undefined): void;
  /** After a piece of a page failed: its error would have spoilt a chapter's read transaction for the rest. */
  revive(scope: Scope): Promise<void>;
}

/** Stands in until the party is set up: it has no law, so nothing is allowed. */
export const unborn: Organization = {
  id: '0',
  parentId: undefined,
  path: '0',
  slug: '',
  name: 'Rostra',
  jurisdiction: '',
  locale: 'en',
  timeZone: 'UTC',
  legal: {},
};

export interface ScopeParts {
  clock: Clock;
  database: Database;
  packs: Packs;
  locales: Locales;
  organizations: Organizations;
  registry: Registry;
  versions: Versions;
}

export function makeScopes(parts: ScopeParts): Scopes {
  const make = (request: ScopeRequest): LiveScope => {
    const { organizationId } = request;
    const organization =
      organizationId === unborn.id ? unborn : parts.organizations.find(organizationId);
    if (!organization) throw notFound('organization', request.organizationId);
    return new LiveScope(parts, request, organization, undefined);
  };
  return {
    make,
    at: (scope, organizationId) =>
      make({ organizationId, actor: scope.actor, locale: scope.locale }),
    enter(scope, plugin) {
      if (scope instanceof LiveScope) scope.enter(plugin);
    },
    async revive(scope) {
      if (scope instanceof LiveScope) await scope.revive();
    },
    async with(request, fn, still = () => undefined) {
      const scope = make(request);
      if (request.actor.kind !== 'staff' || !scope.bound) return fn(scope);
      await scope.openReader();
      let end: Promise<unknown> | undefined;
      try {
        const answer = await fn(scope);
        end = still();
        return answer;
      } finally {
        if (end) end.then(() => scope.closeReader()).catch(() => undefined);
        else await scope.closeReader();
      }
    },
  };
}

class LiveScope implements Scope {
  readonly organization: Organization;
  readonly bound: readonly string[] | undefined;
  readonly law: Law;
  readonly actor: Actor;
  readonly locale: string;
  readonly #parts: ScopeParts;
  #request: ScopeRequest;
  readonly #transaction: Db | undefined;
  #reader: (Db & { commit(): Promise<unknown> }) | undefined;
  #isReadingAlone = false;

  constructor(
    parts: ScopeParts,
    request: ScopeRequest,
    organization: Organization,
    transaction: Db | undefined,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#transaction = transaction;
    this.organization = organization;
    this.bound = organization.parentId ? parts.organizations.below(organization.id) : undefined;
    this.law = parts.packs.lawOf(organization.jurisdiction, () => parts.clock.now());
    this.actor = request.actor;
    this.locale = request.locale ?? organization.locale;
  }

  get db(): Db {
    return this.#transaction ?? this.#reader ?? this.#parts.database.db;
  }

  now(): Date {
    return this.#parts.clock.now();
  }

  may(permission: string): boolean {
    if (this.actor.kind === 'staff') return this.actor.permissions.has(permission);
    return this.actor.kind === 'system';
  }

  t(key: string, params?: Record<string, unknown>, locale = this.locale): string {
    return this.#parts.locales.t(locale, key, params);
  }

  async write<T>(fn: (scope: Scope) => Promise<T>): Promise<T> {
    return this.#transaction ? fn(this) : this.#alone(fn);
  }

  aside<T>(fn: (scope: Scope) => Promise<T>): Promise<T> {
    return this.#alone(fn);
  }

  /** A reader's transaction is given back before, so that no request holds two connections. */
  async #alone<T>(fn: (scope: Scope) => Promise<T>): Promise<T> {
    await this.closeReader();
    try {
      return await this.#inTransaction(fn);
    } finally {
      if (this.#isReadingAlone) await this.openReader();
    }
  }

  async #inTransaction<T>(fn: (scope: Scope) => Promise<T>): Promise<T> {
    const { database, versions } = this.#parts;
    let used: Db | undefined;
    const done = await database.db.transaction(async (transaction) => {
      used = transaction;
      await this.#demandStillOn(transaction);
      return fn(new LiveScope(this.#parts, this.#request, this.organization, transaction));
    });
    if (used) await versions.settle(used);
    return done;
  }

  /** A switch thrown in another process is in the database before it is heard of here. */
  async #demandStillOn(db: Db): Promise<void> {
    const { versions, organizations, registry } = this.#parts;
    const { plugin, organizationId } = this.#request;
    if (!plugin || (await findVersion(db, 'house')) === versions.current('house')) return;
    await organizations.reload();
    const organization = organizations.find(organizationId);
    if (organization) registry.demand(plugin, organization);
  }

  enter(plugin: string | undefined): void {
    this.#request = { ...this.#request, plugin };
  }

  /** The second wall: what a forgotten bound would show, the database does not give. */
  async openReader(): Promise<void> {
    const ids = this.bound ?? [];
    if (!ids.every((id) => /^\d+$/.test(id)))
      throw new Error('An organization id is not a number.');
    const reader = await this.#parts.database.db.transaction();
    this.#reader = reader;
    this.#isReadingAlone = true;
    // No bindings, so that the three travel in one message.
    await reader.raw(
      `set transaction read only; set local role rostra_chapter; select set_config('rostra.organizations', '{${ids.join(',')}}', true)`,
    );
  }

  async revive(): Promise<void> {
    if (!this.#reader) return;
    await this.closeReader();
    await this.openReader();
  }

  async closeReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.commit();
  }
}

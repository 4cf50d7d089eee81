// The tree in memory, read again whenever its version moves, and the verbs that change it.
import { oneAtATime } from '../bounded.ts';
import type { Db } from '../database/connect.ts';
import { invalid, notFound, refused } from '../errors.ts';
import type { Packs } from '../law/pack.ts';
import type { Scope } from '../scope.ts';
import type { Scopes } from '../scopes.ts';
import type { Audit, Events } from '../services.ts';
import type { Versions } from '../versions.ts';
import {
  findHosts,
  findOrganizations,
  findSwitches,
  insertOrganization,
  type OrganizationFields,
  type OrganizationRow,
  replaceHosts,
  updateOrganizationRow,
  upsertSwitch,
} from './organization.sql.ts';
import type { LegalIdentity, Organization } from './organization.ts';

export interface Organizations {
  /** `undefined` until the party is set up. */
  root(): Organization | undefined;
  /** From the root down. */
  all(): readonly Organization[];
  find(id: string): Organization | undefined;
  bySlug(slug: string): Organization | undefined;
  /** Whose site answers at a host (without port); the root's where it has no host of its own. */
  byHost(host: string): Organization | undefined;
  hostsOf(id: string): readonly string[];
  /** Ids of it and of all below it. */
  below(id: string): readonly string[];
  /** Whether staff switched the plugin on or off there; `undefined` when nobody did. */
  switchOf(organizationId: string, plugin: string): boolean | undefined;
  reload(): Promise<void>;
}

interface Tree {
  byId: Map<string, Organization>;
  hosts: Map<string, string>;
  switches: Map<string, boolean>;
}

/** What a party is when neither it nor an ancestor says otherwise. */
const fallback = { jurisdiction: '', locale: 'en', timeZone: 'UTC' };

export function makeOrganizations(db: Db): Organizations {
  let tree: Tree = { byId: new Map(), hosts: new Map(), switches: new Map() };
  const all = (): Organization[] => [...tree.byId.values()];
  const root = (): Organization | undefined => all().find((one) => !one.parentId);
  return {
    root,
    all,
    find: (id) => tree.byId.get(id),
    bySlug: (slug) => all().find((one) => one.slug === slug),
    byHost(host) {
      const id = tree.hosts.get(host.toLowerCase());
      if (id) return tree.byId.get(id);
      const party = root();
      const hasHost = party && [...tree.hosts.values()].includes(party.id);
      return hasHost ? undefined : party;
    },
    hostsOf: (id) => [...tree.hosts].filter(([, owner]) => owner === id).map(([host]) => host),
    below(id) {
      return all()
        .filter((one) => one.path.split('.').includes(id))
        .map((one) => one.id);
    },
    switchOf: (organizationId, plugin) => tree.switches.get(`${organizationId} ${plugin}`),
    // In turn: of two that overlap, the one that read before a commit would have the last word.
    reload: oneAtATime(async () => {
      tree = await readTree(db);
    }),
  };
}

async function readTree(db: Db): Promise<Tree> {
  const [rows, hosts, switches] = await Promise.all([
    findOrganizations(db),
    findHosts(db),
    findSwitches(db),
  ]);
  const byId = new Map<string, Organization>();
  for (const row of rows) byId.set(row.id, inherit(row, byId.get(row.parentId ?? '')));
  return {
    byId,
    hosts: new Map(hosts.map(({ host, organizationId }) => [host, organizationId])),
    switches: new Map(switches.map((s) => [`${s.organizationId} ${s.plugin}`, s.isOn])),
  };
}

function inherit(row: OrganizationRow, parent: Organization | undefined): Organization {
  const above = parent ?? { ...fallback, legal: {} };
  return {
    id: row.id,
    parentId: row.parentId ?? undefined,
    path: row.path,
    slug: row.slug,
    name: row.name,
    jurisdiction: row.jurisdiction ?? above.jurisdiction,
    locale: row.locale ?? above.locale,
    timeZone: row.timeZone ?? above.timeZone,
    legal: { ...above.legal, ...row.legal },
  };
}

export interface OrganizationChanges {
  name?: string;
  slug?: string;
  jurisdiction?: string;
  locale?: string;
  timeZone?: string;
  legal?: LegalIdentity;
  hosts?: string[];
}

export interface OrganizationVerbs {
  /** The root when there is none yet; else a chapter below the scope's organization. Answers its id. */
  createOrganization(
    scope: Scope,
    fields: OrganizationFields & { hosts?: string[] },
  ): Promise<string>;
  updateOrganization(scope: Scope, id: string, changes: OrganizationChanges): Promise<void>;
  /** Off at once in this process, within a second in the others. */
  switchPlugin(scope: Scope, plugin: string, isOn: boolean): Promise<void>;
}

export interface OrganizationParts {
  scopes: Pick<Scopes, 'at'>;
  organizations: Organizations;
  versions: Versions;
  audit: Audit;
  events: Events;
  packs: Pick<Packs, 'ids'>;
}

export function makeOrganizationVerbs(parts: OrganizationParts): OrganizationVerbs {
  const { organizations, versions, audit, events } = parts;

  function demandJurisdiction(jurisdiction: string | undefined): void {
    if (jurisdiction === undefined || parts.packs.ids.includes(jurisdiction)) return;
    throw invalid([{ path: '/jurisdiction', message: 'validate.choice' }]);
  }

  function demandWithin(scope: Scope, id: string): Organization {
    const organization = organizations.find(id);
    const isWithin = !scope.bound || scope.bound.includes(id);
    if (!organization || !isWithin) throw notFound('organization', id);
    return organization;
  }

  /** Else a chapter would choose its own law, or answer where the party is asked. */
  function demandPartys(scope: Scope, path: string, isChanged: boolean): void {
    if (scope.bound && isChanged) throw invalid([{ path, message: 'core.party-only' }]);
  }

  return {
    async createOrganization(scope, fields) {
      demandJurisdiction(fields.jurisdiction);
      const { jurisdiction = scope.organization.jurisdiction, hosts = [] } = fields;
      demandPartys(scope, '/jurisdiction', jurisdiction !== scope.organization.jurisdiction);
      demandPartys(scope, '/hosts', hosts.length > 0);
      const id = await scope.write(async (scope) => {
        const parentId = scope.organization.id;
        const id = await taken(() =>
          insertOrganization(scope.db, { ...fields, parentId, now: scope.now() }),
        );
        if (fields.hosts) await taken(() => replaceHosts(scope.db, id, fields.hosts ?? []));
        await audit.record(scope, {
          act: 'organization.created',
          subject: { type: 'organization', id },
        });
        await versions.bump(scope.db, 'house');
        return id;
      });
      await organizations.reload();
      await events.emit(parts.scopes.at(scope, id), 'core.organization.created', {
        organizationId: id,
      });
      return id;
    },

    async updateOrganization(scope, id, changes) {
      demandJurisdiction(changes.jurisdiction);
      const before = demandWithin(scope, id);
      const { jurisdiction = before.jurisdiction, hosts = organizations.hostsOf(id) } = changes;
      demandPartys(scope, '/jurisdiction', jurisdiction !== before.jurisdiction);
      demandPartys(scope, '/hosts', !isSame(hosts, organizations.hostsOf(id)));
      await scope.write(async (scope) => {
        await taken(() => updateOrganizationRow(scope.db, id, changes));
        if (changes.hosts) await taken(() => replaceHosts(scope.db, id, changes.hosts ?? []));
        await audit.record(scope, {
          act: 'organization.changed',
          subject: { type: 'organization', id },
          details: { ...changes },
        });
        if (changes.jurisdiction && changes.jurisdiction !== before.jurisdiction) {
          await events.emit(scope, 'core.organization.moved', { organizationId: id });
        }
        await versions.bump(scope.db, 'house');
        await versions.bump(scope.db, `site:${id}`);
      });
      await organizations.reload();
    },

    async switchPlugin(scope, plugin, isOn) {
      await scope.write(async (scope) => {
        const organizationId = scope.organization.id;
        await upsertSwitch(scope.db, { organizationId, plugin, isOn, now: scope.now() });
        await audit.record(scope, {
          act: isOn ? 'plugin.switched-on' : 'plugin.switched-off',
          subject: { type: 'plugin', id: plugin },
        });
        await versions.bump(scope.db, 'house');
      });
      await organizations.reload();
    },
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

/** A host or slug that another organization has is the reader's mistake, not a bug. */
async function taken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    throw refused('core.name-taken', { status: 409 });
  }
}

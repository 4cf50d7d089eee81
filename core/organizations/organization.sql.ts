// Rows of the party's tree, its hosts and its switches.
import type { Db } from '../database/connect.ts';
import type { LegalIdentity } from './organization.ts';

export interface OrganizationRow {
  id: string;
  parentId: string | null;
  path: string;
  slug: string;
  name: string;
  jurisdiction: string | null;
  locale: string | null;
  timeZone: string | null;
  legal: LegalIdentity;
}

export async function findOrganizations(db: Db): Promise<OrganizationRow[]> {
  return db('core.organization')
    .select('id', 'slug', 'name', 'jurisdiction', 'locale', 'legal')
    .select({ parentId: 'parent_id', timeZone: 'time_zone' })
    .select(db.raw('path::text as path'))
    .orderByRaw('nlevel(path), name');
}

export async function findHosts(db: Db): Promise<{ host: string; organizationId: string }[]> {
  return db('core.host').select('host', { organizationId: 'organization_id' });
}

export async function findSwitches(
  db: Db,
): Promise<{ organizationId: string; plugin: string; isOn: boolean }[]> {
  return db('core.plugin_switch').select('plugin', {
    organizationId: 'organization_id',
    isOn: 'is_on',
  });
}

export interface OrganizationFields {
  name: string;
  slug: string;
  jurisdiction?: string;
  locale?: string;
  timeZone?: string;
  legal?: LegalIdentity;
}

/** Its path is set by a trigger. */
export async function insertOrganization(
  db: Db,
  fields: OrganizationFields & { parentId?: string; now: Date },
): Promise<string> {
  const [row] = await db('core.organization')
    .insert({
      parent_id: fields.parentId ?? null,
      slug: fields.slug,
      name: fields.name,
      jurisdiction: fields.jurisdiction ?? null,
      locale: fields.locale ?? null,
      time_zone: fields.timeZone ?? null,
      legal: JSON.stringify(fields.legal ?? {}),
      created_at: fields.now,
    })
    .returning('id');
  return row.id;
}

export async function updateOrganizationRow(
  db: Db,
  id: string,
  fields: Partial<OrganizationFields>,
): Promise<number> {
  const columns: Record<string, unknown> = {
    name: fields.name,
    slug: fields.slug,
    jurisdiction: fields.jurisdiction,
    locale: fields.locale,
    time_zone: fields.timeZone,
    legal: fields.legal && JSON.stringify(fields.legal),
  };
  const given = Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined),
  );
  const row = db('core.organization').where({ id });
  // Its hosts alone may change, which are rows of their own.
  return Object.keys(given).length > 0 ? row.update(given) : (await row.select('id')).length;
}

/** Replaces the organization's hosts by these. */
export async function replaceHosts(db: Db, organizationId: string, hosts: string[]): Promise<void> {
  await db('core.host').where({ organization_id: organizationId }).delete();
  if (hosts.length === 0) return;
  await db('core.host').insert(hosts.map((host) => ({ host, organization_id: organizationId })));
}

export async function upsertSwitch(
  db: Db,
  fields: { organizationId: string; plugin: string; isOn: boolean; now: Date },
): Promise<void> {
  await db('core.plugin_switch')
    .insert({
      organization_id: fields.organizationId,
      plugin: fields.plugin,
      is_on: fields.isOn,
      changed_at: fields.now,
    })
    .onConflict(['organization_id', 'plugin'])
    .merge();
}

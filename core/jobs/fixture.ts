// For the tests of the core's services: a party with a chapter, and plugins made of what a test hands in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAudit } from '../audit/audit.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { makeContainer } from '../container.ts';
import { loadPacks } from '../law/pack.ts';
import { loadLocales } from '../locale.ts';
import { makeLog } from '../log.ts';
import { findManifests, root } from '../manifests.ts';
import { makeOrganizations } from '../organizations/organizations.ts';
import type { Contributions } from '../plugin.ts';
import { makeRegistry } from '../registry.ts';
import { makeScopes } from '../scopes.ts';
import { makeSettings } from '../settings/settings.ts';
import { cloneDatabase, type Test } from '../testing/database.ts';
import { makeVersions } from '../versions.ts';
import { migrateJobs } from './jobs.ts';

export interface TestPlugin {
  manifest?: Record<string, unknown>;
  contributions: Contributions;
}

export type TestHouse = Awaited<ReturnType<typeof makeTestHouse>>;

export async function makeTestHouse(
  t: Test,
  plugins: Record<string, TestPlugin> = {},
  clock: Clock = systemClock,
) {
  const { database } = await cloneDatabase(t);
  const log = makeLog('silent');
  await migrateJobs({ database, log });
  const versions = await makeVersions({ database, log });
  t.teardown(() => versions.stop());
  const legal = {
    controller: 'Parti',
    address: '1 rue X, Lyon',
    contact: 'donnees@parti.example',
    publicationDirector: 'A. Martin',
    host: 'Hébergeur, Lyon',
  };
  const { rows } = await database.db.raw(
    `insert into core.organization (slug, name, jurisdiction, locale, time_zone, legal, created_at)
     values ('party', 'Party', 'us', 'en', 'UTC', :legal::jsonb, '2026-01-01') returning id`,
    { legal: JSON.stringify(legal) },
  );
  const party: string = rows[0].id;
  const chapters = await database.db.raw(
    `insert into core.organization (parent_id, slug, name, created_at)
     values (:party, 'lyon', 'Lyon', '2026-01-01'), (:party, 'nice', 'Nice', '2026-01-01') returning id`,
    { party },
  );
  const [lyon, nice] = chapters.rows.map((row: { id: string }) => row.id) as [string, string];
  const organizations = makeOrganizations(database.db);
  await organizations.reload();

  const packs = await loadPacks({ log });
  const container = makeContainer(
    () => {},
    () => true,
  );
  const folder = writePlugins(t, plugins);
  const registry = makeRegistry({
    found: findManifests([], folder),
    packs,
    organizations,
    container,
    clock,
    log,
    withTables: async () => new Set(),
  });
  await registry.load(async () => ({ failed: [] }));
  const areas = ['', 'admin', 'audit', 'jobs', 'mail', 'settings'];
  const folders = areas.map((area) => join(root, 'core', area, 'locales'));
  const locales = await loadLocales({ folders, log });
  const scopes = makeScopes({
    ...{ clock, database, packs, locales, organizations, registry, versions },
  });
  const config = {
    role: 'all',
    url: 'http://parti.example',
    secret: Buffer.alloc(32, 7),
    smtpUrl: undefined,
  } as unknown as Config;
  const audit = makeAudit();
  const ground = { config, log, clock, database, versions, packs, organizations };
  const settings = makeSettings({ ...ground, registry, audit: audit('core') });
  const scope = (organizationId = party) =>
    scopes.make({ organizationId, actor: { kind: 'system', name: 'test' } });
  return { ...ground, registry, locales, scopes, settings, audit, scope, party, lyon, nice };
}

let made = 0;

/** Each plugin is a real folder; what it contributes is fetched from the test. */
function writePlugins(t: Test, plugins: Record<string, TestPlugin>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-plugins-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [id, { manifest, contributions }] of Object.entries(plugins)) {
    made += 1;
    const key = `rostra test plugin ${made}`;
    Object.assign(globalThis, { [key]: contributions });
    mkdirSync(join(folder, id));
    const json = { id, version: '1.0.0', core: '^1.0.0', ...manifest };
    writeFileSync(join(folder, id, 'plugin.json'), JSON.stringify(json));
    const code = `export default { contribute: () => globalThis[${JSON.stringify(key)}] };`;
    writeFileSync(join(folder, id, 'plugin.mjs'), code);
  }
  return folder;
}

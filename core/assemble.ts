// Puts the core together: database, law, organizations, plugins and the services that they are handed.
import { join } from 'node:path';
import { type AccountDeps } from './accounts/deps.ts';
import { makeAudit } from './audit/audit.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { makeContainer } from './container.ts';
import type { Core } from './core.ts';
import { type Database, openDatabase } from './database/connect.ts';
import { startEmbedded } from './database/embedded.ts';
import { pluginsWithTables } from './database/ledger.ts';
import { migrate } from './database/migrate.ts';
import { refused } from './errors.ts';
import { makeEvents } from './events/events.ts';
import { makeFetch } from './fetch.ts';
import { type KeptPages, makePageCache, makePageCacheService } from './http/page-cache.ts';
import { type JobRunner, makeJobs, migrateJobs } from './jobs/jobs.ts';
import { addJob } from './jobs/jobs.sql.ts';
import { loadPacks } from './law/pack.ts';
import { makeLimits } from './limit.ts';
import { loadLocales } from './locale.ts';
import type { Log } from './log.ts';
import { makeMail } from './mail/mail.ts';
import { type FoundManifest, findManifests, root } from './manifests.ts';
import {
  makeOrganizations,
  makeOrganizationVerbs,
  type OrganizationVerbs,
} from './organizations/organizations.ts';
import { makePlugins } from './plugins.ts';
import { makeRegistry } from './registry.ts';
import { makeScopes } from './scopes.ts';
import * as service from './services.ts';
import { makeSettings } from './settings/settings.ts';
import { makeSubjects } from './subjects.ts';
import { loadThemes } from './theme/themes.ts';
import { makeVersions } from './versions.ts';

export interface AssembleOptions {
  log: Log;
  clock?: Clock;
  /** `false`: a command beside a running server; it never stops the embedded database. */
  owner?: boolean;
  /** Folder of the bundled plugins; for tests. */
  bundled?: string;
  /** Hosts that `Fetch` may reach although they are private; for tests. */
  allowPrivate?: readonly string[];
}

/** The core with the verbs that its own pages and commands use. */
export interface House extends Core {
  readonly found: readonly FoundManifest[];
  readonly accounts: AccountDeps;
  readonly audit: service.Audit;
  readonly settings: (plugin: string) => service.Settings;
  readonly subjects: service.Subjects;
  readonly verbs: OrganizationVerbs;
  readonly jobs: JobRunner;
  readonly pages: KeptPages;
  /** Migrates and loads what became lawful since; answers what it loaded. */
  loadPlugins(): Promise<string[]>;
  close(): Promise<void>;
}

/** Throws StartError with one sentence when the database or the plugins do not let it. */
export async function assemble(config: Config, options: AssembleOptions): Promise<House> {
  const { log, clock = systemClock } = options;
  const found = findManifests(config.plugins, options.bundled);
  const packs = await loadPacks({ log });
  const { database, closeDatabase } = await connect(config, options);
  await migrate({ database, sources: [coreSource], log });
  await migrateJobs({ database, log });

  const versions = await makeVersions({ database, log });
  const organizations = makeOrganizations(database.db);
  await organizations.reload();
  const locales = await loadLocales({ folders: localeFolders(found), log });
  const container = makeContainer(
    (plugin, scope) => demandOn(registry, plugin, scope),
    (plugin, scope) => registry.isOn(plugin, scope.organization),
  );
  const registry = makeRegistry({
    found,
    packs,
    organizations,
    container,
    clock,
    log,
    withTables: () => pluginsWithTables(database.db),
  });
}

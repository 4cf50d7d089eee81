// Puts the core together: database, law, organizations, plugins and the services that they are handed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountDeps } from './accounts/deps.ts';
import { makeAudit } from './audit/audit.ts';
import { oneAtATime } from './bounded.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type Container, makeContainer } from './container.ts';
import type { Core } from './core.ts';
import { type Database, openDatabase } from './database/connect.ts';
import { startEmbedded } from './database/embedded.ts';
import { pluginsWithTables } from './database/ledger.ts';
import { migrate } from './database/migrate.ts';
import { makeEvents } from './events/events.ts';
import { makeFetch } from './fetch.ts';
import { type KeptPages, makePageCache, pageCacheService } from './http/page-cache.ts';
import { type JobRunner, makeJobs, migrateJobs } from './jobs/jobs.ts';
import { makeOwnJobs } from './jobs/own.ts';
import { loadPacks } from './law/pack.ts';
import { makeLimits } from './limit.ts';
import { loadLocales } from './locale.ts';
import type { Log } from './log.ts';
import { makeMail } from './mail/mail.ts';
import { type FoundManifest, findManifests, root } from './manifests.ts';
import { coreSource, hasMigrations, sourceOf } from './migration-sources.ts';
import {
  makeOrganizations,
  makeOrganizationVerbs,
  type OrganizationVerbs,
} from './organizations/organizations.ts';
import { makePlugins } from './plugins.ts';
import { makeRegistry } from './registry.ts';
import { makeScopes } from './scopes.ts';
import * as service from './services.ts';
import { makeSettings, type SettingsParts } from './settings/settings.ts';
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
  /** How long a plugin's handler may take; 30 s if left out. */
  handlerMs?: number;
}

/** The core with the verbs that its own pages and commands use. */
export interface House extends Core {
  readonly found: readonly FoundManifest[];
  readonly accounts: AccountDeps;
  readonly audit: service.Audit;
  readonly mail: (plugin: string) => service.Mail;
  /** The core's own. */
  readonly events: service.Events;
  readonly settings: SettingsParts;
  readonly subjects: service.Subjects;
  readonly verbs: OrganizationVerbs;
  readonly jobs: JobRunner;
  readonly pages: KeptPages;
  readonly handlerMs: number | undefined;
  readonly getFor: Container['getFor'];
  /** Migrates and loads what became lawful since. */
  loadPlugins(): Promise<void>;
  close(): Promise<void>;
}

/** Throws StartError with one sentence when the database or the plugins do not let it. */
export async function assemble(config: Config, options: AssembleOptions): Promise<House> {
  const { log, clock = systemClock } = options;
  const found = findManifests(config.plugins, options.bundled);
  const packs = await loadPacks({ log });
  const { database, closeDatabase } = await connect(config, options);
  try {
    await migrate({ database, sources: [coreSource], log });
    await migrateJobs({ database, log });
    const versions = await makeVersions({ database, log });
    const organizations = makeOrganizations(database.db);
    await organizations.reload();
    const ground = { config, log, clock, database, versions, packs, organizations };
    return await furnish(ground, { found, options, closeDatabase });
  } catch (error) {
    await closeDatabase();
    throw error;
  }
}

type Ground = Pick<
  Core,
  'config' | 'log' | 'clock' | 'database' | 'versions' | 'packs' | 'organizations'
>;

interface Rest {
  found: FoundManifest[];
  options: AssembleOptions;
  closeDatabase: () => Promise<void>;
}

async function furnish(ground: Ground, { found, options, closeDatabase }: Rest): Promise<House> {
  const { config, log, clock, database, versions, packs, organizations } = ground;
  const container = makeContainer(
    (plugin, scope) => registry.demand(plugin, scope.organization),
    (plugin, scope) => registry.isOn(plugin, scope.organization),
  );
  const withTables = () => pluginsWithTables(database.db);
  const registry = makeRegistry({ ...ground, found, container, withTables });
  const audit = makeAudit();
  const settings = makeSettings({ ...ground, registry, audit: audit('core') });
  const pages = makePageCache(versions, clock);
  const locales = await loadLocales({ folders: localeFolders(found), log });
  const themes = await loadThemes({
    folders: [join(root, 'themes'), ...config.themes],
    core: join(root, 'core'),
    plugins: () => found.map(({ manifest, folder }) => ({ id: manifest.id, folder })),
    locales,
    log,
    lookOf: (organization) => settings.coreOf(organization).look,
    organizations: () => organizations.all(),
    urlOf: (organization) => addressOf(config, organizations.hostsOf(organization.id)[0]),
    changed: () => pages.clear(),
    watch: config.isDevelopment,
  });
  const scopes = makeScopes({ ...ground, locales, registry });
  const core: Core = { ...ground, locales, themes, registry, scopes };

  const events = makeEvents({ registry, own: { on: {} } });
  const jobs = makeJobs({ ...core, audit: audit('core'), own: () => ({ jobs: ownJobs, on: {} }) });
  const lease = () => jobs.lease();
  const ownJobs = makeOwnJobs({ ...core, settings, audit: audit('core'), lease });
  const mail = makeMail({ config, themes });
  const subjects = makeSubjects({ registry });
  const limits = makeLimits(config);
  container.offer(service.Events, events);
  container.offer(service.Jobs, jobs.service);
  container.offer(service.Audit, audit);
  container.offer(service.Settings, settings.service);
  container.offer(service.Mail, mail);
  container.offer(service.Fetch, makeFetch({ config, allowPrivate: options.allowPrivate }));
  container.offer(service.Limits, () => limits);
  container.offer(service.PageCache, () => pageCacheService(versions));
  container.offer(service.Plugins, () => makePlugins(registry));
  container.offer(service.Subjects, subjects);

  const loadPlugins = oneAtATime(async () => {
    const loaded = await registry.load(async (plugins) => {
      const sources = [coreSource, ...plugins.filter(hasMigrations).map(sourceOf)];
      return migrate({ database, sources, log });
    });
    if (loaded.length > 0) await jobs.reload();
  });

  async function refresh(): Promise<void> {
    const wasEmpty = !organizations.root();
    await Promise.all([organizations.reload(), settings.reload(), registry.letGo()]);
    // Another process set the party up: its plugins are loaded here too.
    if (wasEmpty && organizations.root()) await loadPlugins();
    else await registry.settle();
  }
  versions.listen((name) => {
    if (name !== 'house' && name !== '*') return;
    refresh().catch((error: unknown) =>
      log.error({ err: error }, 'the house could not be read again'),
    );
  });
  await settings.reload();

  const accounts = { ...core, mail: mail('accounts').send, audit: audit('accounts') };
  const verbs = makeOrganizationVerbs({
    ...ground,
    scopes,
    audit: audit('core'),
    events: events('core'),
    jurisdictions: packs.ids,
  });
  return {
    ...core,
    found,
    accounts,
    audit: audit('core'),
    mail,
    events: events('core'),
    settings,
    subjects: subjects(),
    verbs,
    jobs,
    pages,
    handlerMs: options.handlerMs,
    getFor: container.getFor,
    loadPlugins,
    async close() {
      await versions.stop();
      await closeDatabase();
    },
  };
}

async function connect(
  config: Config,
  { log, owner = true }: AssembleOptions,
): Promise<{ database: Database; closeDatabase: () => Promise<void> }> {
  if (config.databaseUrl) {
    const { databaseUrl: url, databaseDirectUrl: directUrl } = config;
    const database = openDatabase({ url, directUrl, log });
    return { database, closeDatabase: () => database.close() };
  }
  const embedded = await startEmbedded({ data: config.data, log, owner });
  const database = openDatabase({ url: embedded.url, log });
  return {
    database,
    async closeDatabase() {
      await database.close();
      await embedded.stop();
    },
  };
}

/** A plugin without tables has no such folder; one that is named and missing is a fault. */
/** The first folder, the core's, says which languages there are. */
function localeFolders(found: readonly FoundManifest[]): string[] {
  const core = join(root, 'core');
  const areas = readdirSync(core, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'locales')
    .map((entry) => join(core, entry.name, 'locales'));
  const plugins = found.map(({ folder }) => join(folder, 'locales'));
  return [join(core, 'locales'), ...areas, ...plugins].filter((folder) => existsSync(folder));
}

/** On the host of its own if it has one, with the scheme and port of the install. */
function addressOf({ url }: Config, host: string | undefined): string {
  if (!host) return url;
  const address = new URL(url);
  address.hostname = host;
  return address.origin;
}

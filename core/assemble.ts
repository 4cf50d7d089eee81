// Puts the core together: database, law, organizations, plugins and the services that they are handed.
import { join } from 'node:path';
import type { AccountDeps } from './accounts/deps.ts';
import { staffService } from './accounts/staff.ts';
import { makeLawBook } from './admin/law-map.ts';
import { makeAudit } from './audit/audit.ts';
import { noteRelease } from './backup/backup.sql.ts';
import { oneAtATime } from './bounded.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type Container, makeContainer } from './container.ts';
import type { Core } from './core.ts';
import { pluginsWithTables } from './database/ledger.ts';
import { migrate } from './database/migrate.ts';
import type { OpenedDatabase } from './database/open.ts';
import { type DemoMark, makeDemoMark } from './demo/mark.ts';
import { makeEvents } from './events/events.ts';
import { makeDial, makeFetch } from './fetch.ts';
import { type KeptPages, makePageCache, pageCacheService } from './http/page-cache.ts';
import { type JobRunner, makeJobs } from './jobs/jobs.ts';
import { makeOwnJobs } from './jobs/own.ts';
import { packsFolder } from './law/own.ts';
import { loadPacks } from './law/pack.ts';
import { makeSignatures, type Signatures } from './law/signatures.ts';
import { faultyCalendars, makeSilence, type SilenceKeeper } from './law/silence.ts';
import { watchPacks } from './law/watch.ts';
import { makeLimits } from './limit.ts';
import { loadLocales } from './locale.ts';
import { localeFolders } from './locale-folders.ts';
import { type Looks, lookVersion, makeLooks } from './look/looks.ts';
import { makeMail } from './mail/mail.ts';
import { makeMailRefusals, silentKnowers } from './mail/refusals.ts';
import { makeLives, makeMailWay } from './mail/way.ts';
import { contractVersion, type FoundManifest, findManifests, root } from './manifests.ts';
import { coreSource, hasMigrations, sourceOf } from './migration-sources.ts';
import { type OpeningOptions, openMigrated } from './opening.ts';
import { addressesOf } from './organizations/address.ts';
import {
  makeOrganizations,
  makeOrganizationVerbs,
  type OrganizationVerbs,
} from './organizations/organizations.ts';
import { lostPlaces, sentenceOnLost } from './plugin-places.ts';
import { makePlugins } from './plugins.ts';
import { makeRegistry } from './registry.ts';
import { makeScopes } from './scopes.ts';
import { makeSeals } from './secret.ts';
import * as service from './services.ts';
import { makeFields } from './settings/fields.ts';
import { makeSettings, type SettingsParts } from './settings/settings.ts';
import { type Blobs, diskBlobs } from './store/blobs.ts';
import { makeStore, makeUploadJobs, uploadsFolder } from './store/store.ts';
import { makeSubjects } from './subjects.ts';
import { loadThemes } from './theme/themes.ts';
import { makeVersions } from './versions.ts';

export interface AssembleOptions extends OpeningOptions {
  clock?: Clock;
  /** Where it is being opened already. */
  opening?: Promise<OpenedDatabase>;
  /** Folder of the bundled plugins; for tests. */
  bundled?: string;
  /** Hosts that `Fetch` may reach although they are private; for tests. */
  allowPrivate?: readonly string[];
  /** How long a plugin's handler may take; 30 s if left out. */
  handlerMs?: number;
  /** How often the party's own packs are looked at; 20 s if left out. */
  packsEvery?: number;
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
  readonly silence: SilenceKeeper;
  readonly refusals: service.MailRefusals;
  readonly signatures: Signatures;
  readonly demo: DemoMark;
  readonly verbs: OrganizationVerbs;
  readonly jobs: JobRunner;
  readonly looks: Looks;
  /** Where the bytes of uploads lie. */
  readonly blobs: Blobs;
  readonly store: (plugin: string) => service.Store;
  readonly pages: KeptPages;
  readonly handlerMs: number | undefined;
  readonly getFor: Container['getFor'];
  /** Migrates and loads what became lawful since. */
  loadPlugins(): Promise<void>;
  /** The database and what looks at it alone. */
  close(): Promise<void>;
  /** Plugins, jobs, then `close`. */
  end(): Promise<void>;
}

/** Throws StartError with one sentence when the database or the plugins do not let it. */
export async function assemble(config: Config, options: AssembleOptions): Promise<House> {
  const { log, clock = systemClock } = options;
  const found = findManifests(config.plugins, options.bundled);
  const signatures = makeSignatures();
  const packs = await loadPacks({
    ...{ own: packsFolder(config), log },
    isSigned: (pack) => signatures.of(pack) !== undefined,
  });
  const { database, closeDatabase } = await (options.opening ?? openMigrated(config, options));
  try {
    const organizations = makeOrganizations(database.db);
    const [versions] = await Promise.all([
      makeVersions({ database, log }),
      noteRelease(database.db, contractVersion, clock.now()),
      organizations.reload(),
      signatures.reload(database.db),
    ]);
    const ground = { config, log, clock, database, versions, packs, organizations };
    return await furnish(ground, { found, options, signatures, closeDatabase });
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
  signatures: Signatures;
  closeDatabase: () => Promise<void>;
}

async function furnish(ground: Ground, rest: Rest): Promise<House> {
  const { found, options, signatures, closeDatabase } = rest;
  const { config, log, clock, database, versions, packs, organizations } = ground;
  const container = makeContainer(
    (plugin, scope) => registry.demand(plugin, scope.organization),
    (plugin, scope) => registry.isOn(plugin, scope.organization),
  );
  const withTables = () => pluginsWithTables(database.db);
  const registry = makeRegistry({ ...ground, found, container, withTables });
  const audit = makeAudit();
  const { allowPrivate } = options;
  const settings = makeSettings({ ...ground, registry, audit: audit('core'), allowPrivate });
  const pages = makePageCache(versions, clock);
  const looks = makeLooks({ ...ground, themeOf: (one) => settings.coreOf(one).theme });
  const locales = await loadLocales({ folders: localeFolders(found), log });
  const urlOf = addressesOf(config, organizations);
  const themes = await loadThemes({
    folders: [join(root, 'themes'), ...config.themes],
    core: join(root, 'core'),
    plugins: () => found.map(({ manifest, folder }) => ({ id: manifest.id, folder })),
    locales,
    log,
    lookOf: looks.of,
    drafts: looks.drafts,
    organizations: () => organizations.all(),
    urlOf,
    changed: () => pages.clear(),
    watch: config.isDevelopment,
  });
  const demo = makeDemoMark(database);
  const scopes = makeScopes({ ...ground, locales, registry });
  const core: Core = { ...ground, locales, themes, registry, scopes };

  const events = makeEvents({ ...ground, registry, own: { on: {} } });
  const jobs = makeJobs({ ...core, audit: audit('core'), own: () => ({ jobs: ownJobs, on: {} }) });
  const lease = () => jobs.lease();
  const ofCore = container.getFor({ id: 'core', requires: [], enhances: [] });
  const silence = makeSilence(ofCore.many(service.ElectionCalendar), faultyCalendars(registry));
  const refusals = makeMailRefusals(ofCore.many(service.MailRefusals), silentKnowers(registry));
  const blobs = diskBlobs(uploadsFolder(config.data));
  const store = makeStore({ blobs, audit, jobs: jobs.service('core') });
  const delivery = { ...core, settings, lease, demo, silence, refusals };
  const ownJobs = [
    ...makeOwnJobs({ ...delivery, audit: audit('core') }),
    ...makeUploadJobs({ blobs }),
  ];
  const mail = makeMail({ config, locales, themes });
  const subjects = makeSubjects({ registry });
  const limits = makeLimits(config);
  container.offer(service.Events, events);
  container.offer(service.Jobs, jobs.service);
  container.offer(service.Audit, audit);
  container.offer(service.Settings, settings.service);
  container.offer(service.Mail, mail);
  container.offer(service.MailWay, makeMailWay({ ...delivery, urlOf }));
  container.offer(service.Lives, () => makeLives(delivery));
  container.offer(service.Fetch, makeFetch({ config, allowPrivate, demo }));
  container.offer(service.Dial, () => makeDial({ allowPrivate, demo }));
  container.offer(service.SiteAddress, () => ({ of: async (scope) => urlOf(scope.organization) }));
  container.offer(service.Limits, () => limits);
  container.offer(service.Store, store);
  container.offer(service.PageCache, () => pageCacheService(versions));
  container.offer(service.Plugins, () => makePlugins(core));
  container.offer(service.Fields, () => makeFields(core));
  container.offer(service.Subjects, subjects);
  container.offer(service.LawBook, () => makeLawBook({ packs, locales, registry }));
  container.offer(service.Seals, (plugin) => makeSeals(config.secret, plugin));
  container.offer(service.Silence, () => silence);
  container.offer(service.Staff, () => staffService);

  const loadPlugins = oneAtATime(async () => {
    const loaded = await registry.load(async (plugins) => {
      const sources = [coreSource, ...plugins.filter(hasMigrations).map(sourceOf)];
      return migrate({ database, sources, log });
    });
    if (loaded.length > 0) await jobs.reload();
    const known = registry.all().map(({ manifest }) => manifest);
    for (const { manifest, contributions } of registry.all()) {
      if (!loaded.includes(manifest.id)) continue;
      for (const lost of lostPlaces(manifest, contributions, known)) {
        log.warn({ plugin: manifest.id }, sentenceOnLost(lost));
      }
    }
  });

  async function refresh(): Promise<void> {
    const wasEmpty = !organizations.root();
    const again = [organizations.reload(), settings.reload(), demo.reload(), registry.letGo()];
    await Promise.all([...again, signatures.reload(database.db)]);
    // Another process set the party up: its plugins are loaded here too.
    if (wasEmpty && organizations.root()) await loadPlugins();
    else await registry.settle();
  }
  /** What was drawn in the look of before must not be kept. */
  const wear = (): void =>
    void looks.reload().then(
      () => pages.clear(),
      (error: unknown) => log.error({ err: error }, 'the looks could not be read again'),
    );
  versions.listen((name) => {
    if (name === lookVersion || name === '*') wear();
    if (name !== 'house' && name !== '*') return;
    refresh().catch((error: unknown) =>
      log.error({ err: error }, 'the house could not be read again'),
    );
  });
  await Promise.all([settings.reload(), demo.reload(), looks.reload()]);
  const stopWatching = watchPacks({
    ...{ packs, log, every: options.packsEvery },
    async changed() {
      await registry.settle();
      pages.clear();
    },
  });

  async function close(): Promise<void> {
    stopWatching();
    await versions.stop();
    await closeDatabase();
  }

  const accounts = { ...core, mail: mail('accounts').send, audit: audit('accounts') };
  const verbs = makeOrganizationVerbs({
    ...ground,
    scopes,
    audit: audit('core'),
    events: events('core'),
    packs,
  });
  return {
    ...core,
    found,
    accounts,
    audit: audit('core'),
    mail,
    events: events('core'),
    settings,
    subjects: subjects('core'),
    silence,
    refusals,
    signatures,
    demo,
    verbs,
    jobs,
    looks,
    blobs,
    store,
    pages,
    handlerMs: options.handlerMs,
    getFor: container.getFor,
    loadPlugins,
    close,
    async end() {
      await registry.stop();
      await jobs.stop();
      await close();
    },
  };
}

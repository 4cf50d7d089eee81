// A whole server for a test: real database, real HTTP, a clock that the test sets.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import '../register.mjs';
import { insertAccount, insertRole } from '../accounts/account.sql.ts';
import type { Role } from '../accounts/roles.ts';
import { openSession } from '../accounts/session.ts';
import type { House } from '../assemble.ts';
import { fixedClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { Get } from '../container.ts';
import { makeLog } from '../log.ts';
import { root } from '../manifests.ts';
import { partyOf } from '../registry.ts';
import type { Actor, Scope } from '../scope.ts';
import { startServer } from '../server.ts';
import { setUp } from '../setup/setup.ts';
import { type Client, makeClient } from './client.ts';
import { cloneDatabase, cloneEmpty, type Test } from './database.ts';
import { freePort } from './port.ts';

export interface AppOptions {
  /** Pack in force; `us` if left out. `undefined` organization: not set up. */
  jurisdiction?: string;
  /** `false`: the party is not set up yet. */
  isSetUp?: boolean;
  locale?: string;
  /** Folders of outside plugins, or names of packages; bundled ones are there anyway. */
  plugins?: string[];
  /** Folders of outside themes. */
  themes?: string[];
  /** ISO time at which the test begins. */
  now?: string;
  /** Hosts (`127.0.0.1:4711`) that plugins may reach although they are private. */
  allowPrivate?: string[];
  smtpUrl?: string;
  /** `web` if left out; a worker listens nowhere. */
  role?: 'worker';
  /** Name servers (`127.0.0.1:4711`) for what is asked about sending domains. */
  dnsServers?: string[];
  /** How long a plugin's handler may take; 30 s if left out. */
  handlerMs?: number;
  /** A database without a table, as on the first day; else all bundled plugins' tables are there. */
  isFresh?: boolean;
  /** A database that is there already, e.g. of a server that was stopped. */
  databaseUrl?: string;
  /** Leave out what the law wants told of the party. */
  isAnonymous?: boolean;
}

export interface App {
  /** Where it listens, e.g. `http://localhost:4711`. */
  url: string;
  house: House;
  clock: ReturnType<typeof fixedClock>;
  /** A browser without scripts that nobody is logged in with. */
  visitor(): Client;
  /** The same, logged in with a role at an organization (the root if left out). */
  staff(role?: Role, organizationId?: string): Promise<Client>;
  /** The operator's scope on an organization (the root if left out). */
  scope(organizationId?: string, actor?: Actor): Scope;
  /** The services as this plugin gets them. */
  get(plugin: string): Get;
  /** A chapter below the root; answers its id. */
  chapter(name: string, jurisdiction?: string): Promise<string>;
  /** Runs the jobs that are due until there is none. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

const legal = {
  controller: 'Parti de l’Exemple',
  address: '1 rue de la République, 69001 Lyon',
  contact: 'donnees@example.org',
  publicationDirector: 'Camille Exemple',
  host: 'Hébergeur, 2 quai du Port, +33 4 00 00 00 00',
};

/** Stops by itself when the test ends. About a second. */
export async function makeApp(t: Test, options: AppOptions = {}): Promise<App> {
  const databaseUrl = options.databaseUrl ?? (await clone(t, options)).url;
  const data = mkdtempSync(join(tmpdir(), 'rostra-app-'));
  const port = await freePort();
  const config = readConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    ROSTRA_URL: `http://localhost:${port}`,
    ROSTRA_DATA: data,
    ROSTRA_SECRET: 'a secret that only this test knows, long enough',
    ROSTRA_ROLE: options.role ?? 'web',
    ROSTRA_PLUGINS: (options.plugins ?? []).filter(isOutside).join(','),
    ROSTRA_THEMES: (options.themes ?? []).join(','),
    ROSTRA_LOG: process.env.ROSTRA_TEST_LOG ?? 'silent',
    SMTP_URL: options.smtpUrl,
    ROSTRA_DNS: (options.dnsServers ?? []).join(','),
    DATABASE_URL: databaseUrl,
  });
  const clock = fixedClock(options.now ?? '2026-11-24T10:00:00Z');
  const log = makeLog(config.logLevel);
  const server = await startServer(config, {
    ...{ log, clock, allowPrivate: options.allowPrivate, handlerMs: options.handlerMs },
  });
  const { house } = server;
  const stop = once(async () => {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  });
  t.teardown(stop);
  if (options.isSetUp !== false && !house.organizations.root()) {
    await setUp(house, {
      jurisdiction: options.jurisdiction ?? 'us',
      party: 'Parti de l’Exemple',
      locale: options.locale ?? 'en',
      timeZone: 'Europe/Paris',
      legal: options.isAnonymous ? {} : legal,
      administrator: {
        name: 'Ada Admin',
        email: 'ada@example.org',
        password: 'correct horse battery',
      },
    });
  }
  const party = (): string => house.organizations.root()?.id ?? '0';
  return {
    url: config.url,
    house,
    clock,
    visitor: () => makeClient(config.url),
    staff: async (role = 'administrator', organizationId = party()) =>
      makeClient(config.url, await logInAs(house, role, organizationId)),
    scope: (organizationId = party(), actor = { kind: 'system', name: 'test' }) =>
      house.scopes.make({ organizationId, actor }),
    get: (plugin) => {
      const found = house.registry.find(plugin);
      if (!found) throw new Error(`There is no plugin "${plugin}".`);
      return house.getFor(partyOf(found.manifest));
    },
    chapter: (name, jurisdiction) => {
      const scope = house.scopes.make({
        organizationId: party(),
        actor: { kind: 'system', name: 'test' },
      });
      const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
      return house.verbs.createOrganization(scope, { name, slug, jurisdiction });
    },
    drain: () => house.jobs.drain(),
    stop,
  };
}

/** So that a plugin's test may name its own folder wherever it lies. */
function isOutside(folder: string): boolean {
  return dirname(folder) !== join(root, 'plugins');
}

function clone(t: Test, { isFresh }: AppOptions): Promise<{ url: string }> {
  return isFresh ? cloneEmpty(t) : cloneDatabase(t);
}

let accounts = 0;
/** Without the log-in page: a session as it would be opened behind it, second factor shown. */
async function logInAs(house: House, role: string, organizationId: string): Promise<string> {
  const now = house.clock.now();
  const { db } = house.database;
  accounts += 1;
  const email = `staff${accounts}@example.org`;
  const accountId = await insertAccount(db, {
    email,
    name: `Staff ${accounts}`,
    locale: 'en',
    now,
  });
  if (!accountId) throw new Error('the account is there already');
  await insertRole(db, { accountId, organizationId, role, now });
  const origin = { ip: '127.0.0.1', agent: 'test' };
  return openSession({ db, now: () => now }, accountId, origin, { grace: true });
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

// PostgreSQL in the data folder, for those who have no server of their own: made, started, adopted, stopped.

import { mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, prepareSocketFolder } from './cluster.ts';
import { type Lock, ownerOf, takeLock } from './lock.ts';
import { flushNewborn, isNewborn } from './newborn.ts';
import { livingPostmaster, type Postmaster, removeStalePid, socketPort } from './postmaster.ts';
import { checkReach, findServerUser } from './server-user.ts';
import { spawnServer } from './spawn.ts';
import { StartError } from './start-error.ts';

export interface EmbeddedOptions {
  /** The data folder; PostgreSQL lives in `postgres/` below it. */
  data: string;
  log: Log;
  /** `true`: be its one owner or fail. `false`: use it beside its owner, own it only while there is none. */
  owner: boolean;
  /** Nothing is flushed to disk: for tests. */
  fast?: boolean;
}

export interface Embedded {
  url: string;
  owned: boolean;
  /** What is written before may be lost if the process is killed: see `isNewborn`. */
  onDisk: Promise<void>;
  /** Does nothing unless owned. */
  stop(): Promise<void>;
}

const databaseName = 'rostra';

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const data = openFolder(options.data);
  const lock = takeLock(data);
  if (typeof lock !== 'number') return own(data, lock, options);
  if (!options.owner) return useBeside(data, lock);
  throw new StartError(
    `Rostra is already running on ${data} (process ${lock}): stop it first, or name another folder in ROSTRA_DATA.`,
  );
}

function openFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    return realpathSync(folder);
  } catch (cause) {
    const { message } = cause as Error;
    throw new StartError(
      `The data folder ${folder} cannot be used (${message}): give this user the right to write there, or name another in ROSTRA_DATA.`,
      { cause },
    );
  }
}

async function own(
  data: string,
  lock: Lock,
  { log, fast = false }: EmbeddedOptions,
): Promise<Embedded> {
  try {
    const cluster = join(data, 'postgres');
    const postmaster =
      livingPostmaster(cluster) ?? (await startServer(data, cluster, { log, fast }));
    const onDisk = isNewborn(cluster) ? flushFiles(data, cluster) : Promise.resolve();
    onDisk.catch(() => {});
    await ready(postmaster);
    log.debug({ pid: postmaster.pid }, 'PostgreSQL is ready');
    const stop = async () => {
      await onDisk.catch(() => {});
      await stopServer(cluster, log);
      lock.release();
    };
    return { url: urlOf(postmaster, databaseName), owned: true, onDisk, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function useBeside(data: string, owner: number): Promise<Embedded> {
  const cluster = join(data, 'postgres');
  while (ownerOf(data) === owner) {
    const postmaster = isNewborn(cluster) ? undefined : livingPostmaster(cluster);
    if (postmaster) {
      await ready(postmaster);
      const rest = { onDisk: Promise.resolve(), stop: async () => {} };
      return { url: urlOf(postmaster, databaseName), owned: false, ...rest };
    }
    await wait(50);
  }
  throw new StartError('Rostra stopped just now: run the command again.');
}

async function startServer(
  data: string,
  cluster: string,
  { log, fast }: { log: Log; fast: boolean },
): Promise<Postmaster> {
  const binaries = findBinaries(join(data, 'lib'));
  const user = await findServerUser();
  await checkReach(user, { 'the program': binaries.postgres, 'the data folder': data });
  await removeStalePid(cluster);
  if (isNewborn(cluster)) log.warn('the first start was cut short: PostgreSQL is made anew');
  await createCluster({ cluster, binaries, user, fast });
  const sockets = prepareSocketFolder(cluster, user);
  return spawnServer({ data, cluster, sockets, binaries, user, fast });
}

async function flushFiles(data: string, cluster: string): Promise<void> {
  await flushNewborn(cluster, findBinaries(join(data, 'lib')), await findServerUser());
}

/** As long as the server lives: recovery after a crash takes the time it takes. */
async function ready(postmaster: Postmaster): Promise<void> {
  for (;;) {
    try {
      return await end(await clientOf(postmaster, databaseName));
    } catch (error) {
      if (isMissing(error)) return nameDatabase(postmaster);
      if (!postmaster.lives()) throw failed(postmaster);
      if (!isStarting(error)) throw error;
    }
    await wait(15);
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === '3D000';
}

/** A new cluster has an empty database: to name it is a fifth of a second quicker than to copy it. */
async function nameDatabase(postmaster: Postmaster): Promise<void> {
  const client = await clientOf(postmaster, 'template1');
  try {
    await client.query(`alter database postgres rename to ${databaseName}`);
  } catch (error) {
    // The owner and a command beside it may both have found it without its name.
    if (!['3D000', '42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await end(client);
  }
}

function isStarting(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code);
}

function failed(postmaster: Postmaster): StartError {
  return new StartError(
    `The built-in PostgreSQL stopped at its start (${postmaster.lastWords()}): its log, postgres.log in the data folder, says more.`,
  );
}

async function stopServer(cluster: string, log: Log): Promise<void> {
  const postmaster = livingPostmaster(cluster);
  if (!postmaster) return;
  // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, nobody is waited for.
  process.kill(postmaster.pid, 'SIGINT');
  for (let waited = 0; postmaster.lives(); waited += 10) {
    if (waited === 10_000) log.warn('PostgreSQL takes long to stop');
    await wait(10);
  }
  removeEmpty(postmaster.sockets);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, or gone: not ours to mind.
  }
}

function urlOf(postmaster: Postmaster, database: string): string {
  return `postgres://rostra@${encodeURIComponent(postmaster.sockets)}:${socketPort}/${database}`;
}

async function clientOf(postmaster: Postmaster, database: string): Promise<pg.Client> {
  // Read while PostgreSQL comes up.
  const { default: library } = await import('pg');
  const client = new library.Client({ connectionString: urlOf(postmaster, database) });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await end(client);
    throw error;
  }
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}

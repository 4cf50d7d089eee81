// Backup and restore of 200,000 people beside a bare COPY of the same tables, both in one run.
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { backUp } from '../core/backup/backup.ts';
import * as catalogue from '../core/backup/catalogue.sql.ts';
import { keyOf } from '../core/backup/format.ts';
import { restore, sourcesOf } from '../core/backup/restore.ts';
import { systemClock as clock } from '../core/clock.ts';
import { type Config, readConfig } from '../core/config.ts';
import { type Database, openDatabase } from '../core/database/connect.ts';
import { startEmbedded } from '../core/database/embedded.ts';
import { coreId, pluginsWithTables } from '../core/database/ledger.ts';
import { migrate } from '../core/database/migrate.ts';
import { makeLog } from '../core/log.ts';
import { root } from './child.ts';
import { fillCrowd } from './crowd.ts';
import { atLeast, type Bench, below, median } from './measure.ts';
import { makeData, startServer } from './server.ts';

const people = 200_000;
const rounds = 3;
const part = 0.3;
/** Megabytes that the program may hold, however large the party. */
const memory = 300;
const log = makeLog('error');

export const backup: Bench = {
  name: 'backup',
  async run(say) {
    const data = await makeData();
    try {
      await (await startServer(data.folder)).stop();
      const embedded = await startEmbedded({ data: data.folder, log, owner: true });
      try {
        return await measure(data.folder, embedded.url, say);
      } finally {
        await embedded.stop();
      }
    } finally {
      await data.remove();
    }
  },
};

interface Times {
  bareOut: number[];
  out: number[];
  bareIn: number[];
  in: number[];
}

async function measure(folder: string, url: string, say: (line: string) => void) {
  const config = readConfig({ ROSTRA_DATA: folder, DATABASE_URL: url });
  const database = openDatabase({ url, log });
  await fillCrowd(database.db, people);
  const files = path.join(folder, 'bare');
  await mkdir(files);
  const bare = await makeBare(url, config, await pluginsWithTables(database.db));
  const times: Times = { bareOut: [], out: [], bareIn: [], in: [] };
  let rows = 0;
  let bytes = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const file = path.join(folder, `round-${round}.tar.gz`);
    times.bareOut.push(await timed(async () => void (rows = await copyAllOut(database, files))));
    times.out.push(
      await timed(async () => void ({ bytes } = await backUp({ config, database, clock, file }))),
    );
    times.bareIn.push(await timed(() => copyAllIn(bare, files)));
    await empty(bare);
    const target = await makeDatabase(url, 'target');
    const into = { ...config, databaseUrl: target, databaseDirectUrl: target };
    times.in.push(await timed(() => restore({ config: into, log, clock, file, erasures: [] })));
    say(
      `  round ${round}: ${Object.entries(times)
        .map(([name, all]) => `${name} ${all.at(-1)?.toFixed()} ms`)
        .join(', ')}`,
    );
    if (round < rounds) await rm(file);
  }
  await bare.close();
  await database.close();
  const file = path.join(folder, `round-${rounds}.tar.gz`);
  const held = {
    out: await peak(['backup', path.join(folder, 'peak.tar.gz')], {
      ROSTRA_DATA: folder,
      DATABASE_URL: url,
    }),
    in: await peak(['restore', file], {
      ROSTRA_DATA: folder,
      DATABASE_URL: await makeDatabase(url, 'target'),
    }),
  };
  const rate = (all: number[]) => rows / (median(all) / 1000);
  const notes = { people, rows, 'archive MB': bytes / 1e6 };
  return [
    atLeast(part, {
      name: 'backup',
      value: rate(times.out),
      limit: rate(times.bareOut),
      unit: 'rows/s',
      notes,
    }),
    atLeast(part, {
      name: 'restore',
      value: rate(times.in),
      limit: rate(times.bareIn),
      unit: 'rows/s',
      notes,
    }),
    below(1, { name: 'memory of a backup', value: held.out, limit: memory, unit: 'MB', notes: {} }),
    below(1, { name: 'memory of a restore', value: held.in, limit: memory, unit: 'MB', notes: {} }),
  ];
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

/** The same tables with all their indexes and keys, without rows. */
async function makeBare(url: string, config: Config, kept: Set<string>): Promise<Database> {
  const database = openDatabase({ url: await makeDatabase(url, 'bare'), log });
  const sources = sourcesOf(config).filter(({ plugin }) => plugin === coreId || kept.has(plugin));
  await migrate({ database, sources, log });
  await empty(database);
  return database;
}

async function makeDatabase(url: string, name: string): Promise<string> {
  await withClient(url, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
  });
  return url.replace(/\/[^/]*$/, `/${name}`);
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** One stream a table, to the disk as it comes. */
function copyAllOut({ url }: Database, folder: string): Promise<number> {
  return withClient(url, async (client) => {
    let rows = 0;
    for (const table of await tablesOf(client)) {
      const copy = client.query(copyTo(catalogue.copyOut(client, table)));
      await pipeline(copy, createWriteStream(path.join(folder, keyOf(table))));
      rows += copy.rowCount;
    }
    return rows;
  });
}

/** Neither triggers nor keys to other tables are asked: only a superuser may do so. */
function copyAllIn({ url }: Database, folder: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query('begin; set local session_replication_role = replica');
    for (const table of await tablesOf(client)) {
      const copy = client.query(copyFrom(catalogue.copyIn(client, table)));
      await pipeline(createReadStream(path.join(folder, keyOf(table))), copy);
    }
    await client.query('commit');
  });
}

async function tablesOf(client: pg.Client): Promise<catalogue.FoundTable[]> {
  return catalogue.findTables(client, catalogue.schemasOf(await catalogue.findLedger(client)));
}

async function empty({ url }: Database): Promise<void> {
  await withClient(url, async (client) => {
    const names = (await tablesOf(client)).map((table) => keyOf(table)).join(', ');
    await client.query('begin; set local session_replication_role = replica');
    await client.query(`truncate ${names} cascade; commit`);
  });
}

/** The most that the command held, in megabytes. */
async function peak(words: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = execFile(process.execPath, [path.join(root, 'core/bin.mjs'), ...words], {
    env: { ...process.env, ...env },
  });
  let most = 0;
  while (child.exitCode === null) {
    most = Math.max(most, held(child.pid ?? 0));
    await sleep(50);
  }
  if (child.exitCode !== 0) throw new Error(`${words[0]} ended with ${child.exitCode}.`);
  return most;
}

function held(pid: number): number {
  try {
    return (
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    );
  } catch {
    // It ended just now.
    return 0;
  }
}

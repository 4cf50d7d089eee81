// Migrations: one ledger for the core and all plugins, run by one process at a time.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { connectChecked, type Database, type Db, openPool, withoutWaiting } from './connect.ts';
import { chapterRole, layGround } from './ground.ts';
import { coreId, ledger, schemaOf, stepsInLedger } from './ledger.ts';
import { StartError } from './start-error.ts';

export interface MigrationSource {
  /** A plugin's id, or `core`, which comes first. */
  plugin: string;
  /** Absolute path of the folder with its steps. */
  folder: string;
  /** Steps that may run; all if left out. For the state that a backup was made of. */
  only?: ReadonlySet<string>;
}

export interface Migrated {
  /** Steps, `<plugin>/<file without ending>`, in the order in which they ran. */
  ran: string[];
  failed: { plugin: string; error: Error }[];
}

interface Run {
  database: Database;
  /** In order of `requires`, the core first. */
  sources: MigrationSource[];
  log: Log;
  /** Asked under the lock, before anything is done. */
  before?: (client: pg.Client) => Promise<void>;
}

/** Any fixed number that nothing else in the database locks. */
const migrationLock = 7_267_801;

/** A plugin whose migration fails is told in `failed`; the core's failure is thrown. */
export async function migrate({ database, sources, log, before }: Run): Promise<Migrated> {
  const lock = await connectChecked(database);
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    await before?.(lock);
    await layGround(lock);
    if (await isUpToDate(database.db, sources)) return { ran: [], failed: [] };
    return await runAll({ database, sources, log });
  } finally {
    await lock.end();
  }
}

/** Whether the ledger says what the files say; whatever is wrong is told by the run itself. */
async function isUpToDate(db: Db, sources: MigrationSource[]): Promise<boolean> {
  const done = await stepsInLedger(db);
  try {
    const waiting = sources.map(async (source) => {
      return stepsToRun(done, source.plugin, await listSteps(source));
    });
    return (await Promise.all(waiting)).flat().length === 0;
  } catch {
    return false;
  }
}

async function runAll({ database, sources, log }: Run): Promise<Migrated> {
  const db = openPool(database.directUrl, { max: 2, settings: withoutWaiting, log });
  try {
    await createSchema(db, coreId);
    // Only a process that died holding it can have left it: we hold the lock above.
    await db.migrate.forceFreeMigrationsLock(ledger);
    return await runSources(db, sources, log);
  } finally {
    await db.destroy();
  }
}

/** Steps that a migration would run now; a process that does not migrate waits until there are none. */
export async function pendingSteps(db: Db, sources: MigrationSource[]): Promise<string[]> {
  const done = new Set(await stepsInLedger(db));
  const listed = await Promise.all(sources.map(listSteps));
  const known = listed.flat().map((step) => step.name);
  refuseNewer([...done], new Set(known));
  return known.filter((name) => !done.has(name));
}

/** Every step that the files have, whether or not it ran. */
export async function stepsOf(sources: MigrationSource[]): Promise<string[]> {
  return (await Promise.all(sources.map(listSteps))).flat().map((step) => step.name);
}

async function runSources(db: Db, sources: MigrationSource[], log: Log): Promise<Migrated> {
  const result: Migrated = { ran: [], failed: [] };
  await readAhead(db, sources);
  for (const source of sources) {
    try {
      await runSource(db, source, result.ran, log);
    } catch (thrown) {
      if (source.plugin === coreId) throw thrown;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      log.error({ plugin: source.plugin, error: error.message }, 'migration failed');
      result.failed.push({ plugin: source.plugin, error });
    }
  }
  return result;
}

/** The files of steps are read while those before them run; what is wrong with one is told in its turn. */
async function readAhead(db: Db, sources: MigrationSource[]): Promise<void> {
  const done = new Set(await stepsInLedger(db));
  const listed = await Promise.all(sources.map((source) => listSteps(source).catch(() => [])));
  for (const step of listed.flat()) if (!done.has(step.name)) read(step).catch(() => {});
}

async function runSource(db: Db, source: MigrationSource, ran: string[], log: Log): Promise<void> {
  const steps = await listSteps(source);
  const waiting = stepsToRun(await stepsInLedger(db), source.plugin, steps);
  if (waiting.length === 0) return;
  await createSchema(db, source.plugin);
  try {
    // Each in a transaction of its own.
    await db.migrate.latest({ ...ledger, migrationSource: sourceOf(steps) });
  } finally {
    const done = new Set(await stepsInLedger(db));
    const names = waiting.map(({ name }) => name).filter((name) => done.has(name));
    for (const step of names) log.info({ step }, 'migrated');
    ran.push(...names);
  }
  await letChaptersRead(db, schemaOf(source.plugin));
}

/** What is in the ledger must be how the plugin's list begins, else its tables are not what we think. */
function stepsToRun(inLedger: readonly string[], plugin: string, steps: Step[]): Step[] {
  const done = inLedger.filter((name) => name.startsWith(`${plugin}/`)).sort();
  if (plugin === coreId) refuseNewer(done, new Set(steps.map((step) => step.name)));
  const wrong = done.findIndex((name, index) => steps[index]?.name !== name);
  if (wrong >= 0) {
    const expected = steps[wrong]?.name ?? 'nothing';
    throw new Error(
      `The database has run ${done[wrong]} where the files have ${expected}: install the version of "${plugin}" that made it, or a newer one.`,
    );
  }
  return steps.slice(done.length);
}

function refuseNewer(done: string[], known: Set<string>): void {
  const unknown = done.find((name) => name.startsWith(`${coreId}/`) && !known.has(name));
  if (!unknown) return;
  throw new StartError(
    `The database is newer than this program (it has ${unknown}): start the newer Rostra, or restore a backup made by this one.`,
  );
}

async function createSchema(db: Db, plugin: string): Promise<void> {
  const schema = schemaOf(plugin);
  // Asked first: "if not exists" wants the right to create even when there is nothing to do.
  const found = await db.raw('select to_regnamespace(:schema) is not null as there', { schema });
  if (!found.rows[0].there) await db.raw('create schema ??', [schema]);
}

async function letChaptersRead(db: Db, schema: string): Promise<void> {
  await db.raw('grant usage on schema ?? to ??', [schema, chapterRole]);
  await db.raw('grant select on all tables in schema ?? to ??', [schema, chapterRole]);
}

interface Step {
  name: string;
  file: string;
}

async function listSteps({ plugin, folder, only }: MigrationSource): Promise<Step[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.(ts|js|mjs)$/.test(file));
  const steps = files.sort().map((file) => ({
    name: `${plugin}/${file.replace(/\.\w+$/, '')}`,
    file: join(folder, file),
  }));
  return only ? steps.filter(({ name }) => only.has(name)) : steps;
}

function sourceOf(steps: Step[]): Knex.MigrationSource<Step> {
  return {
    getMigrations: async () => steps,
    getMigrationName: (step) => step.name,
    // The whole module, so that its `config.transaction` is heard.
    getMigration: read,
  };
}

function read({ file }: Step): Promise<Knex.Migration> {
  return import(pathToFileURL(file).href);
}

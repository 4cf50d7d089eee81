// Restores a backup into an empty server: whole, or not at all.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import semver from 'semver';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { checkServer, type Database } from '../database/connect.ts';
import { coreId } from '../database/ledger.ts';
import { type MigrationSource, migrate, stepsOf } from '../database/migrate.ts';
import { connect } from '../database/open.ts';
import { StartError } from '../database/start-error.ts';
import { migrateJobs } from '../jobs/jobs.ts';
import type { Log } from '../log.ts';
import { contractVersion, findManifests } from '../manifests.ts';
import { coreSource, hasMigrations, sourceOf } from '../migration-sources.ts';
import {
  type ArchiveEntry,
  type ArchiveReader,
  contentOf,
  readArchive,
  readManifest,
} from './archive.ts';
import { secretCheck } from './backup.ts';
import * as catalogue from './catalogue.sql.ts';
import { format, keyOf, type Manifest, names, tableOfPart } from './format.ts';
import { standAgain, standAside } from './load.sql.ts';
import { putBeside, takePack } from './packs.ts';
import { type Replayed, replay } from './replay.ts';
import { demandEmpty, emptyAgain, lockBackups, mark, unmark } from './target.ts';
import { dropFiles, takeUpload } from './uploads.ts';

export interface RestoreRequest {
  config: Config;
  log: Log;
  clock: Clock;
  file: string;
  /** Journals of erasures. */
  erasures: string[];
  /** Where uploads and the secret go, if not into the data folder. */
  data?: string;
  /** Nothing was sent since: messages that wait go out. */
  isMove?: boolean;
}

export interface Restored extends Replayed {
  manifest: Manifest;
  rows: number;
}

export async function restore(request: RestoreRequest): Promise<Restored> {
  const { config, log, file } = request;
  const manifest = await readManifest(file);
  const sources = sourcesOf(config);
  await demandFit(manifest, sources, file);
  const secret = await secretFor(request, manifest);
  const settled = { ...config, secret: Buffer.from(secret ?? config.secret) };
  const { database, closeDatabase } = await connect(settled, { log, owner: true });
  try {
    return await into(database, { ...request, config: settled }, { manifest, sources, secret });
  } finally {
    await closeDatabase();
  }
}

interface Plan {
  manifest: Manifest;
  sources: MigrationSource[];
  /** To be kept in the data folder. */
  secret: string | undefined;
}

async function into(database: Database, request: RestoreRequest, plan: Plan): Promise<Restored> {
  const { config, log, file, data = config.data } = request;
  const { manifest, secret } = plan;
  const schemas = [
    ...new Set([...schemasOf(plan), ...catalogue.schemasOf(manifest.ledger), 'graphile_worker']),
  ];
  await checkServer(database);
  const client = await database.direct();
  const files: string[] = [];
  try {
    await lockBackups(client);
    await demandEmpty(client, schemas, config);
    await mark(client, file);
    try {
      const only = new Set(manifest.ledger);
      const past = plan.sources.map((source) => ({ ...source, only }));
      const { failed } = await migrate({ database, sources: past.filter(hasSteps(manifest)), log });
      if (failed[0]) throw failed[0].error;
      await migrateJobs({ database, log });
      const damaged: string[] = [];
      const rows = await load(client, file, { manifest, data, files, damaged });
      await client.query('commit');
      const unread = await putBeside(files, data);
      const { remarks, ...replayed } = await replay({ ...request, manifest });
      // Under the mark: cut off before this, no start comes so far as to miss the right secret.
      if (secret) await keepSecret(data, secret);
      await unmark(client);
      return {
        manifest,
        rows,
        ...replayed,
        remarks: [...remarks, ...unread, ...damaged.map(leftOut)],
      };
    } catch (error) {
      await dropFiles(files);
      await emptyAgain(client, schemas);
      throw error;
    }
  } finally {
    await client.end();
  }
}

function leftOut(name: string): string {
  return `The file ${name} was damaged before it was backed up, and is left out.`;
}

/** Whole or not at all. */
async function keepSecret(data: string, secret: string): Promise<void> {
  const partial = join(data, '.secret');
  await writeFile(partial, secret, { mode: 0o600, flush: true });
  await rename(partial, join(data, 'secret'));
}

interface Load {
  manifest: Manifest;
  data: string;
  /** Uploads and packs that were not there before. */
  files: string[];
  damaged: string[];
}

/** One transaction, left open: it is committed once the archive has proved to be whole. */
async function load(client: pg.Client, file: string, load: Load) {
  const { manifest } = load;
  await client.query('begin');
  await demandKnown(client, manifest, file);
  const aside = await standAside(client, catalogue.schemasOf(manifest.ledger));
  const archive = readArchive(file);
  try {
    const counts = await readEntries(client, archive, load);
    await standAgain(client, aside);
    return sumOf(counts, archive.rows(), file);
  } finally {
    archive.close();
  }
}

/** What an archive names is written to: only what the migrations made. */
async function demandKnown(client: pg.Client, { ledger, tables }: Manifest, file: string) {
  const found = await catalogue.findTables(client, catalogue.schemasOf(ledger));
  const known = new Set(found.map(keyOf));
  const strange = tables.find((table) => !known.has(keyOf(table)));
  if (!strange) return;
  throw new StartError(`${file} has a table that is not of Rostra (${keyOf(strange)}).`);
}

async function readEntries(client: pg.Client, archive: ArchiveReader, load: Load) {
  const counts: Record<string, number> = {};
  const tables = new Map(load.manifest.tables.map((table) => [keyOf(table), table]));
  let entry = await archive.next();
  while (entry) {
    const key = tableOfPart(entry.name);
    const table = key && tables.get(key);
    if (key && table) {
      const parts = partsOf(archive, key, entry);
      counts[key] = await copyInto(client, catalogue.copyIn(client, table), parts.chunks());
      entry = parts.following();
    } else {
      await readOther(client, entry, load);
      entry = await archive.next();
    }
  }
  return counts;
}

/** What PostgreSQL cannot read was not written by it: a bit fell over before the sums could tell. */
async function copyInto(client: pg.Client, sql: string, chunks: AsyncIterable<Buffer>) {
  const copy = client.query(copyFrom(sql));
  try {
    await pipeline(Readable.from(chunks, { objectMode: false }), copy);
  } catch (cause) {
    if (!/^2[23]/.test((cause as { code?: string }).code ?? '')) throw cause;
    const message = 'The archive is damaged: a row is not what was written. Take another archive.';
    throw new StartError(message, { cause });
  }
  return copy.rowCount;
}

/** The parts of one table as one stream; what follows them was read already. */
function partsOf(archive: ArchiveReader, key: string, first: ArchiveEntry) {
  let entry: ArchiveEntry | undefined = first;
  return {
    async *chunks() {
      while (entry && tableOfPart(entry.name) === key) {
        yield* entry.chunks();
        entry = await archive.next();
      }
    },
    following: () => entry,
  };
}

async function readOther(client: pg.Client, entry: ArchiveEntry, load: Load) {
  if (entry.name === names.sequences) {
    const sequences: catalogue.Sequence[] = JSON.parse(await contentOf(entry));
    const ours = new Set(catalogue.schemasOf(load.manifest.ledger));
    for (const sequence of sequences.filter(({ schema }) => ours.has(schema)))
      await catalogue.setSequence(client, sequence);
  } else if (entry.name === names.jobs) {
    await client.query(catalogue.makeWaiting);
    await copyInto(client, catalogue.copyJobsIn, entry.chunks());
    await catalogue.queueWaiting(client);
  } else if (entry.name.startsWith(names.packs)) {
    const path = await takePack(entry, load.data);
    if (path) load.files.push(path);
  } else if (entry.name.startsWith(names.uploads)) {
    const { path, isDamaged } = await takeUpload(entry, load.data);
    if (path) load.files.push(path);
    if (isDamaged) load.damaged.push(entry.name);
  } else await contentOf(entry);
}

function sumOf(counts: Record<string, number>, said: Record<string, number>, file: string): number {
  for (const [table, rows] of Object.entries(said)) {
    if ((counts[table] ?? 0) === rows) continue;
    throw new Error(`${file}: ${table} has ${counts[table] ?? 0} rows instead of ${rows}.`);
  }
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export function sourcesOf(config: Config): MigrationSource[] {
  return [coreSource, ...findManifests(config.plugins).filter(hasMigrations).map(sourceOf)];
}

function hasSteps({ ledger }: Manifest) {
  return ({ plugin }: MigrationSource): boolean =>
    plugin === coreId || ledger.some((step) => step.startsWith(`${plugin}/`));
}

function schemasOf({ sources }: Plan): string[] {
  return catalogue.schemasOf(sources.map(({ plugin }) => `${plugin}/`));
}

/** The same or a newer program, with every plugin that has rows in the archive. */
async function demandFit(manifest: Manifest, sources: MigrationSource[], file: string) {
  const { rostra, ledger } = manifest;
  if (manifest.format > format || semver.gt(rostra, contractVersion)) {
    throw new StartError(
      `${file} was made by Rostra ${rostra}, and this is ${contractVersion}: restore it with that version or a newer one.`,
    );
  }
  const known = new Set(await stepsOf(sources));
  const strange = ledger.find((step) => !known.has(step));
  if (!strange) return;
  const plugin = strange.slice(0, strange.indexOf('/'));
  const isHere = sources.some((source) => source.plugin === plugin);
  const what = isHere ? `"${plugin}" as new as the one that made it` : `the plugin "${plugin}"`;
  throw new StartError(
    `${file} needs ${what} (it has ${strange}): install it, naming it in ROSTRA_PLUGINS if it is none of Rostra’s own.`,
  );
}

/** `undefined`: the one at hand is the right one. The archive's own is taken only where none is given. */
async function secretFor({ config, file }: RestoreRequest, manifest: Manifest) {
  if (secretCheck(config.secret) === manifest.secretCheck) return undefined;
  const carried = process.env.ROSTRA_SECRET ? undefined : await carriedSecret(file);
  if (carried && secretCheck(Buffer.from(carried)) === manifest.secretCheck) return carried;
  throw new StartError(
    `${file} was made under another secret than the one here: set ROSTRA_SECRET to that of the server which made it.`,
  );
}

async function carriedSecret(file: string): Promise<string | undefined> {
  const archive = readArchive(file);
  try {
    await contentOf((await archive.next()) as ArchiveEntry);
    const second = await archive.next();
    return second?.name === names.secret ? await contentOf(second) : undefined;
  } finally {
    archive.close();
  }
}

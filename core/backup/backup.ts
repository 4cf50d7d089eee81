// Makes a backup: every table in one consistent state, the queue, the party's own packs, and the files that were uploaded.
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { StartError } from '../database/start-error.ts';
import { contractVersion } from '../manifests.ts';
import { deriveKey } from '../secret.ts';
import { type ArchiveWriter, writeArchive } from './archive.ts';
import { type BackupRow, findRelease, insertBackup } from './backup.sql.ts';
import * as catalogue from './catalogue.sql.ts';
import { writeErasures } from './erasures.ts';
import { faultOf, fileName, inWords, prepareFolder } from './folder.ts';
import { type ArchivedTable, format, keyOf, type Manifest, names, partName } from './format.ts';
import { addPacks } from './packs.ts';
import { holdUploads, lockBackups } from './target.ts';
import { addUploads } from './uploads.ts';

export interface BackupRequest {
  config: Config;
  database: Database;
  clock: Clock;
  /** One named after the time in the folder of backups, if left out. */
  file?: string;
  /** Put into that name: `before-upgrade`. */
  occasion?: string;
}

export interface Backup {
  file: string;
  bytes: number;
  rows: number;
}

/** Tar wants to know a size before it is given the content. */
const partBytes = 4 * 1024 * 1024;

export async function backUp(request: BackupRequest): Promise<Backup> {
  const { config, database, clock } = request;
  const began = clock.now();
  const file = request.file ?? join(config.backups, fileName(began, request.occasion));
  const client = await database.direct();
  try {
    await lockBackups(client);
    await holdUploads(client);
    await prepareFolder(config.backups);
    await removeUnfinished(config.backups);
    await writeErasuresIfThere(client, database, config.backups);
    const written = await write(client, file, config, began);
    await note(request, { at: began, file, ...written });
    return { file, ...written };
  } catch (error) {
    if (!(error instanceof StartError)) {
      await note(request, { at: began, file, fault: faultOf(error) }).catch(() => {});
    }
    throw inWords(error, file);
  } finally {
    await client.end();
  }
}

/** On a connection of its own: the other may be stuck in the rows of a table. */
async function note({ database, clock }: BackupRequest, row: Omit<BackupRow, 'tookMs' | 'host'>) {
  const client = await database.direct();
  const tookMs = clock.now().getTime() - row.at.getTime();
  await insertBackup(client, { ...row, tookMs, host: hostname() }).finally(() => client.end());
}

/** Nobody else makes one now, so what is unfinished is of somebody who died. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^rostra-.*\.partial$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

async function writeErasuresIfThere(client: pg.Client, { db }: Database, folder: string) {
  if (await catalogue.isThere(client, 'core.erasure')) await writeErasures(db, folder);
}

async function write(client: pg.Client, file: string, config: Config, takenAt: Date) {
  await client.query('begin isolation level repeatable read, read only');
  await client.query(`set local datestyle = 'ISO'; set local intervalstyle = 'postgres'`);
  const manifest = await manifestOf(client, config, takenAt);
  const schemas = catalogue.schemasOf(manifest.ledger);
  const tables = await catalogue.findTables(client, schemas);
  const archive = await writeArchive(file);
  try {
    await archive.add(
      names.manifest,
      JSON.stringify({ ...manifest, tables: tables.map(plain) }, undefined, 1),
    );
    const secret = secretInFolder(config);
    if (secret) await archive.add(names.secret, secret);
    await addPacks(archive, config.data);
    const rows: Record<string, number> = {};
    for (const table of tables) {
      rows[keyOf(table)] = await addTable(client, archive, table);
    }
    await addQueue(client, archive);
    const sequences = await catalogue.findSequences(client, schemas);
    await archive.add(names.sequences, JSON.stringify(sequences));
    await client.query('commit');
    await addUploads(archive, config.data);
    const bytes = await archive.finish(rows);
    return { bytes, rows: Object.values(rows).reduce((sum, count) => sum + count, 0) };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

async function manifestOf(
  client: pg.Client,
  config: Config,
  takenAt: Date,
): Promise<Omit<Manifest, 'tables'>> {
  const ledger = await catalogue.findLedger(client);
  if (ledger.length === 0) throw new StartError('There is nothing to back up: no table is there.');
  return {
    format,
    rostra: (await findRelease(client)) ?? contractVersion,
    takenAt: takenAt.toISOString(),
    organization: await catalogue.findParty(client),
    secretCheck: secretCheck(config.secret),
    ledger,
  };
}

function plain({ schema, name, columns }: ArchivedTable): ArchivedTable {
  return { schema, name, columns };
}

async function addTable(client: pg.Client, archive: ArchiveWriter, table: catalogue.FoundTable) {
  const copy = client.query(copyTo(catalogue.copyOut(client, table)));
  let part = 0;
  for await (const content of inParts(copy)) {
    part += 1;
    await archive.add(partName(table, part), content);
  }
  return copy.rowCount;
}

async function addQueue(client: pg.Client, archive: ArchiveWriter): Promise<void> {
  if (!(await catalogue.isThere(client, 'graphile_worker._private_jobs'))) return;
  await archive.add(names.jobs, await buffer(client.query(copyTo(catalogue.copyJobsOut))));
}

async function* inParts(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < partBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Only the one that was made here: what the operator keeps elsewhere stays elsewhere. */
function secretInFolder({ data, secret }: Config): string | undefined {
  try {
    const kept = readFileSync(join(data, 'secret'), 'utf8').trim();
    return kept === secret.toString() ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function secretCheck(secret: Buffer): string {
  return deriveKey(secret, 'backup check').toString('hex');
}

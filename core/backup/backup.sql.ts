// Rows of backups that were made, of erasures and noes, and of the versions that ran.
import type pg from 'pg';
import type { Db } from '../database/connect.ts';
import { isThere } from './catalogue.sql.ts';
import type { Erasure, No } from './erasures.ts';

export interface BackupRow {
  at: Date;
  tookMs: number;
  host: string;
  file: string;
  bytes?: number;
  rows?: number;
  fault?: string;
}

/** A database older than this table keeps no list. */
export async function insertBackup(client: pg.Client, row: BackupRow): Promise<void> {
  if (!(await isThere(client, 'core.backup'))) return;
  await client.query(
    `insert into core.backup (at, took_ms, host, file, bytes, rows, fault) values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.at, row.tookMs, row.host, row.file, row.bytes, row.rows, row.fault],
  );
}

export type KeptBackup = BackupRow & { id: string };

export async function findBackups(db: Db, limit: number): Promise<KeptBackup[]> {
  const { rows } = await db.raw(
    `select id, at, took_ms as "tookMs", host, file, bytes::float8 as bytes, rows::float8 as rows, fault
     from core.backup order by at desc, id desc limit :limit`,
    { limit },
  );
  return rows.map((row: KeptBackup) => ({ ...row, fault: row.fault ?? undefined }));
}

/** What is known of the newest good one and of the newest of all. */
export async function findLastBackups(
  db: Db,
): Promise<{ good: KeptBackup | undefined; last: KeptBackup | undefined }> {
  const { rows } = await db.raw(
    'select id, at, host, file, fault from core.backup order by at desc, id desc limit 100',
  );
  const good = rows.find((row: { fault: string | null }) => row.fault === null);
  return { good, last: rows[0] };
}

export async function deleteBackupsBefore(db: Db, before: Date): Promise<void> {
  await db.raw('delete from core.backup where at < :before', { before });
}

export async function insertErasure(db: Db, erasure: Erasure): Promise<void> {
  const { at, personId, mergedInto = null, no } = erasure;
  await db.raw(
    `insert into core.erasure (at, person_id, merged_into, plugin, said)
     values (:at, :personId, :mergedInto, :plugin, :said)`,
    { at, personId, mergedInto, plugin: no?.plugin ?? null, said: no?.said ?? null },
  );
}

export async function findErasures(db: Db): Promise<Erasure[]> {
  const { rows } = await db.raw(
    // By name, since an upgrade is backed up before its steps have run.
    `select at, person_id as "personId", merged_into as "mergedInto",
       to_jsonb(e) ->> 'plugin' as plugin, to_jsonb(e) ->> 'said' as said
     from core.erasure e order by id`,
  );
  return rows.map(({ at, personId, mergedInto, plugin, said }: Erasure & No) => ({
    ...{ at, personId, mergedInto: mergedInto ?? undefined },
    ...(said && { no: { plugin, said } }),
  }));
}

export async function findRelease(client: pg.Client): Promise<string | undefined> {
  if (!(await isThere(client, 'core.release'))) return undefined;
  const { rows } = await client.query('select version from core.release order by id desc limit 1');
  return rows[0]?.version;
}

export async function noteRelease(db: Db, version: string, now: Date): Promise<void> {
  await db.raw(
    `insert into core.release (version, since) select :version, :now
     where (select version from core.release order by id desc limit 1) is distinct from :version`,
    { version, now },
  );
}

/** The list is of the server that made the archive, and of its disk. */
export async function forgetBackups(db: Db): Promise<void> {
  await db.raw('delete from core.backup');
}

/** Sent or not since the archive was taken: nobody here can know, so staff decide. */
export async function holdMails(db: Db, now: Date): Promise<number> {
  const { rowCount } = await db.raw(
    `update core.outbox set state = 'unknown', holder = null, settled_at = :now
     where state in ('ready', 'claimed', 'handed')`,
    { now },
  );
  return rowCount;
}

// The schemas that a restore makes, and the mark that says that it has not ended.
import type pg from 'pg';
import { isThere } from './catalogue.sql.ts';

const markSchema = 'rostra_restoring';

export async function findSchemas(client: pg.Client, schemas: string[]): Promise<string[]> {
  const { rows } = await client.query(
    'select nspname as name from pg_namespace where nspname = any ($1::text[])',
    [schemas],
  );
  return rows.map((row) => row.name);
}

export async function dropSchemas(client: pg.Client, schemas: string[]): Promise<void> {
  if (schemas.length === 0) return;
  const names = schemas.map((name) => client.escapeIdentifier(name)).join(', ');
  await client.query(`drop schema ${names} cascade`);
}

/** Migrated, but without a party: nobody has written anything yet. */
export async function isNeverSetUp(client: pg.Client): Promise<boolean> {
  if (!(await isThere(client, 'core.organization'))) return false;
  const { rows } = await client.query('select from core.organization limit 1');
  return rows.length === 0;
}

export async function setMark(client: pg.Client, file: string): Promise<void> {
  await client.query(`create schema if not exists ${markSchema}`);
  await client.query(`comment on schema ${markSchema} is ${client.escapeLiteral(file)}`);
}

export async function removeMark(client: pg.Client): Promise<void> {
  await client.query(`drop schema if exists ${markSchema}`);
}

export async function hasMark(client: pg.Client): Promise<boolean> {
  return (await readMark(client)) !== undefined;
}

/** The archive that was being restored. */
export async function readMark(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query(
    `select obj_description(oid, 'pg_namespace') as file from pg_namespace where nspname = $1`,
    [markSchema],
  );
  return rows[0] && (rows[0].file ?? 'an archive');
}

export async function takeLock(client: pg.Client, lock: number): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as mine', [lock]);
  return rows[0].mine;
}

export async function waitForLock(client: pg.Client, lock: number): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [lock]);
}

export async function isLocked(client: pg.Client, lock: number): Promise<boolean> {
  const isFree = await takeLock(client, lock);
  if (isFree) await client.query('select pg_advisory_unlock($1)', [lock]);
  return !isFree;
}

// What a database needs before its first migration: extensions, and the role that chapters read as.
import type pg from 'pg';
import { StartError } from './start-error.ts';

export const chapterRole = 'rostra_chapter';

/** Asked at each start: a role lives outside the database, so a restored one may come without it. */
export async function layGround(client: pg.Client): Promise<void> {
  const missing: string[] = [];
  for (const extension of ['ltree', 'pg_trgm', 'unaccent']) {
    const sql = `create extension if not exists ${extension}`;
    if (!(await hasExtension(client, extension))) await attempt(client, sql, missing);
  }
  if (!(await hasRole(client)))
    await attempt(client, `create role ${chapterRole} nologin`, missing);
  if (!(await mayActAsChapter(client))) {
    await attempt(client, `grant ${chapterRole} to current_user`, missing);
  }
  if (missing.length > 0) throw await lacksRights(client, missing);
}

const forbidden = '42501';
/** Duplicate object, unique violation, "tuple concurrently updated": another process did the same at once. */
const doneByAnother = ['42710', '23505', 'XX000'];

async function attempt(client: pg.Client, sql: string, missing: string[]): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === forbidden || code === '42704' || code === '0A000') missing.push(sql);
    else if (!doneByAnother.includes(code)) throw error;
  }
}

async function hasExtension(client: pg.Client, name: string): Promise<boolean> {
  const found = await client.query('select 1 from pg_extension where extname = $1', [name]);
  return found.rows.length > 0;
}

async function hasRole(client: pg.Client): Promise<boolean> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [chapterRole]);
  return found.rows.length > 0;
}

async function mayActAsChapter(client: pg.Client): Promise<boolean> {
  if (!(await hasRole(client))) return false;
  // Since version 16 a member may be one without the right to SET ROLE.
  const found = await client.query(
    `select pg_has_role(current_user, $1,
       case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) as may,
       (select rolsuper from pg_roles where rolname = current_user) as super`,
    [chapterRole],
  );
  return found.rows[0].may || found.rows[0].super;
}

async function lacksRights(client: pg.Client, missing: string[]): Promise<StartError> {
  const found = await client.query('select current_user as name, current_database() as database');
  const { name, database } = found.rows[0];
  const commands = missing.map((sql) => `${sql.replace('current_user', `"${name}"`)};`).join(' ');
  return new StartError(
    `The database user "${name}" lacks rights that Rostra needs: have an administrator of the server run in the database "${database}": ${commands}`,
  );
}

// What a database needs before its first migration: extensions, and the role that chapters read as.
import type pg from 'pg';
import { StartError } from './start-error.ts';

export const chapterRole = 'rostra_chapter';

/** Asked at each start: a role lives outside the database, so a restored one may come without it. */
export async function layGround(client: pg.Client): Promise<void> {
  const missing: string[] = [];
  const there = await look(client);
  for (const extension of extensions.filter((name) => !there.extensions.includes(name))) {
    await attempt(client, `create extension if not exists ${extension}`, missing);
  }
  if (!there.role) await attempt(client, `create role ${chapterRole} nologin`, missing);
  if (!there.may) await attempt(client, `grant ${chapterRole} to current_user`, missing);
  if (missing.length > 0) throw await lacksRights(client, missing);
}

const extensions = ['ltree', 'pg_trgm', 'unaccent'];

interface Found {
  extensions: string[];
  role: boolean;
  may: boolean;
}

async function look(client: pg.Client): Promise<Found> {
  // Since version 16 a member may be one without the right to SET ROLE.
  const found = await client.query(
    `select array(select extname::text from pg_extension) as extensions,
            role.oid is not null as role,
            own.rolsuper or coalesce(pg_has_role(own.oid, role.oid,
              case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end),
              false) as may
       from pg_roles own left join pg_roles role on role.rolname = $1
      where own.rolname = current_user`,
    [chapterRole],
  );
  return found.rows[0];
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

async function lacksRights(client: pg.Client, missing: string[]): Promise<StartError> {
  const found = await client.query('select current_user as name, current_database() as database');
  const { name, database } = found.rows[0];
  const commands = missing.map((sql) => `${sql.replace('current_user', `"${name}"`)};`).join(' ');
  return new StartError(
    `The database user "${name}" lacks rights that Rostra needs: have an administrator of the server run in the database "${database}": ${commands}`,
  );
}

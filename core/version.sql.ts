// Versions of what processes keep in memory: one row a name.
import type { Db } from './database/connect.ts';
import { prepared } from './database/prepared.ts';

/** What processes listen to; they read the rows when it sounds. */
export const channel = 'rostra';

export async function findVersions(db: Db): Promise<{ name: string; version: string }[]> {
  return db('core.version').select('name', 'version');
}

/** `0` before it first moved. */
export async function findVersion(db: Db, name: string): Promise<string> {
  const found = await prepared(db, 'select version from core.version where name = :name', { name });
  return found.rows[0]?.version ?? '0';
}

/** The notification says only that something moved: the row is what counts. */
export async function bumpVersion(db: Db, name: string): Promise<void> {
  await db.raw(
    `with bumped as (
       insert into core.version (name, version) values (:name, 1)
       on conflict (name) do update set version = core.version.version + 1
       returning name)
     select pg_notify('${channel}', name) from bumped`,
    { name },
  );
}

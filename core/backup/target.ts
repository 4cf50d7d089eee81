// Where a restore goes: an empty database, and a mark on it for as long as it holds half of an archive.
import type pg from 'pg';
import type { Config } from '../config.ts';
import { StartError } from '../database/start-error.ts';
import { bytesLock } from '../store/upload.sql.ts';
import { findParty } from './catalogue.sql.ts';
import * as sql from './target.sql.ts';

/** Any fixed number that nothing else in the database locks: one backup or restore at a time. */
const backupLock = 7_267_802;

/** Held until the client ends. */
export async function lockBackups(client: pg.Client): Promise<void> {
  if (await sql.takeLock(client, backupLock)) return;
  throw new StartError('A backup or a restore is under way already: wait until it has ended.');
}

/** From before the snapshot until the client ends: what the snapshot names is not removed. */
export async function holdUploads(client: pg.Client): Promise<void> {
  await sql.waitForLock(client, bytesLock);
}

/**
 * Nothing of anybody is lost: the database has none of our schemas, or those of a Rostra that was never set up, or
 * those of a restore that was cut off. Answers what was found.
 */
export async function demandEmpty(client: pg.Client, schemas: string[], config: Config) {
  const found = await sql.findSchemas(client, schemas);
  if (await sql.hasMark(client)) return sql.dropSchemas(client, found);
  const party = await findParty(client);
  const isOurs = await sql.isNeverSetUp(client);
  if (found.length > 0 && !isOurs) {
    const where = config.databaseUrl
      ? 'The database of DATABASE_URL'
      : `The data folder ${config.data}`;
    const what = party ? `holds ${party}` : `has a schema "${found[0]}"`;
    const other = config.databaseUrl ? 'a new database' : 'an empty folder in ROSTRA_DATA';
    throw new StartError(`${where} is not empty (it ${what}): a restore goes into ${other}.`);
  }
  await sql.dropSchemas(client, found);
}

/** Committed before the first table is there. */
export async function mark(client: pg.Client, file: string): Promise<void> {
  await sql.setMark(client, file);
}

export async function unmark(client: pg.Client): Promise<void> {
  await sql.removeMark(client);
}

/** As it was found: empty. */
export async function emptyAgain(client: pg.Client, schemas: string[]): Promise<void> {
  await client.query('rollback').catch(() => {});
  await sql.dropSchemas(client, await sql.findSchemas(client, schemas));
  await sql.removeMark(client);
}

/** Asked before a server or a command uses the database. */
export async function refuseHalfRestored(client: pg.Client): Promise<void> {
  const file = await sql.readMark(client);
  if (file === undefined) return;
  const isUnderWay = await sql.isLocked(client, backupLock);
  throw new StartError(
    isUnderWay
      ? `The backup ${file} is being restored into this database: wait until that has ended.`
      : `A restore of ${file} was cut off, so the database is not whole: run \`rostra restore\` with it again.`,
  );
}

// A database of its own for a test file: a clone of the template that `npm test` has migrated.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '../database/connect.ts';
import { makeLog } from '../log.ts';

/** What is needed of AVA's `t`. */
export interface Test {
  teardown(fn: () => unknown): void;
}

export interface Clone {
  database: Database;
  url: string;
}

/** The core's and all bundled plugins' tables, without rows. About 0.1 s, so once a file. */
export function cloneDatabase(t: Test): Promise<Clone> {
  return create(t, setting('ROSTRA_TEST_TEMPLATE'));
}

/** A database in which nothing has been migrated. */
export function cloneEmpty(t: Test): Promise<Clone> {
  return create(t, 'template0');
}

async function create(t: Test, template: string): Promise<Clone> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template} encoding 'UTF8'`);
  const url = urlOf(name);
  const database = openDatabase({ url, poolMax: 5, log: makeLog('silent') });
  t.teardown(async () => {
    await database.close();
    await administer(`drop database if exists ${name} with (force)`);
  });
  return { database, url };
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: setting('ROSTRA_TEST_DATABASE') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
function urlOf(database: string): string {
  return setting('ROSTRA_TEST_DATABASE').replace(/\/[^/?]*(\?.*)?$/, `/${database}$1`);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error('Tests need the database that `npm test` starts: run `npm test -- <file>`.');
  return value;
}

// The pool: knex over pg, and what the rest may know of it.
import knex, { type Knex } from 'knex';
import pg from 'pg';
import type { Log } from '../log.ts';
import { keepsStatements } from './prepared.ts';
import { StartError } from './start-error.ts';

/** Reads, or the transaction at hand. The only name by which other files know knex. */
export type Db = Knex;
export type Row = Record<string, unknown>;

export interface Database {
  /** The pool. */
  readonly db: Db;
  readonly url: string;
  /** The way round a pooler, for LISTEN, session locks and the job queue. */
  readonly directUrl: string;
  /** A connection of one's own, outside the pool; the caller ends it. */
  direct(): Promise<pg.Client>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** `url` if left out. */
  directUrl?: string;
  poolMax?: number;
  log: Log;
}

const statementTimeout = 60_000;
const connectTimeout = 10_000;
const oldestVersion = 15;
const dateType = 1082;
const dateArrayType = 1182;
const textType = 25;
const textArrayType: number = 1009;

/** Connects at the first query. */
export function openDatabase({
  url,
  directUrl = url,
  poolMax = 10,
  log,
}: DatabaseOptions): Database {
  // A pooler in transaction mode refuses settings in the startup message, and knows no statement of the one before.
  const isDirect = directUrl === url;
  const timeout = isDirect ? statementTimeout : undefined;
  const db = openPool(url, { max: poolMax, statementTimeout: timeout, isDirect, log });
  return {
    db,
    url,
    directUrl,
    direct: () => connectDirect(directUrl, log),
    close: () => db.destroy(),
  };
}

export interface PoolOptions {
  max: number;
  statementTimeout?: number;
  /** No pooler stands between. */
  isDirect?: boolean;
  /** More settings, for a connection that leads to no pooler. */
  settings?: string;
  log: Log;
}

/** A step that a power cut took back is run again; whatever is written after it takes it along to the disk. */
export const withoutWaiting = '-c synchronous_commit=off';

export function openPool(url: string, options: PoolOptions): Db {
  const { max, statementTimeout: timeout, isDirect = false, settings, log } = options;
  const db = knex({
    client: 'pg',
    connection: { ...connection(url), statement_timeout: timeout, options: settings },
    pool: { min: 0, max, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: connectTimeout,
    // The values that a statement was given do not go into the message of its error, and so into the log.
    compileSqlOnError: false,
    log: {
      warn: (message) => log.warn(String(message)),
      error: (message) => log.error(String(message)),
      deprecate: (method) => log.warn(`knex: ${method} is deprecated`),
      debug: () => {},
    },
  });
  db.userParams = { [keepsStatements]: isDirect };
  return db;
}

async function connectDirect(url: string, log: Log): Promise<pg.Client> {
  const client = new pg.Client(connection(url));
  // Without a listener, a cut connection would end the process.
  client.on('error', (error) =>
    log.warn({ error: error.message }, 'connection to PostgreSQL lost'),
  );
  await client.connect();
  return client;
}

function connection(url: string) {
  return {
    connectionString: url,
    application_name: 'rostra',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    types: { getTypeParser },
  };
}

/** A date without time stays a string: it has no time zone to be read in. */
function getTypeParser(oid: number, format?: string) {
  if (oid === dateType) return pg.types.getTypeParser(textType);
  if (oid === dateArrayType) return pg.types.getTypeParser(textArrayType);
  return pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text');
}

/** Throws a StartError unless the server answers and is one that Rostra can live on. */
export async function checkServer(database: Database): Promise<void> {
  const client = await connectChecked(database);
  await client.end();
}

/** As `checkServer`, and its connection is the caller's, who ends it. */
export async function connectChecked(database: Database): Promise<pg.Client> {
  const where = address(database.directUrl);
  const client = await database.direct().catch((error) => {
    throw explain(error, where);
  });
  try {
    const found = await client.query(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
    );
    checkFound(found.rows[0], where);
    if (database.url !== database.directUrl) await tryPooler(database);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function tryPooler({ db, url }: Database): Promise<void> {
  await db.raw('select 1').catch((error) => {
    throw explain(error, address(url));
  });
}

function checkFound(found: { version: number; encoding: string }, where: string): void {
  const version = Math.floor(found.version / 10_000);
  if (version < oldestVersion) {
    throw new StartError(
      `PostgreSQL at ${where} is version ${version}: Rostra needs ${oldestVersion} or newer, so upgrade it or set DATABASE_URL to another server.`,
    );
  }
  if (found.encoding !== 'UTF8') {
    throw new StartError(
      `The database at ${where} is encoded in ${found.encoding}: create one with "create database … encoding 'UTF8' template template0" and set DATABASE_URL to it.`,
    );
  }
}

function address(url: string): string {
  const client = new pg.Client({ connectionString: url });
  const place = client.host.startsWith('/') ? client.host : `${client.host}:${client.port}`;
  return client.database ? `${place}/${client.database}` : place;
}

function explain(error: unknown, where: string): Error {
  const { code, message } = error as { code?: string; message: string };
  const refusal: Record<string, string> = {
    '28P01': 'does not accept the password: correct it in DATABASE_URL.',
    '28000': `does not let us in (${message}): correct the user in DATABASE_URL or the server's pg_hba.conf.`,
    '3D000': 'does not exist: create the database, or correct its name in DATABASE_URL.',
    '53300': 'has no connection left: raise max_connections, or stop what holds them.',
    '57P03': 'is just starting or stopping: try again in a moment.',
  };
  const why =
    refusal[code ?? ''] ??
    `does not answer (${code ?? message}): start it, or correct DATABASE_URL.`;
  return new StartError(`PostgreSQL at ${where} ${why}`, { cause: error });
}

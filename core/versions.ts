// Versions of what processes keep in memory: bumped in the writing transaction, heard by all within a second.
import type pg from 'pg';
import { oneAtATime } from './bounded.ts';
import type { Database, Db } from './database/connect.ts';
import type { Log } from './log.ts';
import { bumpVersion, channel, findVersions } from './version.sql.ts';

export interface Versions {
  /** Within the caller's transaction; tells every process once it commits. Names: `house`, `site:<organization id>`. */
  bump(db: Db, name: string): Promise<void>;
  /** After the commit of a transaction that bumped: this process hears of it before anybody is answered. */
  settle(db: Db): Promise<void>;
  /** The last version heard of; `0` if none. */
  current(name: string): string;
  /** `*` when notifications may have been lost: drop everything. */
  listen(hear: (name: string) => void): void;
  /** Asks the database now. */
  poll(): Promise<void>;
  stop(): Promise<void>;
}

const pollEvery = 1000;
const reconnectAfter = 500;

interface Options {
  database: Database;
  log: Log;
}

/** Hears from the first moment: what was bumped before is known when this resolves. */
export async function makeVersions({ database, log }: Options): Promise<Versions> {
  const memory = makeMemory(database, log);
  const poll = oneAtATime(memory.read);
  const listener = await startListener({ database, log, changed: poll, lost: memory.forget });
  await poll();
  const bumpedIn = new WeakSet<Db>();
  const timer = setInterval(() => void poll().catch(() => {}), pollEvery);
  timer.unref();
  return {
    async bump(db, name) {
      bumpedIn.add(db);
      await bumpVersion(db, name);
    },
    async settle(db) {
      // What was written stands; if asking fails, the poll of the next second tells it.
      if (bumpedIn.delete(db)) await poll().catch(() => {});
    },
    poll,
    current: (name) => memory.versions.get(name) ?? '0',
    listen: memory.listen,
    stop: async () => {
      clearInterval(timer);
      await listener.stop();
    },
  };
}

function makeMemory({ db }: Database, log: Log) {
  const versions = new Map<string, string>();
  const ears: ((name: string) => void)[] = [];
  let isFirst = true;

  const tell = (name: string) => {
    for (const hear of ears) {
      try {
        hear(name);
      } catch (error) {
        log.error({ error, version: name }, 'a listener of versions failed');
      }
    }
  };

  const read = async () => {
    const found = await findVersions(db);
    const changed = found.filter(({ name, version }) => versions.get(name) !== version);
    for (const { name, version } of changed) versions.set(name, version);
    if (!isFirst) for (const { name } of changed) tell(name);
    isFirst = false;
  };

  return {
    versions,
    read,
    listen: (hear: (name: string) => void) => void ears.push(hear),
    forget: () => tell('*'),
  };
}

interface Listening extends Options {
  changed(): Promise<void>;
  lost(): void;
}

async function startListener({ database, log, changed, lost }: Listening) {
  let client: pg.Client | undefined;
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async () => {
    const opened = await database.direct();
    opened.on('notification', () => void changed().catch(() => {}));
    try {
      await opened.query(`listen ${channel}`);
    } catch (error) {
      await opened.end().catch(() => {});
      throw error;
    }
    opened.once('end', () => {
      if (!isStopped) again();
    });
    client = opened;
    if (isStopped) await opened.end();
  };

  const again = () => {
    client = undefined;
    retry = setTimeout(() => void reconnect(), reconnectAfter);
    retry.unref();
  };

  const reconnect = async () => {
    try {
      await connect();
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'no connection to listen on yet');
      return again();
    }
    log.info('listening again');
    lost();
    await changed().catch(() => {});
  };

  await connect();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}

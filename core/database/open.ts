// The database that the configuration names: a server of the party's own, or PostgreSQL in the data folder.
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Database } from './connect.ts';
import { startEmbedded } from './embedded.ts';

export interface OpenedDatabase {
  database: Database;
  /** What is written before may be lost if the process is killed. */
  onDisk: Promise<void>;
  /** Stops what was started for it, too. */
  closeDatabase(): Promise<void>;
}

export interface OpenOptions {
  log: Log;
  /** `false`: a command beside a running server; it never stops the embedded database. */
  owner?: boolean;
}

/** Throws StartError with one sentence. */
export async function connect(config: Config, options: OpenOptions): Promise<OpenedDatabase> {
  const opened = await connectAtOnce(config, options);
  try {
    await opened.onDisk;
    return opened;
  } catch (error) {
    await opened.closeDatabase();
    throw error;
  }
}

/** Does not wait until the files of a new PostgreSQL are on the disk. */
export async function connectAtOnce(
  config: Config,
  { log, owner = true }: OpenOptions,
): Promise<OpenedDatabase> {
  if (config.databaseUrl) {
    const { databaseUrl: url, databaseDirectUrl: directUrl } = config;
    const { openDatabase } = await import('./connect.ts');
    const database = openDatabase({ url, directUrl, log });
    return { database, onDisk: Promise.resolve(), closeDatabase: () => database.close() };
  }
  const starting = startEmbedded({ data: config.data, log, owner });
  // The packages are read while PostgreSQL comes up.
  const [embedded, { openDatabase }] = await Promise.all([starting, import('./connect.ts')]);
  const database = openDatabase({ url: embedded.url, log });
  return {
    database,
    onDisk: embedded.onDisk,
    async closeDatabase() {
      await database.close();
      await embedded.stop();
    },
  };
}

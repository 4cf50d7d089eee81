// Tells the living from the dead: each process holds a session lock under its names for as long as it lives.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Core } from '../core.ts';
import { findDead } from './lease.sql.ts';

export interface Lease {
  /** The process itself. */
  readonly id: string;
  /** Holds one more name until the end. */
  hold(name: string): Promise<void>;
  /** Which of these names nobody holds. */
  dead(names: string[]): Promise<string[]>;
  end(): Promise<void>;
}

const lockSql = 'select pg_advisory_lock(hashtextextended($1, 0))';

export async function takeLease({ database, log }: Pick<Core, 'database' | 'log'>): Promise<Lease> {
  const id = `process-${randomUUID()}`;
  const names = new Set<string>();
  let client: pg.Client | undefined;
  let ended = false;
  let holding: Promise<void> = Promise.resolve();

  async function connect(): Promise<void> {
    const fresh = await database.direct();
    fresh.once('end', () => {
      client = undefined;
      if (!ended) reconnect();
    });
    for (const name of names) await fresh.query(lockSql, [name]);
    client = fresh;
  }

  /** A cut connection lets go of the locks: taken again as soon as PostgreSQL answers. */
  function reconnect(): void {
    const timer = setTimeout(async () => {
      if (ended) return;
      await connect().catch((error: Error) => {
        log.warn({ error: error.message }, 'the lease of this process could not be renewed');
        reconnect();
      });
    }, 1000);
    timer.unref();
  }

  /** One after the other: a connection does one thing at a time. */
  function hold(name: string): Promise<void> {
    const held = holding.then(async () => {
      if (names.has(name)) return;
      await client?.query(lockSql, [name]);
      names.add(name);
    });
    holding = held.catch(() => {});
    return held;
  }

  await connect();
  await hold(id);
  return {
    id,
    hold,
    dead: (asked) => findDead(database.db, asked),
    async end() {
      ended = true;
      await client?.end();
    },
  };
}

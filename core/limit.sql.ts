// The rates' one table: when each key will be free of its past.
import type { Db } from './database/connect.ts';

export interface RateRow {
  key: Buffer;
  now: Date;
  /** Seconds that one act costs, and how many may be owed at once. */
  step: number;
  window: number;
}

/** Does one more act still fit? Then it is counted, in the same statement, so that two processes cannot both pass. */
export async function takeRate(db: Db, rate: RateRow): Promise<boolean> {
  const { rows } = await db.raw(
    `insert into core.rate as rate (key, free_at)
     values (:key, cast(:now as timestamptz) + make_interval(secs => :step))
     on conflict (key) do update
       set free_at = greatest(rate.free_at, :now) + make_interval(secs => :step)
       where greatest(rate.free_at, :now) + make_interval(secs => :step)
         <= cast(:now as timestamptz) + make_interval(secs => :window) + interval '1 millisecond'
     returning true as taken`,
    { ...rate },
  );
  return rows.length > 0;
}

/** Takes back one act that turned out well. */
export async function giveBackRate(db: Db, rate: Pick<RateRow, 'key' | 'step'>): Promise<void> {
  await db.raw(
    'update core.rate set free_at = free_at - make_interval(secs => :step) where key = :key',
    { ...rate },
  );
}

/** Drops what no longer counts; answers how many. */
export async function deleteFreeRates(db: Db, now: Date): Promise<number> {
  return db.withSchema('core').from('rate').where('free_at', '<', now).delete();
}

// Which holders' locks are free.
import type { Db } from '../database/connect.ts';

/** A lock that can be had, if only for this statement's transaction, is held by nobody. */
export async function findDead(db: Db, names: string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await db.raw(
    `select name from unnest(:names::text[]) name
     where pg_try_advisory_xact_lock(hashtextextended(name, 0))`,
    { names },
  );
  return rows.map((row: { name: string }) => row.name);
}

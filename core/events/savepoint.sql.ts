// A part of a transaction that can be taken back alone.
import type { Db } from '../database/connect.ts';

/** What `run` wrote is kept or, when it throws, taken back; the transaction around it goes on either way. */
export async function withSavepoint<T>(db: Db, run: () => Promise<T>): Promise<T> {
  await db.raw('savepoint listener');
  try {
    const result = await run();
    await db.raw('release savepoint listener');
    return result;
  } catch (error) {
    await db.raw('rollback to savepoint listener');
    throw error;
  }
}

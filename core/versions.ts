// Versions of what processes keep in memory: bumped in the writing transaction, heard by all within a second.
import type { Db } from './database/connect.ts';

export interface Versions {
  /** Within the caller's transaction; tells every process once it commits. Names: `house`, `site:<organization id>`. */
  bump(db: Db, name: string): Promise<void>;
  /** The last version heard of; `0` if none. */
  current(name: string): string;
  /** `*` when notifications may have been lost: drop everything. */
  listen(hear: (name: string) => void): void;
  /** Asks the database now. */
  poll(): Promise<void>;
  stop(): Promise<void>;
}

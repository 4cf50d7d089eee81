// The pool: knex over pg, and what the rest may know of it.
import type { Knex } from 'knex';
import type pg from 'pg';

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

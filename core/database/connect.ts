// The pool: knex over pg, and what the rest may know of it.
import type { Knex } from 'knex';

/** Reads, or the transaction at hand. The only name by which other files know knex. */
export type Db = Knex;
export type Row = Record<string, unknown>;

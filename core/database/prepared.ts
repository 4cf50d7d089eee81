// Statements that PostgreSQL parses and plans once a connection: of a short one, that is most of its work.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Db } from './connect.ts';

/** What `openPool` says of its connections in knex's `userParams`. */
export const keepsStatements = 'keepsStatements';

/**
 * As `db.raw` with named bindings, for what is asked often and always in the same words: each text stays with each
 * connection as long as that lives, so its values go into the bindings alone. Behind a pooler, which hands a
 * connection on after each transaction, it is a plain `db.raw`.
 */
export function prepared(db: Db, sql: string, bindings: Record<string, unknown>): Knex.Raw {
  const query = db.raw(sql, bindings as never);
  return db.userParams[keepsStatements] ? query.options({ name: nameOf(sql) }) : query;
}

const names = new Map<string, string>();

/** Of the text, so that one name is never two statements. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32);
  names.set(sql, name);
  return name;
}

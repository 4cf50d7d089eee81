// Rows into tables that migrations have just made: what would check, sort or alter each row stands aside until all are there.
import type pg from 'pg';

export interface Aside {
  /** What is done once the rows are there. */
  statements: string[];
}

/**
 * As the owner of the tables, without the rights of a superuser: keys to other tables and indexes are taken off and
 * made again, the triggers rest. All of it within the caller's transaction.
 */
export async function standAside(client: pg.Client, schemas: string[]): Promise<Aside> {
  await client.query(`set local statement_timeout = 0`);
  await client.query(`set local maintenance_work_mem = '128MB'`);
  const [keys, indexes, tables] = [
    await list(client, foreignKeys, schemas),
    await list(client, plainIndexes, schemas),
    await list(client, allTables, schemas),
  ];
  for (const key of keys) await client.query(`alter table ${key.on} drop constraint ${key.name}`);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  for (const { name } of tables) await client.query(`alter table ${name} disable trigger user`);
  // A migration may have written rows of its own.
  await client.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  return {
    statements: [
      ...indexes.map(({ definition }) => definition),
      ...keys.map(
        ({ on, name, definition }) => `alter table ${on} add constraint ${name} ${definition}`,
      ),
      'set constraints all immediate',
      ...tables.map(({ name }) => `alter table ${name} enable trigger user`),
      ...tables.map(({ name }) => `analyze ${name}`),
    ],
  };
}

export async function standAgain(client: pg.Client, { statements }: Aside): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

interface Thing {
  on: string;
  name: string;
  definition: string;
}

async function list(client: pg.Client, sql: string, schemas: string[]): Promise<Thing[]> {
  const { rows } = await client.query(sql, [schemas]);
  return rows;
}

const foreignKeys = `
  select format('%I.%I', n.nspname, c.relname) as on, quote_ident(k.conname) as name, pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where k.contype = 'f' and k.conparentid = 0 and n.nspname = any ($1::text[]) order by k.oid`;

/** Those of a constraint stay: they are what tells a row that stands twice. */
const plainIndexes = `
  select format('%I.%I', n.nspname, c.relname) as name, pg_get_indexdef(c.oid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class t on t.oid = i.indrelid
  where n.nspname = any ($1::text[]) and t.relkind = 'r' and not t.relispartition
    and not exists (select from pg_constraint k where k.conindid = c.oid) order by c.oid`;

/** The ledger of migrations is the migrations' own. */
const allTables = `
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p') and not c.relispartition
    and not (n.nspname = 'core' and c.relname in ('migration', 'migration_lock')) order by c.oid`;

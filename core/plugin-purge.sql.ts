// Reads a plugin's whole schema, table by table, within the transaction that drops it.
import type { Db } from './database/connect.ts';

const batch = 1_000;

/** Names with their schema, in order; nobody else reads or writes them until the transaction ends. */
export async function lockTables(db: Db, schema: string): Promise<string[]> {
  const found = await db.raw(
    `select c.relname as name from pg_class c
     where c.relnamespace = to_regnamespace(:schema) and c.relkind in ('r', 'p')
     order by c.relname`,
    { schema },
  );
  const names: string[] = found.rows.map((row: { name: string }) => row.name);
  for (const name of names)
    await db.raw('lock table ??.?? in access exclusive mode', [schema, name]);
  return names.map((name) => `${schema}.${name}`);
}

/** Rows as JSON text, so that long numbers stay as they are. */
export async function* readRows(db: Db, table: string): AsyncIterable<string[]> {
  const [schema, name] = table.split('.') as [string, string];
  await db.raw('declare purged no scroll cursor for select to_jsonb(t)::text as row from ??.?? t', [
    schema,
    name,
  ]);
  for (;;) {
    const found = await db.raw(`fetch ${batch} from purged`);
    if (found.rows.length === 0) break;
    yield found.rows.map((row: { row: string }) => row.row);
  }
  await db.raw('close purged');
}

export async function deleteSettingsOf(db: Db, plugin: string): Promise<void> {
  await db('core.setting').where({ plugin }).delete();
}

// The ledger of migrations, read and written outside of a migration: which plugins have tables, and dropping them.
import { refused } from '../errors.ts';
import type { Db } from './connect.ts';

export const coreId = 'core';

/** knex's settings; steps of plugins that are absent are in order, so its own check is off. */
export const ledger = {
  schemaName: 'core',
  tableName: 'migration',
  disableMigrationsListValidation: true,
};

const reserved = /^(public|information-schema|graphile-worker|pg-.*)$/;

/** The schema in which a plugin has its tables. */
export function schemaOf(plugin: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(plugin) || reserved.test(plugin)) {
    throw new Error(`"${plugin}" cannot be the id of a plugin: its schema would not be its own.`);
  }
  return plugin.replaceAll('-', '_');
}

export async function stepsInLedger(db: Db): Promise<string[]> {
  const found = await db.raw(`select to_regclass('core.migration') is not null as there`);
  if (!found.rows[0].there) return [];
  const rows = await db.withSchema('core').from('migration').orderBy('id').select('name');
  return rows.map((row) => row.name);
}

/** Plugins that have run a migration, installed or not. */
export async function pluginsWithTables(db: Db): Promise<Set<string>> {
  const plugins = (await stepsInLedger(db)).map((name) => name.slice(0, name.indexOf('/')));
  return new Set(plugins.filter((plugin) => plugin !== coreId));
}

/** Drops the plugin's tables and its steps, so that a later return makes them anew. */
export async function dropPlugin(db: Db, plugin: string): Promise<void> {
  if (plugin === coreId) throw new Error('The core cannot be dropped.');
  const schema = schemaOf(plugin);
  await db.transaction(async (transaction) => {
    const by = await schemasReferringTo(transaction, schema);
    if (by.length > 0) throw refused('core.plugin-referred-to', { plugin, by: by.join(', ') });
    await transaction.raw('drop schema if exists ?? cascade', [schema]);
    await transaction.raw(`delete from core.migration where name like ?`, [`${plugin}/%`]);
  });
}

/** Which other schemas have a foreign key into this one? */
async function schemasReferringTo(db: Db, schema: string): Promise<string[]> {
  const found = await db.raw(
    `select distinct child.relnamespace::regnamespace::text as schema
       from pg_constraint
       join pg_class child on child.oid = conrelid
       join pg_class parent on parent.oid = confrelid
      where contype = 'f'
        and parent.relnamespace = to_regnamespace(:schema)
        and child.relnamespace <> parent.relnamespace
      order by 1`,
    { schema },
  );
  return found.rows.map((row: { schema: string }) => row.schema);
}

// `rostra plugin purge`: what a plugin keeps is written to a file, then its tables go.
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { House } from './assemble.ts';
import { dropPlugin, schemaOf } from './database/ledger.ts';
import { notFound, refused } from './errors.ts';
import { deleteSettingsOf, lockTables, readRows } from './plugin-purge.sql.ts';
import type { Scope } from './scope.ts';

export interface Purged {
  /** A line of JSON a row: `{"table":"people.person","row":{…}}`. */
  file: string;
  rows: number;
}

type PurgeHouse = Pick<
  House,
  'config' | 'organizations' | 'registry' | 'versions' | 'audit' | 'database'
>;

/** One transaction: the tables are locked, read and dropped, so that nothing is written in between. */
export async function purgePlugin(
  house: PurgeHouse,
  scope: Scope,
  id: string,
  out = join(house.config.data, 'purged'),
): Promise<Purged> {
  demandOff(house, id);
  const moment = scope.now().toISOString().replace(/\W/g, '');
  const file = join(out, `${id}-${moment}.jsonl`);
  const rows = await scope.write((own) => exportAndDrop(house, own, id, file));
  await house.registry.letGo();
  return { file, rows };
}

async function exportAndDrop(
  house: PurgeHouse,
  scope: Scope,
  id: string,
  file: string,
): Promise<number> {
  const tables = await lockTables(scope.db, schemaOf(id));
  if (tables.length === 0) throw notFound('plugin', id);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const rows = await writeRows(scope, tables, file);
    await dropPlugin(scope.db, id);
    await deleteSettingsOf(scope.db, id);
    const subject = { type: 'plugin', id };
    await house.audit.record(scope, { act: 'plugin.purged', subject, details: { rows, file } });
    await house.versions.bump(scope.db, 'house');
    return rows;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** What is in use is not dropped under the hands of those who use it. */
function demandOff({ registry, organizations }: PurgeHouse, plugin: string): void {
  const user = organizations.all().find((organization) => registry.isOn(plugin, organization));
  if (user) throw refused('core.plugin-on', { plugin, organization: user.name });
}

/** For the owner's eyes alone: it holds what people told the party. */
async function writeRows(scope: Scope, tables: string[], path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    let rows = 0;
    for (const table of tables) rows += await writeTable(scope, table, file);
    await file.sync();
    return rows;
  } finally {
    await file.close();
  }
}

async function writeTable(scope: Scope, table: string, file: FileHandle): Promise<number> {
  let rows = 0;
  for await (const batch of readRows(scope.db, table)) {
    const name = JSON.stringify(table);
    await file.write(batch.map((row) => `{"table":${name},"row":${row}}\n`).join(''));
    rows += batch.length;
  }
  return rows;
}

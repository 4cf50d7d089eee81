import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeLog } from '../log.ts';
import { cloneEmpty, type Test } from '../testing/database.ts';
import { openDatabase } from './connect.ts';
import { dropPlugin, pluginsWithTables } from './ledger.ts';
import { type MigrationSource, migrate, pendingSteps } from './migrate.ts';
import { StartError } from './start-error.ts';

const log = makeLog('silent');
const house = join(import.meta.dirname, '..', '..', 'migrations', 'core');

/** A plugin's folder with one step for each statement. */
function makeSource(t: Test, plugin: string, steps: Record<string, string>, config = '{}') {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-steps-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, sql] of Object.entries(steps)) addStep({ plugin, folder }, name, sql, config);
  return { plugin, folder };
}

function addStep({ folder }: MigrationSource, name: string, sql: string, config = '{}'): void {
  const code = `export const config = ${config};
    export const up = (knex) => knex.raw(${JSON.stringify(sql)});
    export const down = () => {};`;
  writeFileSync(join(folder, `${name}.mjs`), code);
}

const core = (t: Test) =>
  makeSource(t, 'core', { '0001_house': 'create table core.thing (id int)' });

test('the migrations of the house run on an empty database', async (t) => {
  const { database } = await cloneEmpty(t);
  const sources = [{ plugin: 'core', folder: house }];
  const { ran } = await migrate({ database, sources, log });
  t.is(ran[0], 'core/0001_house');
  const again = await migrate({ database, sources, log });
  t.deepEqual(again, { ran: [], failed: [] });
});

test('steps run in the order of the plugins given, then by number, and once', async (t) => {
  const { database } = await cloneEmpty(t);
  const people = makeSource(t, 'people', {
    '0002_tag': 'alter table people.person add tag text',
    '0001_person': 'create table people.person (id int primary key)',
  });
  const match = makeSource(t, 'social-match', {
    '0001_match': 'create table social_match.match (person_id int references people.person)',
  });
  const sources = [core(t), people, match];
  t.is((await pendingSteps(database.db, sources)).length, 4);
  const { ran } = await migrate({ database, sources, log });
  const expected = ['core/0001_house', 'people/0001_person', 'people/0002_tag'];
  t.deepEqual(ran, [...expected, 'social-match/0001_match']);
  t.deepEqual(await pendingSteps(database.db, sources), []);
  t.deepEqual([...(await pluginsWithTables(database.db))], ['people', 'social-match']);
});

test('a plugin that comes later gets its tables, and one that is absent keeps its own', async (t) => {
  const { database } = await cloneEmpty(t);
  const ground = core(t);
  const first = makeSource(t, 'first', { '0001_a': 'create table first.a (id int)' });
  const second = makeSource(t, 'second', { '0001_b': 'create table second.b (id int)' });
  await migrate({ database, sources: [ground, first], log });
  const { ran, failed } = await migrate({ database, sources: [ground, second], log });
  t.deepEqual({ ran, failed }, { ran: ['second/0001_b'], failed: [] });
  t.deepEqual(await pluginsWithTables(database.db), new Set(['first', 'second']));
});

test('chapters may read a plugin’s tables, those of a later step too', async (t) => {
  const { database } = await cloneEmpty(t);
  const people = makeSource(t, 'people', { '0001_person': 'create table people.person (id int)' });
  const sources = [core(t), people];
  await migrate({ database, sources, log });
  addStep(people, '0002_tag', 'create table people.tag (id int)');
  await migrate({ database, sources, log });
  const found = await database.db.raw(
    `select has_table_privilege('rostra_chapter', 'people.tag', 'select') as reads,
            has_table_privilege('rostra_chapter', 'people.tag', 'insert') as writes`,
  );
  t.deepEqual({ ...found.rows[0] }, { reads: true, writes: false });
});

test('a plugin whose migration fails leaves nothing of it behind and stops no other', async (t) => {
  const { database } = await cloneEmpty(t);
  const bad = makeSource(t, 'bad', { '0001_a': 'create table bad.a (id int); select 1/0' });
  const good = makeSource(t, 'good', { '0001_a': 'create table good.a (id int)' });
  const { ran, failed } = await migrate({ database, sources: [core(t), bad, good], log });
  t.deepEqual(ran, ['core/0001_house', 'good/0001_a']);
  t.is(failed.length, 1);
  t.is(failed[0]?.plugin, 'bad');
  t.regex(failed[0]?.error.message ?? '', /division by zero/);
  const found = await database.db.raw(`select to_regclass('bad.a') as a`);
  t.is(found.rows[0].a, null);
});

test('a folder that is not there is that plugin’s fault alone', async (t) => {
  const { database } = await cloneEmpty(t);
  const lost = { plugin: 'lost', folder: '/nowhere/at/all' };
  const { failed } = await migrate({ database, sources: [core(t), lost], log });
  t.is(failed[0]?.plugin, 'lost');
});

test('a failing step of the core is thrown', async (t) => {
  const { database } = await cloneEmpty(t);
  const sources = [makeSource(t, 'core', { '0001_house': 'select 1/0' })];
  await t.throwsAsync(migrate({ database, sources, log }), { message: /division by zero/ });
});

test('a step put in before one that has run is a fault of its plugin', async (t) => {
  const { database } = await cloneEmpty(t);
  const sources = [core(t), makeSource(t, 'people', { '0002_tag': 'select 1' })];
  await migrate({ database, sources, log });
  addStep(sources[1] as MigrationSource, '0001_person', 'select 1');
  const { failed } = await migrate({ database, sources, log });
  t.regex(
    failed[0]?.error.message ?? '',
    /has run people\/0002_tag where the files have people\/0001_person/,
  );
});

test('a database newer than the program is refused in one sentence', async (t) => {
  const { database } = await cloneEmpty(t);
  const newer = makeSource(t, 'core', { '0001_house': 'select 1', '0002_later': 'select 1' });
  await migrate({ database, sources: [newer], log });
  const older = [makeSource(t, 'core', { '0001_house': 'select 1' })];
  const expected = {
    instanceOf: StartError,
    message: /newer than this program \(it has core\/0002_later\)/,
  };
  await t.throwsAsync(migrate({ database, sources: older, log }), expected);
  await t.throwsAsync(pendingSteps(database.db, older), expected);
});

test('the lock of a migration that was killed does not outlive it', async (t) => {
  const { database } = await cloneEmpty(t);
  const ground = core(t);
  await migrate({ database, sources: [ground], log });
  await database.db.raw('update core.migration_lock set is_locked = 1');
  const people = makeSource(t, 'people', { '0001_person': 'select 1' });
  const { ran } = await migrate({ database, sources: [ground, people], log });
  t.deepEqual(ran, ['people/0001_person']);
});

test('of two that migrate at once, one waits and finds nothing left to do', async (t) => {
  const { database, url } = await cloneEmpty(t);
  const other = openDatabase({ url, log });
  t.teardown(() => other.close());
  const slow = makeSource(t, 'slow', {
    '0001_a': 'create table slow.a (id int); select pg_sleep(0.3)',
  });
  const sources = [core(t), slow];
  const both = await Promise.all([
    migrate({ database, sources, log }),
    migrate({ database: other, sources, log }),
  ]);
  t.deepEqual(both.map(({ ran }) => ran.length).sort(), [0, 2]);
  t.deepEqual(
    both.flatMap(({ failed }) => failed),
    [],
  );
});

test('a step may ask to run outside of a transaction', async (t) => {
  const { database } = await cloneEmpty(t);
  const table = makeSource(t, 'people', { '0001_person': 'create table people.person (id int)' });
  const sql = 'create index concurrently person_id on people.person (id)';
  addStep(table, '0002_index', sql, '{ transaction: false }');
  const { ran, failed } = await migrate({ database, sources: [core(t), table], log });
  t.deepEqual(failed, []);
  t.is(ran.at(-1), 'people/0002_index');
});

test('a dropped plugin leaves no table and no step, and its return makes them anew', async (t) => {
  const { database } = await cloneEmpty(t);
  const sources = [core(t), makeSource(t, 'sms', { '0001_a': 'create table sms.a (id int)' })];
  await migrate({ database, sources, log });
  await dropPlugin(database.db, 'sms');
  t.deepEqual(await pluginsWithTables(database.db), new Set());
  const { ran } = await migrate({ database, sources, log });
  t.deepEqual(ran, ['sms/0001_a']);
});

test('a plugin to which another’s table refers is not dropped', async (t) => {
  const { database } = await cloneEmpty(t);
  const people = makeSource(t, 'people', {
    '0001_a': 'create table people.person (id int primary key)',
  });
  const sms = makeSource(t, 'sms', {
    '0001_a': 'create table sms.a (id int references people.person)',
  });
  await migrate({ database, sources: [core(t), people, sms], log });
  const error = await t.throwsAsync(dropPlugin(database.db, 'people'));
  t.like(error, { code: 'core.plugin-referred-to', details: { plugin: 'people', by: 'sms' } });
  t.deepEqual(await pluginsWithTables(database.db), new Set(['people', 'sms']));
});

test('a file that is no step is left alone', async (t) => {
  const { database } = await cloneEmpty(t);
  const ground = core(t);
  writeFileSync(join(ground.folder, 'README.md'), '');
  mkdirSync(join(ground.folder, '0002_folder'));
  const { ran } = await migrate({ database, sources: [ground], log });
  t.deepEqual(ran, ['core/0001_house']);
});

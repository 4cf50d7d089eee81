import test from 'ava';
import { openDatabase } from './database/connect.ts';
import { makeLog } from './log.ts';
import { cloneDatabase, type Test } from './testing/database.ts';
import { makeVersions } from './versions.ts';

const log = makeLog('silent');

async function makeProcess(t: Test, url: string) {
  const database = openDatabase({ url, log, poolMax: 2 });
  const versions = await makeVersions({ database, log });
  const heard: string[] = [];
  versions.listen((name) => heard.push(name));
  t.teardown(async () => {
    await versions.stop();
    await database.close();
  });
  return { database, versions, heard };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not come.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a change is heard by another process once, and only after the commit', async (t) => {
  const { url } = await cloneDatabase(t);
  const writer = await makeProcess(t, url);
  const reader = await makeProcess(t, url);
  await writer.database.db.transaction(async (transaction) => {
    await writer.versions.bump(transaction, 'house');
    await writer.versions.bump(transaction, 'site:1');
    await reader.versions.poll();
    t.deepEqual(reader.heard, []);
  });
  await until(() => reader.heard.length === 2);
  await reader.versions.poll();
  await reader.versions.poll();
  t.deepEqual(reader.heard.sort(), ['house', 'site:1']);
  t.is(reader.versions.current('house'), '1');
  t.is(reader.versions.current('site:2'), '0');
});

test('a transaction that is rolled back is not heard of', async (t) => {
  const { url } = await cloneDatabase(t);
  const { database, versions, heard } = await makeProcess(t, url);
  const failing = database.db.transaction(async (transaction) => {
    await versions.bump(transaction, 'house');
    throw new Error('no');
  });
  await t.throwsAsync(failing, { message: 'no' });
  await versions.poll();
  t.deepEqual(heard, []);
});

test('in the process that writes, a poll makes the change heard at once', async (t) => {
  const { url } = await cloneDatabase(t);
  const { database, versions, heard } = await makeProcess(t, url);
  await versions.bump(database.db, 'house');
  await versions.poll();
  t.deepEqual(heard, ['house']);
});

test('a process that starts knows the versions of before, without hearing them', async (t) => {
  const { url } = await cloneDatabase(t);
  const first = await makeProcess(t, url);
  await first.versions.bump(first.database.db, 'house');
  await first.versions.bump(first.database.db, 'house');
  const second = await makeProcess(t, url);
  t.is(second.versions.current('house'), '2');
  await second.versions.poll();
  t.deepEqual(second.heard, []);
});

test('what happens while the connection for listening is cut is heard, and then everything is dropped', async (t) => {
  const { database, url } = await cloneDatabase(t);
  const { versions, heard } = await makeProcess(t, url);
  await database.db.raw(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen %'`);
  await versions.bump(database.db, 'house');
  await until(() => heard.includes('*') && heard.includes('house'));
  await versions.bump(database.db, 'house');
  await until(() => versions.current('house') === '2');
  t.is(heard.filter((name) => name === 'house').length, 2);
});

test('without any notification a change is heard within about a second', async (t) => {
  const { database, url } = await cloneDatabase(t);
  const { heard } = await makeProcess(t, url);
  await database.db.raw(`insert into core.version (name, version) values ('house', 1)`);
  const start = performance.now();
  await until(() => heard.length > 0);
  t.true(performance.now() - start < 3000);
});

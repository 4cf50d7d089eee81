import test from 'ava';
import { makeLog } from '../log.ts';
import { cloneEmpty, type Test } from '../testing/database.ts';
import { checkServer, openDatabase } from './connect.ts';
import { StartError } from './start-error.ts';

const log = makeLog('silent');

function open(t: Test, url: string) {
  const database = openDatabase({ url, log });
  t.teardown(() => database.close());
  return database;
}

const refusal = test.macro(async (t, change: (url: string) => string, message: RegExp) => {
  const { url } = await cloneEmpty(t);
  const error = await t.throwsAsync(checkServer(open(t, change(url))), { instanceOf: StartError });
  t.regex(error?.message ?? '', message);
  t.notRegex(error?.message ?? '', /\n/);
});

test(
  'a server that is down',
  refusal,
  () => 'postgres://127.0.0.1:1/rostra',
  /^PostgreSQL at 127\.0\.0\.1:1\/rostra does not answer \(ECONNREFUSED\): start it/,
);
test(
  'a host that does not exist',
  refusal,
  () => 'postgres://nowhere.invalid/x',
  /does not answer \(E\w+\)/,
);
test(
  'a database that does not exist',
  refusal,
  (url) => url.replace(/\/\w+$/, '/gone'),
  /\/gone does not exist: create the database/,
);
test(
  'a user that does not exist',
  refusal,
  (url) => url.replace(/\/\/\w+/, '//nobody'),
  /does not let us in .*correct the user/,
);

test('a date stays a string, a bigint too', async (t) => {
  const { database } = await cloneEmpty(t);
  const found = await database.db.raw(
    `select date '2026-11-24' as day, 9007199254740993 as id, array[date '2026-11-24'] as days`,
  );
  t.deepEqual(
    { ...found.rows[0] },
    { day: '2026-11-24', id: '9007199254740993', days: ['2026-11-24'] },
  );
});

test('a statement in the pool ends after a minute, one on a connection of its own when it is done', async (t) => {
  const { database } = await cloneEmpty(t);
  const asked =
    "select current_setting('statement_timeout') as timeout, current_setting('application_name') as name";
  const pooled = await database.db.raw(asked);
  t.deepEqual({ ...pooled.rows[0] }, { timeout: '1min', name: 'rostra' });
  const direct = await database.direct();
  const found = await direct.query(asked);
  await direct.end();
  t.is(found.rows[0].timeout, '0');
});

test('behind a pooler no setting is sent that it would refuse', async (t) => {
  const { url } = await cloneEmpty(t);
  const database = openDatabase({ url, directUrl: `${url}?application_name=direct`, log });
  t.teardown(() => database.close());
  await checkServer(database);
  const found = await database.db.raw(`select current_setting('statement_timeout') as timeout`);
  t.is(found.rows[0].timeout, '0');
});

test('a connection that is cut does not end the process', async (t) => {
  const { database } = await cloneEmpty(t);
  const direct = await database.direct();
  const ended = new Promise((resolve) => direct.once('end', resolve));
  await database.db.raw(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await ended;
  const found = await database.db.raw('select 1 as one');
  t.is(found.rows[0].one, 1);
});

import test from 'ava';
import { makeLog } from '../log.ts';
import { cloneEmpty } from '../testing/database.ts';
import { type DatabaseOptions, openDatabase } from './connect.ts';
import { prepared } from './prepared.ts';

const kept = test.macro(
  async (t, more: (url: string) => Partial<DatabaseOptions>, times: number) => {
    const { url } = await cloneEmpty(t);
    const database = openDatabase({ url, log: makeLog('silent'), ...more(url) });
    t.teardown(() => database.close());
    const found = await database.db.transaction(async (own) => {
      for (const n of [20, 22]) {
        const asked = await prepared(own, 'select cast(:n as int) + :n as sum', { n });
        t.is(asked.rows[0].sum, 2 * n);
      }
      const text = 'select cast($1 as int) + $2 as sum';
      const kept = await own.raw('select from pg_prepared_statements where statement = ?', [text]);
      return kept.rows.length;
    });
    t.is(found, times);
  },
);

test(
  'what is asked twice is planned once by its connection, in a transaction too',
  kept,
  () => ({}),
  1,
);
test(
  'behind a pooler nothing is left with a connection',
  kept,
  (url) => ({ directUrl: `${url}?` }),
  0,
);

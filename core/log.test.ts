// What of an error comes into the log: never what somebody typed.
import { Writable } from 'node:stream';
import test from 'ava';
import { makeLog } from './log.ts';
import { cloneDatabase } from './testing/database.ts';

test('an error of the database comes into the log without the values of its statement', async (t) => {
  const { database } = await cloneDatabase(t);
  const db = database.db;
  await db.raw('create table singer (address text unique)');
  const insert = () =>
    db.raw('insert into singer values (:address)', { address: 'anna@example.org' });
  await insert();
  const error = await t.throwsAsync(insert().then());
  t.regex(String((error as { detail?: string }).detail), /anna/, 'the driver tells it');
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  makeLog('info', sink).error({ err: error }, 'failed');
  t.regex(lines.join(), /singer_address_key/);
  t.notRegex(lines.join(), /anna/);
});

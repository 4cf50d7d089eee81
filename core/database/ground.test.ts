import { randomBytes } from 'node:crypto';
import test from 'ava';
import pg from 'pg';
import { cloneDatabase, cloneEmpty, type Test } from '../testing/database.ts';
import { layGround } from './ground.ts';
import { StartError } from './start-error.ts';

/** A connection as an ordinary user who owns the database, as on a managed server. */
async function connectAsOwner(t: Test) {
  const { database, url } = await cloneEmpty(t);
  const name = `owner_${randomBytes(4).toString('hex')}`;
  const found = await database.db.raw('select current_database() as name');
  await database.db.raw(`create role ${name} login password 'one'`);
  await database.db.raw(`alter database ${found.rows[0].name} owner to ${name}`);
  const address = url.replace(/\/\/[^@]*@/, `//${name}:one@`);
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  t.teardown(async () => {
    await client.end();
    await database.db.raw(
      `reassign owned by ${name} to current_user; drop owned by ${name}; drop role ${name}`,
    );
  });
  return { client, name, admin: database.db };
}

test('a database user who lacks a right is told in one sentence what to have run', async (t) => {
  await cloneDatabase(t);
  const { client, name } = await connectAsOwner(t);
  const error = await t.throwsAsync(layGround(client), { instanceOf: StartError });
  t.true(error?.message.endsWith(`: grant rostra_chapter to "${name}";`), error?.message);
});

test('after that has been run, an owner without other rights is enough', async (t) => {
  const { client, name, admin } = await connectAsOwner(t);
  await admin.raw(`grant rostra_chapter to ${name}`);
  await layGround(client);
  await layGround(client);
  const found = await client.query(
    'select array_agg(extname::text order by extname) as names from pg_extension',
  );
  t.deepEqual(found.rows[0].names, ['ltree', 'pg_trgm', 'plpgsql', 'unaccent']);
  await client.query('begin; set local role rostra_chapter; commit');
});

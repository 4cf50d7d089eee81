// What a sign-up leaves in the outbox goes with the person.
import test from 'ava';
import { People } from 'rostra/people';
import { Subjects } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { claim } from './sign-up.ts';

test('an erasure takes the mails of every claim along, also of those never confirmed', async (t) => {
  const app = await makeApp(t);
  const scope = app.scope();
  const deps = depsOf(app.get('website'));
  const given = { pageId: '', consents: [], newsletters: [] };
  const { rows } = await scope.db.raw(`select id from website.page where kind = 'sign_up'`);
  for (const email of ['ana@example.org', 'bo@example.org']) {
    await claim(scope, deps, { ...given, pageId: rows[0].id, email }, 'here');
  }
  const people = app.get('website')(People);
  const { id } = await people.upsert(scope, { emailAddress: 'ana@example.org', source: 'test' });
  await app.get('website')(Subjects).erase(scope, id);
  const left = await scope.db.raw('select to_address as address from core.outbox');
  t.deepEqual(left.rows, [{ address: 'bo@example.org' }]);
});

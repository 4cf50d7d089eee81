// An erasure beside something that is being written on the same person; and what is never lifted.
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { depsOf } from './deps.ts';
import { makePeople } from './person.ts';
import { erasePerson } from './rights.ts';
import { liftSuppression, suppress } from './suppression.ts';

const ana = { emailAddress: 'ana@example.org', givenName: 'Ana', source: 'test' };

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const people = makePeople(deps);
  const scope = app.scope();
  const { id } = await people.upsert(scope, { ...ana, phoneNumber: '06 12 34 56 78' });
  return { app, deps, people, scope, id };
}

/** `first` writes and waits before it commits; `second` begins meanwhile. */
async function cross(
  scope: Scope,
  first: (own: Scope) => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<PromiseSettledResult<unknown>[]> {
  let isWritten = () => {};
  const written = new Promise<void>((resolve) => {
    isWritten = resolve;
  });
  const slow = scope.write(async (own) => {
    await first(own);
    isWritten();
    await wait(300);
  });
  await Promise.race([written, slow]);
  return Promise.allSettled([slow, second()]);
}

const rows = async (scope: Scope, table: string, id: string): Promise<unknown[]> =>
  (await scope.db.raw(`select 1 from people.${table} where person_id = :id`, { id })).rows;

test('what comes in while a person is erased makes a new person, and fills nothing of the old', async (t) => {
  const { deps, people, scope, id } = await scene(t);
  await cross(
    scope,
    (own) => erasePerson(own, deps, id, { suppress: true }),
    () => people.upsert(scope, { ...ana, phoneNumber: '06 99 99 99 99' }),
  );
  const { rows: left } = await scope.db.raw('select * from people.person where id = :id', { id });
  t.like(left[0], { given_name: null, search: '' });
  t.truthy(left[0].erased_at);
  for (const table of ['phone_number', 'email_address', 'affiliation']) {
    t.deepEqual(await rows(scope, table, id), [], table);
  }
  const found = await people.findByEmail(scope, ana.emailAddress);
  t.truthy(found);
  t.not(found?.id, id);
  const consents = makeConsents(deps);
  t.false(await consents.holds(scope, found?.id ?? '', 'email', 'campaign'));
});

test('a consent that is given while a person is erased does not stay behind', async (t) => {
  const { deps, scope, id } = await scene(t);
  const consent = { personId: id, channel: 'email', purpose: 'campaign', locale: 'fr' };
  const give = () =>
    makeConsents(deps).give(scope, {
      ...consent,
      source: 'x',
      wording: 'Yes',
      evidence: { form: '1' },
    });
  const ends = await cross(scope, (own) => erasePerson(own, deps, id, { suppress: false }), give);
  t.is(ends[1]?.status, 'rejected');
  t.deepEqual(await rows(scope, 'consent_detail', id), []);
});

test('an erasure that comes while a consent is given takes it along', async (t) => {
  const { deps, scope, id } = await scene(t);
  const consent = { personId: id, channel: 'email', purpose: 'campaign', locale: 'fr' };
  await cross(
    scope,
    (own) =>
      makeConsents(deps).give(own, {
        ...consent,
        source: 'x',
        wording: 'Yes',
        evidence: { form: '1' },
      }),
    () => erasePerson(scope, deps, id, { suppress: false }),
  );
  t.deepEqual(await rows(scope, 'consent_detail', id), []);
  t.deepEqual(await rows(scope, 'consent', id), []);
});

test('a suppression of one who was erased is not lifted by suppressing once more', async (t) => {
  const { deps, people, scope, id } = await scene(t);
  await erasePerson(scope, deps, id, { suppress: true });
  const { id: again } = await people.upsert(scope, ana);
  const way = { personId: again, kind: 'email', address: ana.emailAddress } as const;
  await suppress(scope, deps, { ...way, reason: 'objection' });
  await t.throwsAsync(liftSuppression(scope, deps, { ...way, why: 'a mistake' }), {
    message: /not-liftable/,
  });
});

test('of two who share a number, one alone does not lift what the other asked for', async (t) => {
  const { deps, people, scope, id } = await scene(t);
  const { id: other } = await people.upsert(scope, {
    ...{ givenName: 'Bo', phoneNumber: '06 12 34 56 78', source: 'test' },
  });
  const way = { kind: 'phone', address: '+33612345678' } as const;
  for (const personId of [id, other]) {
    await suppress(scope, deps, { ...way, personId, reason: 'objection' });
  }
  for (const personId of [id, other]) {
    await t.throwsAsync(liftSuppression(scope, deps, { ...way, personId, why: 'a mistake' }));
  }
});

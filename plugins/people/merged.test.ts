// After a merge, what the older record agreed to is shown with the survivor, behind both walls.
import test from 'ava';
import type { Actor } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { findConsents, findCurrentConsents } from './consent.sql.ts';
import { makeConsents } from './consent.ts';
import { depsOf } from './deps.ts';
import { makePeople } from './person.ts';
import { mergePeople } from './rights.ts';

const staff: Actor = {
  ...{ kind: 'staff', accountId: '1', name: 'Sam' },
  permissions: new Set(['people.person.read']),
};

test('staff who see the survivor see in which words the older record agreed', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const people = makePeople(deps);
  const make = (emailAddress: string) =>
    people.upsert(app.scope(lyon), { emailAddress, source: 'test' });
  const [{ id: from }, { id: into }] = [await make('a@b.example'), await make('c@b.example')];
  await makeConsents(deps).give(app.scope(lyon), {
    ...{ personId: from, channel: 'email', purpose: 'campaign', wording: 'Yes, write to me.' },
    ...{ locale: 'fr', source: 'test', evidence: { form: '12' } },
  });
  await mergePeople(app.scope(), deps, from, into);
  const { scopes } = app.house;
  for (const [organizationId, expected] of [
    [lyon, [{ wording: 'Yes, write to me.', evidence: { form: '12' } }]],
    [lille, []],
  ] as const) {
    await scopes.with({ organizationId, actor: staff }, async (scope) => {
      for (const find of [findConsents, findCurrentConsents]) {
        const rows = await find(scope, into);
        t.deepEqual(
          rows.map(({ wording, evidence }) => ({ wording, evidence })),
          [...expected],
          find.name,
        );
      }
      const bare = await scope.db.raw('select wording from people.consent_detail');
      t.is(bare.rows.length, expected.length, 'also where a bound is forgotten');
    });
  }
});

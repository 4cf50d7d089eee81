import test from 'ava';
import { makeApp } from 'rostra/testing';
import { makeConsents, seal, verifyChain } from './consent.ts';
import { depsOf } from './deps.ts';
import { createNewsletter, makeNewsletters } from './newsletter.ts';
import { makePeople } from './person.ts';
import { erasePerson, mergePeople } from './rights.ts';
import { liftSuppression, suppress } from './suppression.ts';

const said = (personId: string) => ({
  personId,
  channel: 'email',
  purpose: 'campaign',
  wording: 'Yes, write to me.',
  locale: 'en',
  source: 'test',
  evidence: { form: '12', at: 'noon' },
});

test.serial('the last word counts, and a suppression beats it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const consents = makeConsents(deps);
  const { id } = await makePeople(deps).upsert(scope, { emailAddress: 'a@b.example', source: 't' });
  const holds = () => consents.holds(scope, id, 'email', 'campaign');
  t.false(await holds());
  await consents.give(scope, said(id));
  t.true(await holds());
  t.false(await consents.holds(scope, id, 'sms', 'campaign'));
  await consents.withdraw(scope, said(id));
  t.false(await holds());
  await consents.give(scope, said(id));
  const way = { personId: id, kind: 'email' as const, address: 'a@b.example' };
  await suppress(scope, deps, { ...way, reason: 'objection' });
  t.false(await holds());
  await liftSuppression(scope, deps, { ...way, why: 'wrong person' });
  t.true(await holds());
});

test.serial('the chain shows a change, and stays whole when a person is erased', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const people = makePeople(deps);
  const consents = makeConsents(deps);
  const { db } = app.house.database;
  const one = await people.upsert(scope, { emailAddress: 'a@b.example', source: 't' });
  const two = await people.upsert(scope, { emailAddress: 'c@b.example', source: 't' });
  await consents.give(scope, said(one.id));
  await consents.give(scope, said(two.id));
  t.is(await seal(scope), 2);
  t.is(await seal(scope), 0);
  await erasePerson(scope, deps, one.id, { suppress: false });
  await consents.withdraw(scope, said(two.id));
  await seal(scope);
  t.deepEqual(await verifyChain(scope), []);
  const forge = db.raw('update people.consent set given = true where given = false');
  await t.throwsAsync(forge, { message: /append-only/ });
  await db.raw(`update people.consent_detail set wording = 'Yes to everything'`);
  t.is((await verifyChain(scope)).length, 1);
});

test.serial('of two records that become one, the withdrawal wins', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const people = makePeople(deps);
  const consents = makeConsents(deps);
  const no = await people.upsert(scope, { emailAddress: 'no@b.example', source: 't' });
  const yes = await people.upsert(scope, { emailAddress: 'yes@b.example', source: 't' });
  await consents.withdraw(scope, said(no.id));
  await consents.give(scope, said(yes.id));
  await mergePeople(scope, deps, yes.id, no.id);
  t.false(await consents.holds(scope, no.id, 'email', 'campaign'));
  await seal(scope);
  t.deepEqual(await verifyChain(scope), []);
});

test.serial('a person subscribes once, leaves and comes back', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const newsletters = makeNewsletters();
  const { id } = await makePeople(deps).upsert(scope, { emailAddress: 'a@b.example', source: 't' });
  const letter = await createNewsletter(scope, deps, { name: 'Lettre d’été' });
  await newsletters.subscribe(scope, id, letter);
  await newsletters.subscribe(scope, id, letter);
  await newsletters.unsubscribe(scope, id, letter);
  await newsletters.subscribe(scope, id, letter);
  const rows = await app.house.database.db.raw('select until from people.subscription order by id');
  t.is(rows.rows.length, 2);
  t.like(await newsletters.list(scope), [{ key: 'lettre-d-ete' }]);
});

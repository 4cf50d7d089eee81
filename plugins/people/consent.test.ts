import test from 'ava';
import { makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { seal, verifyChains } from './consent-chain.ts';
import { depsOf } from './deps.ts';
import { findSubscriptions } from './newsletter.sql.ts';
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

test.serial('a yes without its words, or without what proves it, is not recorded', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const consents = makeConsents(deps);
  const { id } = await makePeople(deps).upsert(scope, { emailAddress: 'a@b.example', source: 't' });
  for (const lacking of [{ wording: ' ' }, { evidence: {} }]) {
    await t.throwsAsync(consents.give(scope, { ...said(id), ...lacking }), { message: /wording/ });
  }
  const staff = await app.staff('organiser');
  const form = { deed: 'give', channel: 'email', purpose: 'campaign', evidence: 'form 1' };
  t.is((await staff.post(`/admin/people/${id}/consent`, { ...form, wording: '  ' })).status, 422);
  t.deepEqual(await consents.current(scope, id), []);
  await consents.withdraw(scope, { ...said(id), wording: '', evidence: {} });
  t.like(await consents.current(scope, id), [{ given: false }], 'a no needs neither');
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
  t.deepEqual(await verifyChains(scope), []);
  const forge = db.raw('update people.consent set given = true where given = false');
  await t.throwsAsync(forge, { message: /append-only/ });
  await db.raw(`update people.consent_detail set wording = 'Yes to everything'`);
  t.is((await verifyChains(scope)).length, 2, 'of two that are there, each is named');
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
  t.deepEqual(await verifyChains(scope), []);
});

test.serial(
  'a no to the party stands against a later yes of the other record to a chapter',
  async (t) => {
    const app = await makeApp(t);
    const deps = depsOf(app.get('people'));
    const [scope, lyon] = [app.scope(), app.scope(await app.chapter('Lyon'))];
    const people = makePeople(deps);
    const consents = makeConsents(deps);
    const merged = async (n: number, [no, yes]: [typeof scope, typeof scope]) => {
      const make = (name: string) =>
        people.upsert(lyon, { emailAddress: `${name}${n}@b.example`, source: 't' });
      const [{ id: from }, { id: into }] = [await make('yes'), await make('no')];
      await consents.withdraw(no, said(into));
      await consents.give(yes, said(from));
      await mergePeople(scope, deps, from, into);
      return consents.holds(lyon, into, 'email', 'campaign');
    };
    t.false(await merged(1, [scope, lyon]));
    t.false(await merged(2, [lyon, scope]), 'nor a no to the chapter against a yes to the party');
  },
);

test.serial('a person subscribes once, leaves and comes back', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const newsletters = makeNewsletters(deps);
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

test.serial('who left a newsletter on one record is not sent it on the merged one', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const newsletters = makeNewsletters(deps);
  const letter = await createNewsletter(scope, deps, { name: 'Letter' });
  for (const [from, into] of [
    ['left', 'stays'],
    ['stays', 'left'],
  ] as const) {
    const make = async (name: string) => {
      const emailAddress = `${name}-${into}@b.example`;
      const { id } = await makePeople(deps).upsert(scope, { emailAddress, source: 't' });
      await newsletters.subscribe(scope, id, letter);
      if (name === 'left') await newsletters.unsubscribe(scope, id, letter);
      return id;
    };
    const survivor = await make(into);
    await mergePeople(scope, deps, await make(from), survivor);
    t.deepEqual(await findSubscriptions(scope, survivor), [], `${from} into ${into}`);
  }
});

// What comes in between a form's reading and its saving, and what an edit may not undo.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { reach } from './contact.ts';
import { depsOf } from './deps.ts';
import { type Card, readCard, saveCard } from './edit.ts';
import { findNewsletters } from './newsletter.sql.ts';
import { makeNewsletters } from './newsletter.ts';
import { makePeople } from './person.ts';
import { findWays } from './profile.sql.ts';
import { liftSuppression, suppress } from './suppression.ts';

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const people = makePeople(deps);
  const ana = { emailAddress: 'a@x.example', source: 'test' };
  const { id } = await people.upsert(scope, ana);
  const edit = async (changes: Partial<Card>) => {
    const found = await readCard(scope, id);
    if (!found) throw new Error('Nobody is there.');
    const { card, person } = found;
    return saveCard(scope, deps, id, {
      version: person.version,
      card: { ...card, ...changes },
    });
  };
  return { app, deps, scope, people, ana, id, edit };
}

test('an edit takes back neither the relation nor the chapter that came in since it was read', async (t) => {
  const { app, deps, scope, people, ana, id } = await scene(t);
  const lyon = await app.chapter('Lyon');
  const read = await readCard(scope, id);
  const save = (from: typeof read) =>
    saveCard(scope, deps, id, {
      version: from?.person.version ?? 0,
      card: { ...(from?.card as Card), givenName: 'Ana' },
    });
  await people.upsert(scope, { ...ana, relation: 'regular_contact' });
  t.like(await save(read), { saved: false });
  const again = await readCard(scope, id);
  await people.upsert(app.scope(lyon), ana);
  t.like(await save(again), { saved: false });
  const now = await readCard(scope, id);
  await people.upsert(app.scope(lyon), ana);
  t.like(await save(now), { saved: true }, 'nothing new came');
  t.like((await readCard(scope, id))?.card, {
    ...{ givenName: 'Ana', relation: 'regular_contact' },
    chapters: now?.card.chapters,
  });
});

test('another address in the place of one that asked to be left alone is none to write to', async (t) => {
  const { deps, scope, id, edit } = await scene(t);
  const consents = makeConsents(deps);
  const [letter] = await findNewsletters(scope);
  await makeNewsletters(deps).subscribe(scope, id, letter?.id ?? '');
  for (const purpose of ['campaign', 'newsletter']) {
    await consents.give(scope, {
      ...{ personId: id, channel: 'email', purpose, locale: 'fr', source: 'test' },
      ...{ wording: 'Yes', evidence: { form: '1' } },
    });
  }
  const may = async () => {
    const letters = { channel: 'email', purpose: 'newsletter' } as const;
    const allowed = (await reach.may(scope, id, letters))?.may;
    return [await consents.holds(scope, id, 'email', 'campaign'), allowed];
  };
  const old = { personId: id, kind: 'email', address: 'a@x.example' } as const;
  await suppress(scope, deps, { ...old, reason: 'objection' });
  await edit({ emailAddresses: ['b@x.example'] });
  t.deepEqual(await may(), [false, false]);
  const way = { ...old, address: 'b@x.example' };
  await liftSuppression(scope, deps, { ...way, why: 'the old address was of somebody else' });
  t.deepEqual(await may(), [true, true], 'staff who say why may lift it');
});

test('who unsubscribed at an address that is no longer theirs comes back at the new one', async (t) => {
  const { deps, scope, id, edit } = await scene(t);
  const old = { personId: id, kind: 'email', address: 'a@x.example' } as const;
  await suppress(scope, deps, { ...old, reason: 'unsubscribed' });
  await edit({ emailAddresses: ['b@x.example'] });
  const isStopped = async () => (await findWays(scope, id)).emailAddresses[0]?.isSuppressed;
  t.true(await isStopped());
  await makeConsents(deps).comeBack(scope, id, 'email', 'b@x.example');
  t.false(await isStopped());
});

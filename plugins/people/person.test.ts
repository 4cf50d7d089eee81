import test from 'ava';
import { makeConsents, seal, verifyChain } from './consent.ts';
import { readCard, saveCard } from './edit.ts';
import { countList, findListPage } from './list.sql.ts';
import { makeNewsletters, createNewsletter } from './newsletter.ts';
import { makePeople } from './person.ts';
import { mergePeople, erasePerson } from './rights.ts';
import { makeScene } from './scene.ts';
import { suppress } from './suppression.ts';
import { tagPeople } from './tag.ts';
import { makeSubjectRights } from './subject.ts';

const scene = (() => {
  let made: ReturnType<typeof makeScene> | undefined;
  return (t: Parameters<typeof makeScene>[0]) => {
    made ??= makeScene({ teardown: (fn) => test.after.always(fn as () => void) });
    void t;
    return made;
  };
})();

test('upsert finds the person by e-mail and fills only what is empty', async (t) => {
  const { lyon, deps, someone } = await makeScene(t);
  const people = makePeople(deps);
  const emailAddress = someone();
  const first = await people.upsert(lyon, { emailAddress, givenName: 'Ana', source: 'test' });
  const again = await people.upsert(lyon, {
    emailAddress: emailAddress.toUpperCase(),
    givenName: 'Eve',
    familyName: 'Dupont',
    phoneNumber: '06 12 34 56 78',
    relation: 'member',
    tags: ['Élu'],
    source: 'test',
  });
  t.true(first.isNew);
  t.deepEqual(again, { id: first.id, isNew: false });
  const person = await people.find(lyon, first.id);
  t.like(person, { givenName: 'Ana', familyName: 'Dupont', phoneNumbers: ['+33612345678'] });
  const [found] = await findListPage(lyon, { q: 'dupont 0612' }, { size: 5 });
  t.like(found, { id: first.id, relation: 'member', tags: ['Élu'] });
  const byAccent = await findListPage(lyon, { q: 'DÙPÔNT' }, { size: 5 });
  t.is(byAccent.length, 1);
  t.is(await countList(lyon, { q: 'nobody at all' }, 10), 0);

  const card = await readCard(lyon, first.id);
  t.truthy(card);
  if (!card) return;
  const edited = { ...card.card, familyName: 'Durand', emailAddresses: 'new@example.org' };
  t.deepEqual(await saveCard(lyon, deps, first.id, { version: card.person.version, card: edited }), {
    saved: true,
  });
  const late = await saveCard(lyon, deps, first.id, { version: card.person.version, card: card.card });
  t.false(late.saved);
  t.like(late, { theirs: { familyName: 'Durand' } });

  const consents = makeConsents(deps);
  const said = { personId: first.id, channel: 'email', purpose: 'campaign', wording: 'Yes', locale: 'fr', source: 'x', evidence: { b: '1', a: '2' } };
  await consents.give(lyon, said);
  t.true(await consents.holds(lyon, first.id, 'email', 'campaign'));
  await consents.withdraw(lyon, said);
  t.false(await consents.holds(lyon, first.id, 'email', 'campaign'));
  await consents.give(lyon, said);
  t.is(await seal(lyon), 3);
  t.deepEqual(await verifyChain(lyon), []);
  await suppress(lyon, deps, { personId: first.id, kind: 'email', address: 'new@example.org', reason: 'objection' });
  t.false(await consents.holds(lyon, first.id, 'email', 'campaign'));
  const id = await createNewsletter(lyon, deps, { name: 'Lettre d’été' });
  await makeNewsletters().subscribe(lyon, first.id, id);
  await tagPeople(lyon, deps, [first.id], 'elu');
  t.is((await findListPage(lyon, { newsletter: id }, { size: 5 })).length, 1);

  const other = await people.upsert(lyon, { emailAddress: someone(), source: 'test', tags: ['élu'] });
  await mergePeople(lyon, deps, first.id, other.id);
  t.is((await people.find(lyon, first.id))?.id, other.id);
  const rows = [];
  for await (const row of makeSubjectRights(deps).export(lyon, other.id)) rows.push(row.table);
  t.true(rows.includes('people.consent_detail'));
  t.is(await erasePerson(lyon, deps, other.id, { suppress: true }), 'erased');
  t.is(await people.find(lyon, other.id), undefined);
  await seal(lyon);
  t.deepEqual(await verifyChain(lyon), []);
  void scene;
});

// Nobody is chosen by what did not come from them (Reg. (EU) 2024/900, art. 18(1)(a)): asked of each value that is used.
import test from 'ava';
import { contactabilityOf, knownOf } from './contact.ts';
import { contactView } from './contact-words.ts';
import { readCard, saveCard } from './edit.ts';
import { idsOf, scene } from './fixture.ts';
import type { PersonFields, ReachAct } from './index.ts';
import { findPerson } from './person.sql.ts';
import { makePeople } from './person.ts';
import { findOrigins, isFromPerson, type OriginField } from './provenance.sql.ts';
import { mergePeople } from './rights.ts';
import { tagPeople } from './tag.ts';

const chosen = (channel: ReachAct['channel']): ReachAct => ({
  ...{ channel, purpose: 'targeting', met: ['no.special_categories'] },
});
const born = '1980-02-03';

/** Ana, who agreed to all of it and told her birth date. */
async function agreed(t: Parameters<typeof scene>[0], jurisdiction = 'fr') {
  const s = await scene(t, jurisdiction);
  const hear = (fields: PersonFields) => makePeople(s.deps).upsert(s.scope, fields);
  await s.say('email', 'campaign', true, { confirmedAt: 'then' });
  await s.say('sms', 'campaign');
  await s.say('targeting', 'targeting', true, { confirmedAt: 'then' });
  return { ...s, hear };
}

type Scene = Awaited<ReturnType<typeof agreed>>;

/** One by one and among all: the same. */
async function isChosen(t: { is(a: unknown, b: unknown): unknown }, s: Scene, act: ReachAct) {
  const why = await s.why(act);
  t.is((await idsOf(s.scope, act)).includes(s.id), why === 'yes');
  return why;
}

async function sentenceOn(s: Scene, { channel, purpose }: ReachAct) {
  const person = await findPerson(s.scope, s.id);
  if (!person) throw new Error('nobody is there');
  const answers = contactabilityOf(s.scope, await knownOf(s.scope, person));
  const one = answers.find(({ act }) => act.channel === channel && act.purpose === purpose);
  if (!one) throw new Error('nothing is asked');
  return contactView(s.scope, s.id, one);
}

const edit = async (s: Scene, change: object, isTold?: boolean) => {
  const found = await readCard(s.scope, s.id);
  if (!found) throw new Error('nobody is there');
  const card = { ...found.card, ...change };
  await saveCard(s.scope, s.deps, s.id, { version: found.person.version, card, isTold });
};

test.serial(
  'who signed up is not chosen by a birth date that a list brought, and is once they confirmed it',
  async (t) => {
    const s = await agreed(t);
    await s.hear({ emailAddress: 'ana@x.example', birthDate: born, source: 'import' });
    t.is(await isChosen(t, s, chosen('email')), 'indirect-birth-date');
    t.is(await s.why({ channel: 'email', purpose: 'campaign' }), 'yes', 'to all alike');
    const told = await sentenceOn(s, chosen('email'));
    t.regex(told.sentence, /birth date did not come from the person: ask them to confirm it/);
    t.like(told.instead, { href: `/admin/people/${s.id}/told`, method: 'post' });
    t.true(told.rules.some(({ source }) => /2024\/900, art\. 18\(1\)\(a\)/.test(source)));
    const staff = await s.app.staff('organiser');
    t.regex((await staff.get(`/admin/people/${s.id}`)).body, /They confirmed the birth date to us/);
    t.is((await staff.post(`/admin/people/${s.id}/told`, {})).status, 303);
    t.is(await isChosen(t, s, chosen('email')), 'yes');
    const { db } = s.app.house.database;
    const kept = await db.raw(`select from core.audit where act like '%person.told'`);
    t.is(kept.rows.length, 1);
  },
);

test.serial('a birth date that staff wrote counts when the person told them so', async (t) => {
  const s = await agreed(t);
  await edit(s, { birthDate: born });
  t.is(await isChosen(t, s, chosen('email')), 'indirect-birth-date');
  await edit(s, { birthDate: '1980-02-04' }, true);
  t.is(await isChosen(t, s, chosen('email')), 'yes');
  t.is(await isChosen(t, s, chosen('post')), 'yes');
  await s.app.house.database.db.raw(`insert into people.provenance (person_id, field, item, kind, at)
    select person_id, 'postalAddress', id, 'import', created_at from people.postal_address`);
  t.is(await isChosen(t, s, chosen('post')), 'indirect-post');
});

test.serial(
  'the address that is written to must have come from the person, whatever the others',
  async (t) => {
    const s = await agreed(t);
    await edit(s, { birthDate: born }, true);
    await edit(s, { emailAddresses: ['ana@x.example', 'old@x.example'] });
    t.is(await isChosen(t, s, chosen('email')), 'yes', 'the first is her own');
    await edit(s, { emailAddresses: ['old@x.example', 'ana@x.example'] });
    t.is(await isChosen(t, s, chosen('email')), 'indirect-email');
    t.regex((await sentenceOn(s, chosen('email'))).sentence, /^The e-mail address did not come/);
    const { db } = s.app.house.database;
    await db.raw(`update people.email_address set status = 'bounced' where address like 'old%'`);
    t.is(await isChosen(t, s, chosen('email')), 'yes', 'nobody writes to a dead one');
    await edit(s, { phoneNumbers: ['+33612345679'] });
    t.is(await isChosen(t, s, chosen('sms')), 'indirect-phone');
    t.regex((await sentenceOn(s, chosen('sms'))).sentence, /^The phone number did not come/);
    await s.hear({
      ...{ emailAddress: 'ana@x.example', phoneNumber: '+33612345679' },
      source: 'website.sign-up',
    });
    t.is(await isChosen(t, s, chosen('sms')), 'yes', 'given in the sign-up form');
  },
);

test.serial('who came from a list counts once they confirmed from that mailbox', async (t) => {
  const s = await agreed(t);
  const { db } = s.app.house.database;
  await edit(s, { birthDate: born }, true);
  await db.raw(`update people.person set source = 'import'`);
  t.is(await isChosen(t, s, chosen('email')), 'indirect-email');
  const visitor = s.app.visitor();
  const sent = await visitor.post('/join', { email: 'ana@x.example', givenName: 'Ana' });
  t.is(sent.status, 303);
  t.is(await isChosen(t, s, chosen('email')), 'indirect-email', 'anybody may write it there');
  const { rows } = await db.raw('select text from core.outbox order by id desc limit 1');
  await visitor.post(/\/confirm\/[\w-]+/.exec(rows[0].text)?.[0] ?? '', {});
  t.is(await isChosen(t, s, chosen('email')), 'yes');
});

test.serial('where the law asks only that people were told, it counts how they came', async (t) => {
  const s = await agreed(t, 'gb');
  const { db } = s.app.house.database;
  await edit(s, { birthDate: born });
  await db.raw(`update people.postal_address set country = 'GB'`);
  t.is(await isChosen(t, s, chosen('email')), 'yes', 'the birth date does not matter there');
  await db.raw(`update people.person set source = 'import'`);
  t.is(await isChosen(t, s, chosen('email')), 'uninformed');
});

test.serial('what a selection asks in SQL of any value says the same as the profile', async (t) => {
  const s = await agreed(t);
  const person: Omit<PersonFields, 'source'> = {
    ...{ givenName: 'Ana', familyName: 'Roy', birthDate: born, tags: ['x', 'y'] },
    ...{ postalAddress: { locality: 'Lyon' }, relation: 'member' },
  };
  const told = await s.hear({ emailAddress: 'b@x.example', ...person, source: 'stand' });
  const other = await s.hear({ emailAddress: 'c@x.example', ...person, source: 'import' });
  await s.hear({ emailAddress: 'ana@x.example', ...person, source: 'example.hook' });
  await s.hear({ emailAddress: 'c@x.example', givenName: 'Ana', source: 'website.sign-up' });
  await edit(s, { familyName: 'Durand', relation: 'regular_contact' });
  await tagPeople(s.scope, s.deps, [s.id, told.id], 'Friend');
  const from = await s.hear({ emailAddress: 'd@x.example', tags: ['z'], source: 'stand' });
  await mergePeople(s.scope, s.deps, from.id, other.id);
  const seen = new Set<string>();
  for (const id of [s.id, told.id, other.id]) {
    for (const { field, item, kind } of await findOrigins(s.scope, id)) {
      const word = isFromPerson(field as OriginField, ':item');
      const { rows } = await s.scope.db.raw(
        `select ${word} as "isFrom" from people.person p where p.id = :id`,
        { id, ...(word.includes(':item') && { item }) },
      );
      t.is(rows[0].isFrom, kind === 'person', `${id} ${field}`);
      seen.add(`${field} ${rows[0].isFrom}`);
    }
  }
  t.is(seen.size, 13, [...seen].join());
});

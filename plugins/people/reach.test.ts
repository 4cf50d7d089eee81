// Why somebody may or may not be reached: on the profile, for programs, among all, and seen from a chapter.
import test from 'ava';
import type { Actor, Scope } from 'rostra/plugin';
import type { App } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { reach } from './contact.ts';
import { idsOf, scene } from './fixture.ts';
import type { ReachAct, ReachWhy } from './index.ts';
import { findNewsletters } from './newsletter.sql.ts';
import { makeNewsletters } from './newsletter.ts';
import { makePeople } from './person.ts';
import { countReach } from './reach-page.ts';
import { suppress } from './suppression.ts';

const letter: ReachAct = { channel: 'email', purpose: 'newsletter' };
const mail: ReachAct = { channel: 'email', purpose: 'campaign' };
const chosen: ReachAct = { channel: 'email', purpose: 'targeting', met: ['no.special_categories'] };

test.serial(
  'a French person is asked each thing by itself, and each answer has its source',
  async (t) => {
    const { app, deps, scope, id, why, say } = await scene(t);
    t.is(await why(letter), 'not-subscribed');
    const [first] = await findNewsletters(scope);
    await makeNewsletters(deps).subscribe(scope, id, first?.id ?? '');
    t.is(await why(letter), 'no-consent', 'subscribed by somebody, without what proves it');
    await say('email', 'newsletter');
    t.is(await why(letter), 'yes');
    t.is(await why(mail), 'no-consent', 'a newsletter is a newsletter');
    await say('email', 'campaign');
    t.is(await why(mail), 'yes');
    t.is(await why(chosen), 'no-targeting-consent');
    await say('targeting', 'targeting');
    t.is(await why(chosen), 'age-unknown');
    const born = (birthDate: string) =>
      app.house.database.db.raw('update people.person set birth_date = :birthDate where id = :id', {
        birthDate,
        id,
      });
    await born('2009-11-25');
    t.is(await why(chosen), 'too-young-to-target');
    await born('2009-11-24');
    t.is(await why(chosen), 'yes', 'seventeen today');
    t.is(await why({ ...chosen, met: [] }), 'sender', 'by opinion or belief nobody is chosen');
    const answer = await reach.may(scope, id, chosen);
    t.deepEqual(answer?.provided, ['no.special_categories']);
    t.true(answer?.reasons.some(({ source }) => /2024\/900/.test(source)));
    await born('2011-11-25');
    t.is(await why(mail), 'too-young', 'fourteen');
  },
);

test.serial(
  'the law of where somebody lives is asked too, and a no is heard in each',
  async (t) => {
    const { app, scope, id, why, say } = await scene(t, 'us');
    const { db } = app.house.database;
    const move = (country: string | null) =>
      db.raw(
        'update people.postal_address set country = :country, locality = :country where person_id = :id',
        { country: country ?? 'US', id },
      );
    t.is(await why(mail), 'no-consent', 'in France');
    await move('US');
    t.is(await why(mail), 'yes');
    t.is(await why({ channel: 'sms', purpose: 'campaign' }), 'no-consent');
    await db.raw('delete from people.postal_address');
    t.is(await why(mail), 'yes');
    const voice: ReachAct = { channel: 'voice', purpose: 'campaign' };
    await say('voice', 'campaign');
    t.is(await why(voice), 'no-window', 'a French number');
    await say('voice', 'campaign', true, { window: 'evening' });
    t.is(await why(voice), 'no-window', 'no hours of a clock');
    await say('voice', 'campaign', true, { window: '09:00-21:00' });
    t.is(await why(voice), 'yes');
    await say('email', 'campaign', false);
    t.is(await why(mail), 'withdrawn');
    await say('targeting', 'targeting', false);
    t.is(await why({ channel: 'call', purpose: 'targeting' }), 'targeting-withdrawn');
    t.is(await reach.may(scope, '999', mail), undefined);
  },
);

test.serial(
  'staff and programs read the same answer, with what it rests on and what to do',
  async (t) => {
    const { app, deps, id, say, scope } = await scene(t);
    await say('sms', 'campaign');
    await suppress(scope, deps, {
      personId: id,
      kind: 'email',
      address: 'ana@x.example',
      reason: 'objection',
    });
    const staff = await app.staff('organiser');
    const page = await staff.get(`/admin/people/${id}`);
    t.regex(page.body, /How may we reach this person\?/);
    t.regex(page.body, /Asked never to be reached there again\./);
    t.regex(page.body, /<q>Yes\.<\/q>/);
    const told = await staff.get(`/api/v1/people/${id}/contactability`, {
      accept: 'application/json',
    });
    t.is(told.status, 200);
    const { answers } = JSON.parse(told.body);
    t.is(answers.length, 10);
    const of = (channel: string, purpose: string) =>
      answers.find((one: ReachAct) => one.channel === channel && one.purpose === purpose);
    t.like(of('email', 'campaign'), {
      may: false,
      why: 'stopped',
      suppression: { reason: 'objection' },
    });
    t.true(of('email', 'campaign').rules.length > 0);
    t.like(of('sms', 'campaign'), {
      may: true,
      consent: { given: true, wording: 'Yes.' },
      instead: null,
    });
    t.like(of('call', 'targeting'), {
      ...{
        may: false,
        instead: { href: `/admin/people/${id}/consent?deed=give&channel=call&purpose=targeting` },
      },
    });
    const visitor = app.visitor();
    t.is(
      (await visitor.get(`/api/v1/people/${id}/contactability`, { accept: 'application/json' }))
        .status,
      403,
    );
    t.is(
      (await staff.get('/api/v1/people/999/contactability', { accept: 'application/json' })).status,
      404,
    );
    const form = await staff.get(
      `/admin/people/${id}/consent?deed=give&channel=call&purpose=targeting`,
    );
    t.regex(form.body, /value="targeting" checked/);
    const proof = { wording: 'You may choose me.', evidence: 'form 3' };
    await staff.post(`/admin/people/${id}/consent`, {
      deed: 'give',
      channel: 'call',
      purpose: 'targeting',
      ...proof,
    });
    t.like(
      (await makeConsents(deps).current(scope, id)).find(({ channel }) => channel === 'targeting'),
      { purpose: 'targeting' },
    );
  },
);

test.serial(
  'a page counts who would get it, who not, and why, and gives the same people',
  async (t) => {
    const { app, deps, scope, id, say } = await scene(t);
    const people = makePeople(deps);
    for (const n of [1, 2, 3])
      await people.upsert(scope, { emailAddress: `p${n}@x.example`, source: 'import' });
    await people.upsert(scope, { givenName: 'Bo', phoneNumber: '+33612345679', source: 'staff' });
    await suppress(scope, deps, {
      ...{ personId: (await people.findByEmail(scope, 'p1@x.example'))?.id ?? '', kind: 'email' },
      ...{ address: 'p1@x.example', reason: 'unsubscribed' },
    });
    await say('email', 'campaign');
    const count = await countReach(scope, mail);
    t.like(count, { total: 5, may: 1 });
    const numbers = Object.fromEntries(
      count.rows.map((row): [ReachWhy, number] => [row.why, row.people]),
    );
    t.deepEqual(numbers, { 'no-consent': 2, 'no-way': 1, unsubscribed: 1 });
    t.deepEqual(await idsOf(scope, mail), [id]);
    const staff = await app.staff('organiser');
    const page = await staff.get('/admin/people/reach?purpose=campaign&channel=email');
    t.is(page.status, 200);
    t.regex(page.body, /1 person may be reached/);
    t.regex(page.body, /of 5/);
    t.is((await staff.get('/admin/people/reach?purpose=x&channel=y')).status, 200);
  },
);

test.serial('a chapter counts whom it sees, behind the second wall as well', async (t) => {
  const { app, deps, scope, id, say } = await scene(t);
  const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  await makePeople(deps).upsert(app.scope(lyon), { emailAddress: 'ana@x.example', source: 'test' });
  await say('email', 'campaign');
  for (const [chapter, expected] of [
    [lyon, [id]],
    [lille, []],
  ] as const) {
    const ids = (one: Scope) => idsOf(one, mail);
    t.deepEqual(await ids(app.scope(chapter)), [...expected]);
    t.deepEqual(await asStaff(app, chapter, ids), [...expected]);
    const all = await asStaff(app, chapter, (one) => countReach(one, mail));
    t.is(all.total, expected.length);
  }
  // Somebody else who is not seen here had the address stopped: the chapter is told no, by either way.
  await suppress(scope, deps, {
    personId: id,
    kind: 'email',
    address: 'ana@x.example',
    reason: 'complaint',
  });
  await app.house.database.db.raw('update people.suppression set person_id = null');
  const alone = await asStaff(app, lyon, (one) => reach.may(one, id, mail));
  t.is(alone?.why, 'stopped');
  t.deepEqual(await asStaff(app, lyon, (one) => idsOf(one, mail)), []);
});

const reader: Actor = {
  ...{ kind: 'staff', accountId: '1', name: 'Sam' },
  permissions: new Set(['people.person.read']),
};

function asStaff<T>(
  app: App,
  organizationId: string,
  fn: (scope: Scope) => Promise<T>,
): Promise<T> {
  return app.house.scopes.with({ organizationId, actor: reader }, fn);
}

test.serial(
  'whom a list says that they agreed is asked once, and by confirming can be written to',
  async (t) => {
    const { app, deps, scope, id, why } = await scene(t);
    const people = makePeople(deps);
    const { id: stopped } = await people.upsert(scope, {
      emailAddress: 'bo@x.example',
      source: 'import',
    });
    const { db } = app.house.database;
    await db.raw(
      `insert into people.import (organization_id, file_name, columns, rows, by_name, created_at)
     values (:root, 'f', '{}', 2, 'Sam', :at)`,
      { root: scope.organization.id, at: scope.now() },
    );
    await db.raw(
      `insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
     select id, :root, 'email', (select max(id) from people.import), :at from people.person`,
      { root: scope.organization.id, at: scope.now() },
    );
    await suppress(scope, deps, {
      personId: stopped,
      kind: 'email',
      address: 'bo@x.example',
      reason: 'unsubscribed',
    });
    t.is(await why(mail), 'claimed');
    const staff = await app.staff('organiser');
    const page = '/admin/people/reach?purpose=campaign&channel=email';
    t.regex((await staff.get(page)).body, /Ask 1 person to confirm/);
    const mails = async () =>
      (await db.raw(`select to_address as "to", bulk, text from core.outbox order by id`)).rows;
    await staff.post('/admin/people/reach/ask', {});
    await app.drain();
    await staff.post('/admin/people/reach/ask', {});
    await staff.post(`/admin/people/${id}/ask`, {});
    await app.drain();
    const sent = await mails();
    t.deepEqual(
      sent.map((one: { to: string; bulk: boolean }) => [one.to, one.bulk]),
      [['ana@x.example', true]],
    );
    t.notRegex((await staff.get(page)).body, /Ask 1 person/);
    const link = /\/confirm\/[\w-]+/.exec(sent[0].text)?.[0] ?? '';
    await app.visitor().post(link, {});
    t.is(await why(letter), 'yes');
    t.is(await why(mail), 'no-consent', 'the letter is what they were asked about');
  },
);

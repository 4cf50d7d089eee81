// An address that somebody said no for gets nothing, whatever the plugin that wrote the message had asked before.
import test, { type ExecutionContext } from 'ava';
import type { MailMessage } from 'rostra/plugin';
import { makeApp, startMailSink } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { depsOf } from './deps.ts';
import { createNewsletter, makeNewsletters } from './newsletter.ts';
import { makePeople } from './person.ts';
import { suppress } from './suppression.ts';

const to = 'ana@x.example';

async function scene(t: ExecutionContext, jurisdiction = 'us') {
  const sink = await startMailSink(t);
  const app = await makeApp(t, { jurisdiction, smtpUrl: sink.url });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const person = { emailAddress: to, givenName: 'Ana', source: 'website.sign-up' };
  const { id } = await makePeople(deps).upsert(scope, person);
  const hand = (more: Partial<MailMessage> = {}, by = 'people') =>
    app.house.mail(by).send(scope, { to, view: 'mail/test', data: {}, ...more });
  const { db } = app.house.database;
  const stopped = (reason: string, address = to) =>
    db.raw(
      `insert into people.suppression (kind, hash, organization_id, reason, at)
       values ('email', people.keyed_hash('email', :address), :organizationId, :reason, :now)`,
      { address, reason, organizationId: scope.organization.id, now: app.clock.now() },
    );
  const states = async () => {
    const found = await db.raw('select state from core.outbox order by id');
    return found.rows.map(({ state }: { state: string }) => state);
  };
  return { app, deps, scope, id, hand, stopped, states, sink };
}

test('a message to an address that is never to be written to is refused, in any case of its letters', async (t) => {
  const { app, hand, stopped, states, sink } = await scene(t);
  await stopped('objection');
  await hand();
  await hand({ to: 'ANA@X.example' });
  await hand({ to: 'other@x.example' });
  await app.drain();
  t.deepEqual(await states(), ['refused', 'refused', 'accepted']);
  t.deepEqual(sink.readers, ['other@x.example']);
  const staff = await app.staff();
  const { body } = await staff.get('/admin/outbox/1');
  t.regex(body, /Asked never to be reached there again/);
});

test('what staff release is asked again', async (t) => {
  const { app, hand, stopped, states, sink } = await scene(t);
  await stopped('complaint');
  const id = await hand();
  await app.drain();
  const staff = await app.staff();
  t.is((await staff.post(`/admin/outbox/${id}/release`, {})).status, 303);
  await app.drain();
  t.deepEqual(await states(), ['refused']);
  t.deepEqual(sink.readers, []);
});

test('what a person asked of their own data reaches them whatever they said no to', async (t) => {
  const { app, hand, stopped, states } = await scene(t);
  await stopped('objection');
  await hand({ despiteNo: true });
  await hand({}, 'core');
  await app.drain();
  t.deepEqual(await states(), ['accepted', 'accepted']);
});

test('who unsubscribed gets the answer to what they do, and nothing that goes to many', async (t) => {
  const { app, id, hand, stopped, states } = await scene(t);
  await stopped('unsubscribed');
  await hand();
  await hand({ bulk: true });
  await hand({ purpose: 'campaign', personId: id });
  await app.drain();
  t.deepEqual((await states()).toSorted(), ['accepted', 'refused', 'refused']);
});

test('a no that is said while a message waits holds, though the message stays', async (t) => {
  const { app, deps, scope, id, hand, states, sink } = await scene(t);
  const said = {
    ...{ personId: id, channel: 'email', purpose: 'campaign', wording: 'Yes.', locale: 'en' },
    ...{ source: 'test', evidence: { confirmedAt: 'then' } },
  };
  await makeConsents(deps).give(scope, said);
  await hand({ purpose: 'campaign', personId: id });
  await makeConsents(deps).withdraw(scope, said);
  await app.drain();
  t.deepEqual(await states(), ['refused']);
  t.deepEqual(sink.readers, []);
});

test('a message for a purpose goes to an address of the person that mail gets to, and to nobody who is gone', async (t) => {
  const { app, deps, scope, id, hand, states, sink } = await scene(t);
  await makeConsents(deps).give(scope, {
    ...{ personId: id, channel: 'email', purpose: 'campaign', wording: 'Yes.', locale: 'en' },
    ...{ source: 'test', evidence: { confirmedAt: 'then' } },
  });
  const campaign = { purpose: 'campaign', personId: id } as const;
  await hand(campaign);
  await hand({ ...campaign, to: 'strange@x.example' });
  await hand({ ...campaign, personId: '999' });
  await app.drain();
  t.deepEqual(await states(), ['accepted', 'refused', 'refused']);
  t.deepEqual(sink.readers, [to]);
  await t.throwsAsync(hand({ purpose: 'campaign' }), { message: /says whom it goes to/ });
});

test('a message of a newsletter goes to who is subscribed to that one when it leaves', async (t) => {
  const { app, deps, scope, id, hand, states } = await scene(t);
  const newsletters = makeNewsletters(deps);
  const other = await createNewsletter(scope, deps, { name: 'Other' });
  const one = (await newsletters.list(scope)).find((each) => each.id !== other)?.id ?? '';
  for (const letter of [one, other]) await newsletters.subscribe(scope, id, letter);
  const of = (topic?: string) =>
    hand({ purpose: 'newsletter', personId: id, ...(topic && { topic }) });
  for (const topic of [one, other, '999', 'no id', undefined]) await of(topic);
  await newsletters.unsubscribe(scope, id, one);
  await app.drain();
  t.deepEqual(await states(), ['refused', 'accepted', 'refused', 'refused', 'accepted']);
});

test('whoever a list brought with a yes may be asked whether they agreed, and nobody else', async (t) => {
  const { app, scope, id, hand, states } = await scene(t, 'fr');
  const ask = { purpose: 'confirmation', personId: id } as const;
  await hand(ask);
  await app.drain();
  const { db } = app.house.database;
  await db.raw(
    `insert into people.import (organization_id, file_name, columns, rows, by_name, created_at)
     values (:root, 'f', '{}', 1, 'Sam', :now)`,
    { root: scope.organization.id, now: app.clock.now() },
  );
  await db.raw(
    `insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
     select :id, organization_id, 'email', id, created_at from people.import`,
    { id },
  );
  app.clock.set('2026-11-24T10:01:00Z');
  await hand(ask);
  await hand({ ...ask, purpose: 'campaign' });
  await app.drain();
  t.deepEqual(await states(), ['refused', 'accepted', 'refused']);
});

test('while what people said no to cannot be asked a message waits, and leaves once it can', async (t) => {
  const { app, scope, hand, states, sink } = await scene(t);
  await hand();
  await hand({ despiteNo: true });
  await app.house.verbs.switchPlugin(scope, 'people', false);
  await app.drain();
  t.deepEqual(await states(), ['ready', 'accepted']);
  await app.house.verbs.switchPlugin(scope, 'people', true);
  app.clock.set('2026-11-24T10:05:00Z');
  await hand({ to: 'other@x.example' });
  await app.drain();
  t.deepEqual(await states(), ['accepted', 'accepted', 'accepted']);
  t.is(sink.readers.length, 3);
});

test('a no takes along what a worker has taken and not handed over', async (t) => {
  const { app, deps, scope, id, hand, states } = await scene(t);
  await hand();
  await app.house.database.db.raw(`update core.outbox set state = 'claimed', holder = 'x'`);
  const way = { personId: id, kind: 'email', address: to, reason: 'objection' } as const;
  await suppress(scope, deps, way);
  t.deepEqual(await states(), []);
});

// Whoever sleeps waits, whoever had enough is left out, and what nobody knows of may be sent again.
import test, { type ExecutionContext } from 'ava';
import { Consents, People } from 'rostra/people';
import type { HandedMail } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { addressOf, scene } from './fixture.ts';
import { Outreach, type OutreachChannel } from './index.ts';
import { run } from './run.ts';
import { findSend } from './send.sql.ts';
import { release } from './send.ts';

const accepted: HandedMail = { state: 'accepted', answer: '' };

/** A channel by telephone whose far side is here: its numbers in the order in which they were spoken to. */
function loopback(deps: Deps) {
  const taken: string[] = [];
  const service: OutreachChannel = {
    describe: async () => ({ id: 'loop', name: '', begin: '', href: '/loop', reach: 'sms' }),
    check: async () => [],
    obstacle: async () => undefined,
    take: async (_scope, most) => ({ count: most, giveBack: async () => {} }),
    open: async () => ({
      ...{ lanes: 1, answers: async () => true, close: () => {} },
      write:
        async ({ address }) =>
        async () => {
          taken.push(address);
          return accepted;
        },
    }),
  };
  return { taken, deps: { ...deps, channelsOn: () => [{ plugin: 'outreach', service }] } };
}

const numbers = ['+33612345678', '+262692123456'];

/** Two who agreed to texts: in France, and on Réunion, three hours ahead in winter. */
async function texting(t: ExecutionContext, now: string) {
  const s = await scene(t, { count: 2, now });
  const get = s.app.get('outreach');
  for (const [place, number] of numbers.entries()) {
    await get(People).upsert(s.scope, {
      ...{ emailAddress: addressOf(place), phoneNumber: number, source: 'website.sign-up' },
    });
    await get(Consents).give(s.scope, {
      ...{ personId: s.ids[place] ?? '', channel: 'sms', purpose: 'newsletter', wording: 'Oui.' },
      ...{ locale: 'fr', source: 'website.sign-up', evidence: { form: '1' } },
    });
  }
  const { taken, deps } = loopback(s.deps);
  const id = await s.app
    .get('outreach')(Outreach)
    .create(s.scope, {
      ...{ channel: 'loop', name: 'x', newsletterId: s.newsletterId, content: {} },
    });
  const send = await findSend(s.scope, id);
  if (!send) throw new Error('there is no such send');
  await release(s.scope, deps, send, { version: 1, startsAt: s.scope.now() });
  return { ...s, taken, id, go: () => run(s.scope, deps, id) };
}

test('a text leaves when it is day where its reader is, also when the clocks were moved meanwhile', async (t) => {
  // Saturday 19:30 in Paris, the night before winter: on Réunion it is 21:30.
  const s = await texting(t, '2026-10-24T17:30:00Z');
  await s.go();
  t.deepEqual(s.taken, [numbers[0]]);
  t.like(await s.counts(s.id), { accepted: 1, waiting: 1, skipped: 0 });
  const { rows } = await s.scope.db.raw(
    `select due_at, answer, attempts from outreach.recipient where state = 'ready'`,
  );
  t.like(rows[0], { answer: 'quiet', attempts: 0, due_at: new Date('2026-10-26T05:00:00Z') });
  s.app.clock.set('2026-10-26T04:59:00Z');
  await s.go();
  t.is(s.taken.length, 1);
  s.app.clock.set('2026-10-26T05:00:00Z');
  await s.go();
  t.deepEqual(s.taken, numbers);
  t.is((await findSend(s.scope, s.id))?.state, 'done');
});

test('who had as many as one may get in so many days is left out, and before sending it is said how many', async (t) => {
  const s = await scene(t, { count: 3 });
  const staff = await s.app.staff('administrator');
  const cap = { messagesMost: '1', messagesDays: '7', secondFrom: '0', revision: '0' };
  t.is((await staff.post('/admin/settings/outreach', cap)).status, 303);
  const first = await s.write();
  await s.deps.newsletters.unsubscribe(s.scope, s.ids[0] ?? '', s.newsletterId);
  await s.releaseNow(first);
  await s.app.drain();
  await s.deps.newsletters.subscribe(s.scope, s.ids[0] ?? '', s.newsletterId);
  const second = await s.write();
  const page = (await staff.get(`/admin/@lyon/outreach/${second}`)).body;
  t.regex(page, /At most 1 to one person in 7 days/);
  t.regex(page, /2 of these people had as many/);
  await s.releaseNow(second);
  await s.app.drain();
  t.deepEqual(s.sink.readers().sort(), [0, 1, 2].map(addressOf));
  t.like(await s.counts(second), { accepted: 1, skipped: 2 });
  t.regex((await staff.get(`/admin/@lyon/outreach/${second}`)).body, /as many messages as you let/);
  s.app.clock.set('2026-12-01T10:00:01Z');
  const third = await s.write();
  await s.releaseNow(third);
  await s.app.drain();
  t.like(await s.counts(third), { accepted: 3, skipped: 0 });
});

test('who had a letter today gets no text where one message is the most, over all channels', async (t) => {
  const s = await texting(t, '2026-11-24T10:00:00Z');
  const staff = await s.app.staff('administrator');
  const cap = { messagesMost: '1', messagesDays: '7', secondFrom: '0', revision: '0' };
  t.is((await staff.post('/admin/settings/outreach', cap)).status, 303);
  await s.deps.newsletters.unsubscribe(s.scope, s.ids[1] ?? '', s.newsletterId);
  await s.releaseNow(await s.write());
  await s.app.drain();
  t.deepEqual(s.sink.readers(), [addressOf(0)]);
  await s.deps.newsletters.subscribe(s.scope, s.ids[1] ?? '', s.newsletterId);
  await s.go();
  t.deepEqual(s.taken, [numbers[1]]);
  t.like(await s.counts(s.id), { accepted: 1, skipped: 1 });
});

test('what nobody knows of is sent again by a button alone, under its old name, and the audit tells it', async (t) => {
  const s = await scene(t, { count: 2 });
  const staff = await s.app.staff('administrator');
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  await s.scope.db.raw(`update outreach.recipient set state = 'unknown' where person_id = :id`, {
    id: s.ids[0] ?? '',
  });
  const at = `/admin/@lyon/outreach/${id}`;
  t.regex((await staff.get(at)).body, /Send 1 again: it may arrive twice/);
  await s.app.drain();
  t.is(s.sink.taken.length, 2, 'never by itself');
  t.is((await staff.post(`${at}/again`, {})).status, 303);
  await s.app.drain();
  const names = s.sink.taken
    .filter((one) => [one.to].flat()[0]?.text === addressOf(0))
    .map(({ messageId }) => messageId);
  t.is(names.length, 2);
  t.is(new Set(names).size, 1);
  t.like(await s.counts(id), { accepted: 2, unknown: 0 });
  t.is((await findSend(s.scope, id))?.state, 'done');
  t.is((await staff.post(`${at}/again`, {})).status, 409);
  const { rows } = await s.scope.db.raw(
    `select count(*)::int as count from core.audit where act = 'outreach.send.sent-again'`,
  );
  t.is(rows[0].count, 1);
});

test('the results are shown as a picture, in words and as a file', async (t) => {
  const s = await scene(t, { count: 2 });
  const staff = await s.app.staff('administrator');
  const id = await s.write();
  await s.releaseNow(id);
  await s.app.drain();
  await s.scope.db.raw(
    `update outreach.recipient set bounced_at = :now, is_bounce_permanent = true where person_id = :id`,
    { now: s.scope.now(), id: s.ids[1] ?? '' },
  );
  const at = `/admin/@lyon/outreach/${id}`;
  const { body } = await staff.get(at);
  t.regex(body, /<desc id="results-d">Accepted: 2, Returned: 1, Unsubscribed: 0<\/desc>/);
  const file = await staff.get(`${at}/results`);
  t.regex(file.body, /Accepted,2\r\n.*Returned,1\r\n/s);
  t.notRegex(file.body, /@/);
});

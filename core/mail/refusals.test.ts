// Before a batch leaves, those who know its readers are asked, whatever its sender believed.
import test from 'ava';
import { fixedClock } from '../clock.ts';
import type { MailLeaving } from '../mail-services.ts';
import { makeMailHouse, startMailPeer } from './fixture.ts';
import { makeMail } from './mail.ts';
import { findOutbox, findOutboxMail } from './outbox.sql.ts';
import { warmUpOf } from './warm-up.ts';

async function scene(t: Parameters<typeof makeMailHouse>[0]) {
  const clock = fixedClock('2026-11-24T10:00:00Z');
  const house = await makeMailHouse(t, clock);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  const mail = makeMail(house.deps)('core');
  const hand = (to: string, more: { bulk?: boolean; purpose?: 'campaign' } = {}) => {
    const whom = more.purpose ? { personId: '1' } : {};
    const message = { to, view: 'mail/test', data: {}, despiteNo: false, ...whom, ...more };
    return mail.send(house.scope(), message);
  };
  const states = async () =>
    (await findOutbox(house.scope(), { limit: 99 })).map(({ state }) => state).reverse();
  return { clock, house, peer, hand, states };
}

test('one no is enough, the batch is asked at once, and the outbox says why', async (t) => {
  const { house, peer, hand, states } = await scene(t);
  const asked: (readonly MailLeaving[])[] = [];
  house.knowers.push(
    { refusalsOf: async (_, messages) => messages.map(() => undefined) },
    {
      async refusalsOf(_, messages) {
        asked.push(messages);
        return messages.map(({ to }) => (to.startsWith('no') ? 'Said no.' : undefined));
      },
    },
  );
  const ids = [await hand('no@x.example'), await hand('yes@x.example')];
  await hand('no.too@x.example', { purpose: 'campaign' });
  await house.jobs.drain();
  t.deepEqual(await states(), ['refused', 'accepted', 'refused']);
  t.is(peer.received.length, 1);
  t.is((await findOutboxMail(house.scope(), ids[0] ?? ''))?.answer, 'Said no.');
  t.deepEqual(asked, [
    [
      { to: 'no@x.example', bulk: false },
      { to: 'yes@x.example', bulk: false },
      { to: 'no.too@x.example', bulk: false, personId: '1', purpose: 'campaign' },
    ],
  ]);
});

test('a refused message does not count on the day of a new sender', async (t) => {
  const { clock, house, hand, states } = await scene(t);
  house.knowers.push({
    refusalsOf: async (_, messages) =>
      messages.map(({ to }) => (to.startsWith('no') ? 'No.' : undefined)),
  });
  for (const to of ['no@x.example', 'yes@x.example']) await hand(to, { bulk: true });
  await house.jobs.drain();
  t.deepEqual(await states(), ['refused', 'accepted']);
  t.is((await warmUpOf(house.database.db, 'parti.example', clock.now())).today, 1);
});

test('while who knows fails everything waits, uncounted and untried, and leaves later', async (t) => {
  const { clock, house, peer, hand, states } = await scene(t);
  let isWell = false;
  house.knowers.push({
    async refusalsOf(_, messages) {
      if (!isWell) throw new Error('down');
      return messages.map(() => undefined);
    },
  });
  const id = await hand('yes@x.example', { bulk: true });
  await house.jobs.drain();
  t.deepEqual(await states(), ['ready']);
  const waiting = await findOutboxMail(house.scope(), id);
  t.is(waiting?.attempts, 0);
  t.regex(waiting?.answer ?? '', /cannot be told right now/);
  t.is((await warmUpOf(house.database.db, 'parti.example', clock.now())).today, 0);
  isWell = true;
  clock.set('2026-11-24T10:02:00Z');
  await hand('another@x.example');
  await house.jobs.drain();
  t.deepEqual(await states(), ['accepted', 'accepted']);
  t.is(peer.received.length, 2);
});

test('a message that says what it is for waits while nobody is there to say whether it may go', async (t) => {
  const { house, peer, hand, states } = await scene(t);
  await hand('yes@x.example', { purpose: 'campaign' });
  await house.jobs.drain();
  t.deepEqual(await states(), ['ready']);
  t.is(peer.received.length, 0);
});

// What goes to many keeps silent before an election; an answer to one person does not.
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { fixedClock } from '../clock.ts';
import { makeSilence } from '../law/silence.ts';
import type { ElectionRound } from '../services.ts';
import { deliverMail } from './deliver.ts';
import { makeMailHouse, startMailPeer } from './fixture.ts';
import { findOutbox, findOutboxMail } from './outbox.sql.ts';
import { warmUpOf } from './warm-up.ts';

const vote: ElectionRound = {
  ...{ electionId: '1', name: 'Municipales', country: 'FR', timeZone: 'Europe/Paris' },
  ...{ day: '2026-12-06', closes: '18:00', href: '/elections/1' },
};

async function houseAt(t: Parameters<typeof makeMailHouse>[0], now: string) {
  const clock = fixedClock(now);
  const house = await makeMailHouse(t, clock);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  const many = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1)
      ids.push(await house.send(`many${i}@example.org`, { bulk: true }));
    return ids;
  };
  return { clock, house, peer, many };
}
const subjects = (received: { to?: unknown }[]) =>
  received.map(({ to }) => ([to].flat()[0] as { text: string }).text);

test('what goes to many waits until the polls close, a single message leaves, and it lifts by itself', async (t) => {
  const { clock, house, peer, many } = await houseAt(t, '2026-12-06T16:59:59Z');
  house.rounds.push(vote);
  await many(2);
  await house.send('one@example.org');
  t.is(await deliverMail(house.deps, house.scope()), 1);
  t.deepEqual(subjects(peer.received), ['one@example.org']);
  t.is((await warmUpOf(house.database.db, 'parti.example', clock.now())).today, 0);
  clock.set('2026-12-06T17:00:00Z');
  t.is(await deliverMail(house.deps, house.scope()), 2);
});

test('half a minute before nothing is begun any more, so that what is handed over is also taken in time', async (t) => {
  const { clock, house, many } = await houseAt(t, '2026-12-04T22:59:29.900Z');
  house.rounds.push(vote);
  await many(1);
  t.is(await deliverMail(house.deps, house.scope()), 1);
  await many(1);
  clock.set('2026-12-04T22:59:30.100Z');
  t.is(await deliverMail(house.deps, house.scope()), 0);
});

test('a server that takes three seconds over a message takes none that silence would overtake', async (t) => {
  const begins = Date.parse('2026-12-04T23:00:00Z');
  const { house, peer, many } = await houseAt(t, '2026-12-04T12:00:00Z');
  house.rounds.push(vote);
  await many(3);
  // Silence is two and a half seconds away, and time goes on meanwhile.
  const ahead = begins - 2500 - Date.now();
  const now = () => new Date(Date.now() + ahead);
  const taken: number[] = [];
  peer.hooks.onData = async () => {
    await wait(3000);
    taken.push(now().getTime());
  };
  const scope = Object.assign(house.scope(), { now });
  await deliverMail(house.deps, scope);
  t.deepEqual(
    taken.filter((time) => time >= begins),
    [],
  );
});

test('what a server still has in hand when silence begins is cut off, and nobody says that it arrived', async (t) => {
  const { clock, house, peer, many } = await houseAt(t, '2026-12-04T22:59:29Z');
  house.rounds.push(vote);
  await many(7);
  // It would answer when nobody listens any more; the next ones are not begun.
  peer.hooks.onData = async (session) => {
    clock.set('2026-12-04T22:59:59.600Z');
    await peer.isLeft(session);
  };
  t.is(await deliverMail(house.deps, house.scope()), 0);
  const all = await findOutbox(house.scope(), { limit: 9 });
  const unknown = all.filter(({ state }) => state === 'unknown');
  t.true(unknown.length >= 1 && unknown.length <= 5, String(unknown.length));
  t.is(all.filter(({ state }) => state === 'ready').length, 7 - unknown.length);
  const { answer } = (await findOutboxMail(house.scope(), unknown[0]?.id ?? '')) ?? {};
  t.regex(answer ?? '', /The connection was cut when silence began/);
});

test('an election that is entered while a server is at it cuts that off too, within a second', async (t) => {
  const { clock, house, peer, many } = await houseAt(t, '2026-12-05T12:00:00Z');
  await many(1);
  peer.hooks.onData = async (session) => {
    house.rounds.push(vote);
    clock.set('2026-12-05T12:00:01Z');
    await peer.isLeft(session);
  };
  t.is(await deliverMail(house.deps, house.scope()), 0);
  t.is((await findOutbox(house.scope(), { limit: 9 }))[0]?.state, 'unknown');
});

test('an election that is entered while messages leave stops the rest within a second', async (t) => {
  const { clock, house, peer, many } = await houseAt(t, '2026-12-05T12:00:00Z');
  const ids = await many(15);
  peer.hooks.onData = () => {
    if (house.rounds.length > 0) return;
    house.rounds.push(vote);
    clock.set('2026-12-05T12:00:01Z');
  };
  await deliverMail(house.deps, house.scope());
  // Those that were being handed over at that moment are the last.
  t.true(peer.received.length <= 6, String(peer.received.length));
  const states = (await findOutbox(house.scope(), { limit: 99 })).map(({ state }) => state);
  t.is(states.filter((state) => state === 'ready').length, 15 - peer.received.length);
  const left = await findOutboxMail(house.scope(), ids.at(-1) ?? '');
  t.regex(left?.answer ?? '', /Waits for the end of the silence, December 6, 2026 at 17:00 UTC/);
  t.is(left?.attempts, 0);
  t.is(
    (await warmUpOf(house.database.db, 'parti.example', clock.now())).today,
    peer.received.length,
  );
});

test('while the calendar cannot be read nothing goes to many, and a single message leaves', async (t) => {
  const { house, peer, many } = await houseAt(t, '2026-11-24T12:00:00Z');
  const near = async () => {
    throw new Error('no calendar');
  };
  const silence = makeSilence(() => [{ plugin: 'test', service: { near } }]);
  await many(1);
  await house.send('one@example.org');
  t.is(await deliverMail({ ...house.deps, silence }, house.scope()), 1);
  t.deepEqual(subjects(peer.received), ['one@example.org']);
  const states = (await findOutbox(house.scope(), { limit: 9 })).map(({ state }) => state);
  t.deepEqual(states.toSorted(), ['accepted', 'ready']);
});

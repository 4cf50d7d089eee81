// A new sender's first days: few of the messages to many, all of the single ones.
import test from 'ava';
import { fixedClock } from '../clock.ts';
import { deliverMail } from './deliver.ts';
import { type MailHouse, makeMailHouse, startMailPeer } from './fixture.ts';
import { ceilingOf, warmUpOf } from './warm-up.ts';

const domain = 'parti.example';
const readersOf = (received: { to?: unknown }[]) =>
  received.map(({ to }) => ([to].flat()[0] as { text: string }).text.split('@')[0]);

async function houseOf(t: Parameters<typeof makeMailHouse>[0], sent: number) {
  const clock = fixedClock('2026-11-24T10:00:00Z');
  const house = await makeMailHouse(t, clock);
  const peer = await startMailPeer(t);
  await house.setServer(peer.url);
  await house.database.db.raw(`insert into core.mail_day values (:domain, '2026-11-24', :sent)`, {
    ...{ domain, sent },
  });
  return { house, peer, clock };
}

const sentToday = async (house: MailHouse) =>
  (await warmUpOf(house.database.db, domain, house.scope().now())).today;

async function sendToMany(house: MailHouse, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await house.send(`many${i}@example.org`, { bulk: true });
}

test('each day twice the best one so far, from 50 on, and no ceiling after 25,600', (t) => {
  const ceilings: number[] = [];
  for (let best = 0; ; best = ceilings.at(-1) ?? 0) {
    const ceiling = ceilingOf({ isWarm: false, best, today: 0 });
    if (ceiling === undefined) break;
    ceilings.push(ceiling);
  }
  t.deepEqual(ceilings, [50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600]);
  t.is(ceilingOf({ isWarm: false, best: 5, today: 0 }), 50);
  t.is(ceilingOf({ isWarm: true, best: 0, today: 0 }), undefined);
});

test('to many leave no more than today allows, single messages go first and all, the rest tomorrow', async (t) => {
  const { house, peer, clock } = await houseOf(t, 48);
  await sendToMany(house, 4);
  await house.send('one@example.org');
  await deliverMail(house.deps, house.scope());
  await house.send('two@example.org');
  await deliverMail(house.deps, house.scope());
  t.deepEqual(readersOf(peer.received).sort(), ['many0', 'many1', 'one', 'two']);
  t.is(readersOf(peer.received)[0], 'one');
  t.like(await warmUpOf(house.database.db, domain, clock.now()), { ceiling: 50, isFull: true });

  clock.set('2026-11-25T00:00:10Z');
  await deliverMail(house.deps, house.scope());
  t.is(peer.received.length, 6);
  t.like(await warmUpOf(house.database.db, domain, clock.now()), { ceiling: 100, today: 2 });
});

test('workers side by side do not pass the ceiling together', async (t) => {
  const { house, peer } = await houseOf(t, 45);
  await sendToMany(house, 12);
  const workers = [1, 2, 3].map(() => deliverMail(house.deps, house.scope()));
  t.is(
    (await Promise.all(workers)).reduce((sum, count) => sum + count, 0),
    5,
  );
  t.is(peer.received.length, 5);
  t.is(await sentToday(house), 50);
});

test('a server that does not answer costs nothing of the day', async (t) => {
  const { house } = await houseOf(t, 40);
  await house.setServer('smtp://127.0.0.1:9');
  await sendToMany(house, 3);
  await deliverMail(house.deps, house.scope());
  t.is(await sentToday(house), 40);
});

// Calls of providers: proven or asked back, doubled, shuffled, late, forged; the ledger is the same.
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { type Deps, depsOf } from './deps.ts';
import { startSou } from './example/fixture.ts';
import { aroundOf, makeRecipient, offerOf } from './fixture.ts';
import { checkLedgers } from './ledger.ts';
import { openPayment } from './payment.ts';
import { reconcile } from './payment-jobs.ts';
import {
  balancesOf,
  type Counter,
  donationOf,
  impatient,
  openHouse,
  page,
  pay,
  promise,
  settingsOf,
} from './payments/fixture.ts';
import type { SentHook } from './payments/stripe-peer-world.ts';
import { pledge } from './pledge.ts';
import { findAccounts } from './provider-account.sql.ts';
import { hookPathOf, saveAccount } from './provider-account.ts';

type House = Counter & { hook: string };

async function send({ app, hook }: House, { headers, body }: SentHook): Promise<number> {
  const answer = await fetch(`${app.url}${hook}`, { method: 'POST', headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

const paidCall = ({ stripe }: House, reference: string, at?: Date) =>
  stripe.event('payment_intent.succeeded', stripe.intent(reference), at);

test.serial(
  'a call of Stripe’s has the payment asked about; the same again changes nothing',
  async (t) => {
    const house = await openHouse(t);
    const { id, reference } = await pay(house);
    const call = paidCall(house, reference);
    t.is(await send(house, call), 200);
    t.is((await donationOf(house, id)).state, 'pledged', 'it is asked about after the answer');
    await house.app.drain();
    t.is((await donationOf(house, id)).state, 'accepted');
    const before = await balancesOf(house);
    t.is(await send(house, call), 200);
    await house.app.drain();
    t.deepEqual(await balancesOf(house), before);
  },
);

test.serial('a call that is forged, too old, too long or for nobody does nothing', async (t) => {
  const house = await openHouse(t);
  const { id, reference } = await pay(house);
  const call = paidCall(house, reference);
  const week = new Date(house.app.clock.now().getTime() - 7 * 24 * 3600_000);
  const asked = house.stripe.asked.length;
  t.is(await send(house, { ...call, headers: {} }), 400);
  t.is(await send(house, { ...call, body: Buffer.from(`${call.body} `) }), 400);
  t.is(await send(house, paidCall(house, reference, week)), 400);
  t.is(await send(house, { ...call, body: Buffer.alloc(300_000, 'a') }), 413);
  const elsewhere = { ...house, hook: house.hook.replace(/.$/, '_') };
  t.is(await send(elsewhere, call), 404);
  const other = { ...house, hook: house.hook.replace('stripe-loopback', 'stripe') };
  t.is(await send(other, call), 404);
  await house.app.drain();
  t.is((await donationOf(house, id)).state, 'pledged');
  t.is(house.stripe.asked.length, asked, 'nothing was asked');
});

test.serial(
  'a call that comes a week late is heard, and one about what is lost is found by its key',
  async (t) => {
    const house = await openHouse(t, impatient);
    const { id } = await promise(house, house.scope);
    house.stripe.become('silent');
    await t.throwsAsync(openPayment(house.scope, house.deps, id, page));
    house.stripe.become('well');
    const reference = house.stripe.intents()[0]?.id ?? '';
    house.stripe.pay(reference);
    const { clock } = house.app;
    clock.set(new Date(clock.now().getTime() + 7 * 24 * 3600_000));
    // A delivery that is tried again is signed anew.
    t.is(await send(house, paidCall(house, reference)), 200);
    await house.app.drain();
    t.is((await donationOf(house, id)).state, 'accepted');
  },
);

test.serial(
  'a call about a chapter’s money that comes to the party’s address is asked about under the chapter’s law',
  async (t) => {
    const house = await openHouse(t);
    const scope = house.app.scope(await house.app.chapter('Lyon'));
    const recipient = await makeRecipient(scope, { isTest: true });
    const order = { recipientId: recipient.id, provider: 'stripe-loopback' };
    await saveAccount(scope, house.deps, { ...order, settings: settingsOf(house.stripe, 'lyon') });
    const [account] = await findAccounts(scope, recipient.id);
    const lyon = { ...house, scope, recipient, hook: account ? hookPathOf(account) : '' };
    const { id, reference } = await pay(lyon);
    t.is(await send(lyon, paidCall(house, reference)), 200);
    await house.app.drain();
    t.is((await donationOf(lyon, id)).state, 'pledged');
    house.app.clock.set(new Date(house.app.clock.now().getTime() + 5 * 60_000));
    await reconcile(house.scope, house.deps);
    t.is((await donationOf(lyon, id)).state, 'pledged');
    await reconcile(scope, house.deps);
    t.is((await donationOf(lyon, id)).state, 'accepted');
  },
);

test.serial('a call of a payout has payouts fetched', async (t) => {
  const house = await openHouse(t);
  await pay(house, 10_000);
  const payout = house.stripe.payOut(4_000);
  house.stripe.movePayout(payout, 'paid');
  t.is(await send(house, house.stripe.event('payout.paid', house.stripe.find(payout))), 200);
  await house.app.drain();
  t.is((await balancesOf(house)).bank, 4_000);
});

test.serial('five hundred calls, shuffled and doubled, make the same ledger', async (t) => {
  const house = await openHouse(t);
  const { stripe } = house;
  const calls: SentHook[] = [];
  const gifts: { id: string; reference: string }[] = [];
  for (let index = 0; index < 50; index += 1) {
    const gift = await pay(house, 1_000 + index);
    gifts.push(gift);
    const intent = stripe.intent(gift.reference);
    const charge = stripe.find(String(intent.latest_charge));
    calls.push(stripe.event('payment_intent.created', intent));
    calls.push(stripe.event('payment_intent.succeeded', intent));
    calls.push(stripe.event('charge.succeeded', charge));
    if (index % 5 === 0) {
      const refund = stripe.find(stripe.refund(gift.reference, 400));
      calls.push(stripe.event('charge.refunded', charge), stripe.event('refund.created', refund));
    } else if (index % 5 === 1) {
      const dispute = stripe.dispute(gift.reference);
      calls.push(stripe.event('charge.dispute.created', stripe.find(dispute)));
      stripe.endDispute(dispute, index % 2 === 0 ? 'won' : 'lost');
      calls.push(stripe.event('charge.dispute.closed', stripe.find(dispute)));
    } else {
      calls.push(stripe.event('charge.updated', charge), stripe.event('charge.captured', charge));
    }
  }
  const doubled = [...calls, ...calls];
  t.is(doubled.length, 500);
  // In an order that is none, and the same at each run.
  const shuffled = doubled
    .map((call, index) => ({ call, place: (index * 7_919) % 1_009 }))
    .sort((one, other) => one.place - other.place);
  for (let at = 0; at < shuffled.length; at += 25) {
    const answers = await Promise.all(
      shuffled.slice(at, at + 25).map(({ call }) => send(house, call)),
    );
    t.true(answers.every((status) => status === 200));
    if (at % 100 === 0) await house.app.drain();
  }
  await house.app.drain();
  t.is((await balancesOf(house)).provider, stripe.balance());
  for (const [index, { id }] of gifts.entries()) {
    const { state, refundedMinor } = await donationOf(house, id);
    const isLost = index % 5 === 1 && index % 2 === 1;
    t.is(state, isLost ? 'refunded' : 'accepted');
    t.is(refundedMinor, index % 5 === 0 ? 400 : isLost ? 1_000 + index : 0);
  }
  t.deepEqual(await checkLedgers(house.scope), []);
});

test.serial(
  'a provider of an outside plugin takes a gift, and its call that nobody can prove is asked back',
  async (t) => {
    const sou = await startSou(t, () => new Date('2026-11-24T10:00:00Z'));
    const folder = `${import.meta.dirname}/example`;
    const app = await makeApp(t, {
      ...{ jurisdiction: 'fr', plugins: [folder], allowPrivate: [sou.host] },
    });
    const scope = app.scope();
    const deps: Deps = depsOf(app.get('fundraising'));
    const recipient = await makeRecipient(scope, { isTest: true });
    const { settings } = sou.account;
    await saveAccount(scope, deps, { recipientId: recipient.id, provider: 'sou', settings });
    const [account] = await findAccounts(scope, recipient.id);
    const offer = { ...offerOf(scope), method: 'card' };
    const { id } = await pledge(scope, deps, recipient, offer, aroundOf({ source: 'page' }));
    const { reference, client } = await openPayment(scope, deps, id, page);
    t.deepEqual(client, { kind: 'page', url: 'https://sou.example/pay' });
    const hook = account ? hookPathOf(account) : '';
    const tell = (body: string) => fetch(`${app.url}${hook}`, { method: 'POST', body });
    // A stranger says that it is paid.
    t.is((await tell(`payment=${reference}`)).status, 200);
    await app.drain();
    const desk = { app, deps, scope, recipient };
    t.is((await donationOf(desk, id)).state, 'pledged');
    sou.pay(reference);
    t.is((await tell(`payment=${reference}`)).status, 200);
    t.is((await tell('anything else')).status, 400);
    await app.drain();
    t.is((await donationOf(desk, id)).state, 'accepted');
    t.deepEqual(await balancesOf(desk), { provider: 4_980, donations: -5_000, fees: 20 });
  },
);

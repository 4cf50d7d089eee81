// Payments through a provider: opened once, asked about, and entered as the provider tells it.
import test from 'ava';
import { refuse } from './donation.ts';
import { aroundOf, offerOf } from './fixture.ts';
import { checkLedgers } from './ledger.ts';
import { openPayment } from './payment.ts';
import { reconcile } from './payment-jobs.ts';
import { leavePayment } from './payment-settle.ts';
import {
  balancesOf,
  donationOf,
  impatient,
  openCounter,
  page,
  pay,
  paymentOf,
  promise,
  reconcileIn,
  settle,
} from './payments/fixture.ts';
import { fetchAllPayouts } from './payout.ts';
import { pledge } from './pledge.ts';
import { findRefundsOf } from './refund.sql.ts';
import { runRefund, sendBack } from './refund.ts';

test.serial(
  'a gift that is paid stands in the ledger once, with its fee, however often it is asked about',
  async (t) => {
    const counter = await openCounter(t);
    const { id } = await pay(counter, 2_500);
    await Promise.all(Array.from({ length: 5 }, () => settle(counter, id)));
    await settle(counter, id);
    t.is((await donationOf(counter, id)).state, 'accepted');
    const payment = await paymentOf(counter, id);
    t.is(payment.state, 'succeeded');
    t.is(payment.paidMinor, 2_500);
    t.is(payment.feeMinor, 63);
    t.deepEqual(await balancesOf(counter), { provider: 2_437, donations: -2_500, fees: 63 });
    t.is(counter.stripe.balance(), 2_437);
    t.deepEqual(await checkLedgers(counter.scope), []);
  },
);

test.serial('a donor who sends the form twice has one payment', async (t) => {
  const counter = await openCounter(t);
  const { id } = await promise(counter, counter.scope);
  const open = () => openPayment(counter.scope, counter.deps, id, page);
  const opened = await Promise.all([open(), open(), open()]);
  opened.push(await open());
  t.is(new Set(opened.map(({ reference }) => reference)).size, 1);
  t.is(counter.stripe.intents().length, 1);
  t.is((await paymentOf(counter, id)).state, 'open');
});

test.serial(
  'one that the provider does not answer is unknown, and known once it is asked',
  async (t) => {
    const counter = await openCounter(t, 'fr', impatient);
    const { id } = await promise(counter, counter.scope);
    counter.stripe.become('silent');
    const open = () => openPayment(counter.scope, counter.deps, id, page);
    await t.throwsAsync(open(), { code: 'core.unavailable' });
    t.is((await paymentOf(counter, id)).state, 'unknown');
    counter.stripe.become('well');
    // It was charged all the same.
    counter.stripe.pay(counter.stripe.intents()[0]?.id ?? '');
    await reconcileIn(counter, 10);
    t.is((await donationOf(counter, id)).state, 'accepted');
    await t.throwsAsync(open(), { code: 'fundraising.payment-over' });
    t.is(counter.stripe.intents().length, 1);
  },
);

test.serial(
  'one that the provider refuses is given up, and its room under the cap is free',
  async (t) => {
    const counter = await openCounter(t);
    const { id } = await promise(counter, counter.scope, 49);
    const open = openPayment(counter.scope, counter.deps, id, page);
    await t.throwsAsync(open, { code: 'fundraising.payment-refused' });
    const donation = await donationOf(counter, id);
    t.is(donation.state, 'refused');
    t.is(donation.why, 'failed');
  },
);

test.serial('another amount than was ordered is held, as it came', async (t) => {
  const counter = await openCounter(t);
  const { id } = await promise(counter, counter.scope, 2_500);
  const { reference } = await openPayment(counter.scope, counter.deps, id, page);
  counter.stripe.pay(reference, { amount: 900_000 });
  await settle(counter, id);
  await settle(counter, id);
  const donation = await donationOf(counter, id);
  t.is(donation.state, 'held');
  t.is(donation.why, 'amount-differs');
  t.is(donation.amountMinor, 900_000);
  const { held, donations } = await balancesOf(counter);
  t.is(held, -900_000);
  t.is(donations, undefined);
  t.deepEqual(await checkLedgers(counter.scope), []);
});

test.serial('money that comes for a gift that was given up is held', async (t) => {
  const counter = await openCounter(t);
  const { id } = await pay(counter);
  await refuse(counter.scope, id, 'failed');
  await settle(counter, id);
  const donation = await donationOf(counter, id);
  t.is(donation.state, 'held');
  t.is(donation.why, 'came-late');
});

test.serial(
  'what nobody pays is cancelled within the hour, so that it cannot be paid any more and its room under the cap is free',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, recipient } = counter;
    // Anybody may write a stranger's name and address on a page.
    const whole = offerOf(scope, { method: 'card', amountMinor: 750_000 });
    const ask = () => pledge(scope, deps, recipient, whole, aroundOf({ source: 'page' }));
    const { id } = await ask();
    const { reference } = await openPayment(scope, deps, id, page);
    await reconcileIn(counter, 40);
    await t.throwsAsync(ask(), { code: 'core.invalid' });
    t.is((await donationOf(counter, id)).state, 'pledged');
    await reconcileIn(counter, 20);
    t.like(await donationOf(counter, id), { state: 'refused', why: 'expired' });
    t.is(counter.stripe.intent(reference).status, 'canceled');
    t.is((await ask()).state, 'pledged');
    await t.throwsAsync(openPayment(counter.scope, counter.deps, id, page), {
      code: 'fundraising.payment-over',
    });
  },
);

test.serial(
  'who leaves without paying frees the room at once; who has paid meanwhile has given',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe } = counter;
    const open = async () => {
      const { id } = await promise(counter, scope);
      return { id, ...(await openPayment(scope, deps, id, page)) };
    };
    const [left, paidFirst] = [await open(), await open()];
    stripe.pay(paidFirst.reference);
    for (const { id } of [left, paidFirst]) await leavePayment(scope, deps, id);
    t.is((await donationOf(counter, left.id)).state, 'refused');
    t.is(stripe.intent(left.reference).status, 'canceled');
    t.is((await donationOf(counter, paidFirst.id)).state, 'accepted');
    const unopened = await promise(counter, scope);
    await leavePayment(scope, deps, unopened.id);
    t.is((await donationOf(counter, unopened.id)).state, 'refused');
  },
);

test.serial(
  'one that the provider’s search does not know yet is not given up before a day has passed',
  async (t) => {
    const counter = await openCounter(t, 'fr', impatient);
    const { id } = await promise(counter, counter.scope);
    counter.stripe.lagSearch(true);
    counter.stripe.become('silent');
    await t.throwsAsync(openPayment(counter.scope, counter.deps, id, page));
    counter.stripe.become('well');
    counter.stripe.pay(counter.stripe.intents()[0]?.id ?? '');
    await reconcileIn(counter, 60);
    t.is((await donationOf(counter, id)).state, 'pledged');
    counter.stripe.lagSearch(false);
    await reconcileIn(counter, 60);
    t.is((await donationOf(counter, id)).state, 'accepted');
  },
);

test.serial('a fee that is told later is entered then', async (t) => {
  const counter = await openCounter(t);
  counter.stripe.hideFees();
  const { id } = await pay(counter);
  await settle(counter, id);
  t.is((await balancesOf(counter)).fees, undefined);
  counter.stripe.knowFees();
  await reconcileIn(counter, 60);
  t.is((await balancesOf(counter)).fees, 63);
});

test.serial(
  'a debit waits for the bank, and one that the bank sends back is given up',
  async (t) => {
    const counter = await openCounter(t);
    const { id } = await promise(counter, counter.scope, 2_500, 'direct_debit');
    const { reference } = await openPayment(counter.scope, counter.deps, id, page);
    counter.stripe.pay(reference, { method: 'sepa_debit' });
    await reconcileIn(counter, 4 * 24 * 60);
    t.is((await donationOf(counter, id)).state, 'pledged');
    counter.stripe.settle(reference, 'fails');
    await reconcileIn(counter, 3 * 24 * 60);
    t.is((await donationOf(counter, id)).state, 'refused');
  },
);

test.serial(
  'a refund goes once, also when the provider does not answer and it is told again',
  async (t) => {
    const counter = await openCounter(t, 'fr', impatient);
    const { id, reference } = await pay(counter, 2_500);
    await settle(counter, id);
    const { scope, deps, stripe } = counter;
    const order = { donationId: id, amountMinor: 1_000, why: 'Asked for', byHand: false };
    const refund = await sendBack(scope, deps, order);
    stripe.become('silent', /POST \/v1\/refunds/);
    await t.throwsAsync(runRefund(scope, deps, refund.id), { code: 'core.unavailable' });
    stripe.become('well');
    t.is((await findRefundsOf(scope, id))[0]?.state, 'unknown');
    await reconcileIn(counter, 10);
    await runRefund(scope, deps, refund.id);
    await settle(counter, id);
    t.is((await findRefundsOf(scope, id))[0]?.state, 'succeeded');
    t.is((await donationOf(counter, id)).refundedMinor, 1_000);
    t.is(stripe.find(String(stripe.intent(reference).latest_charge)).amount_refunded, 1_000);
    t.is((await balancesOf(counter)).provider, stripe.balance());
  },
);

test.serial('more than is left is not sent back, what is on its way counted', async (t) => {
  const counter = await openCounter(t);
  const { id } = await pay(counter, 2_500);
  await settle(counter, id);
  const order = { donationId: id, amountMinor: 2_000, why: 'Asked for', byHand: false };
  await sendBack(counter.scope, counter.deps, order);
  await t.throwsAsync(sendBack(counter.scope, counter.deps, order), { code: 'core.invalid' });
});

test.serial(
  'a refund at the provider’s desk, and one that fails later, are followed',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const { id, reference } = await pay(counter, 2_500);
    await settle(counter, id);
    const refund = stripe.refund(reference, 2_500);
    await settle(counter, id);
    t.is((await donationOf(counter, id)).state, 'refunded');
    stripe.failRefund(refund);
    await settle(counter, id);
    await settle(counter, id);
    const donation = await donationOf(counter, id);
    t.is(donation.state, 'accepted');
    t.is(donation.refundedMinor, 0);
    t.is((await balancesOf(counter)).provider, stripe.balance());
    t.deepEqual(await checkLedgers(counter.scope), []);
  },
);

test.serial(
  'a dispute takes the money away while it is open, brings it back when won, and ends the gift when lost',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const [won, lost] = [await pay(counter, 2_500), await pay(counter, 4_000)];
    for (const { id } of [won, lost]) await settle(counter, id);
    const disputes = [stripe.dispute(won.reference), stripe.dispute(lost.reference)];
    for (const { id } of [won, lost]) await settle(counter, id);
    t.is((await balancesOf(counter)).disputes, 6_500);
    stripe.endDispute(disputes[0] ?? '', 'won');
    stripe.endDispute(disputes[1] ?? '', 'lost');
    for (const { id } of [won, lost, won, lost]) await settle(counter, id);
    t.is((await donationOf(counter, won.id)).state, 'accepted');
    t.is((await donationOf(counter, lost.id)).state, 'refunded');
    const balances = await balancesOf(counter);
    t.is(balances.disputes, 0);
    t.is(balances.provider, stripe.balance());
    t.deepEqual(await checkLedgers(counter.scope), []);
  },
);

test.serial(
  'a payout is entered once when it arrives, and taken back when the bank refuses it',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe, scope, deps } = counter;
    const { id } = await pay(counter, 10_000);
    await settle(counter, id);
    const payouts = [stripe.payOut(3_000), stripe.payOut(2_000)];
    await fetchAllPayouts(scope, deps);
    t.is((await balancesOf(counter)).bank, undefined);
    for (const one of payouts) stripe.movePayout(one, 'paid');
    await fetchAllPayouts(scope, deps);
    await fetchAllPayouts(scope, deps);
    t.is((await balancesOf(counter)).bank, 5_000);
    stripe.movePayout(payouts[1] ?? '', 'failed');
    await fetchAllPayouts(scope, deps);
    t.is((await balancesOf(counter)).bank, 3_000);
  },
);

test.serial(
  'a payout in another currency stands in no ledger, and the doctor tells of it',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe, scope, deps } = counter;
    stripe.movePayout(stripe.payOut(3_000, 'usd'), 'paid');
    await fetchAllPayouts(scope, deps);
    t.is((await balancesOf(counter)).bank, undefined);
    t.regex((await checkLedgers(scope))[0] ?? '', /po_\w+ .*USD/);
  },
);

test.serial(
  'a payout is fetched however long nobody could ask, and half a fetch counts for none',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe, scope, deps, app } = counter;
    await fetchAllPayouts(scope, deps);
    app.clock.set('2026-11-25T10:00:00Z');
    stripe.movePayout(stripe.payOut(3_000), 'paid');
    app.clock.set('2027-02-20T10:00:00Z');
    stripe.become('down');
    await t.throwsAsync(fetchAllPayouts(scope, deps));
    stripe.become('well');
    await fetchAllPayouts(scope, deps);
    t.is((await balancesOf(counter)).bank, 3_000);
  },
);

test.serial(
  'a provider that is down keeps nobody waiting, and what it knows is entered when it is back',
  async (t) => {
    const counter = await openCounter(t);
    const paid = [await pay(counter), await pay(counter), await pay(counter)];
    counter.stripe.become('down');
    await reconcileIn(counter, 10);
    t.is((await balancesOf(counter)).donations, undefined);
    counter.stripe.become('well');
    await reconcileIn(counter, 10);
    t.is((await balancesOf(counter)).donations, -2_500 * paid.length);
    await reconcile(counter.scope, counter.deps);
  },
);

// Money that goes back: once, whoever sends it and however often, and entered whatever the provider tells of it.
import test from 'ava';
import { isAppError } from 'rostra/plugin';
import { updateBatch } from './batch.sql.ts';
import { closeBatch, demandBatch } from './batch.ts';
import { accept } from './donation.ts';
import { aroundOf, type Desk, offerOf, openDesk } from './fixture.ts';
import { checkLedgers } from './ledger.ts';
import {
  balancesOf,
  donationOf,
  openCounter,
  paid,
  pay,
  reconcileIn,
  settle,
  whole,
} from './payments/fixture.ts';
import { record } from './pledge.ts';
import { findReceiptsOf } from './receipt.sql.ts';
import { replaceReceipt } from './receipt.ts';
import { findRefundsOf } from './refund.sql.ts';
import { runRefund, sendBack } from './refund.ts';

const send = (
  { scope, deps }: Desk,
  donationId: string,
  amountMinor: number,
  more: { byHand?: boolean; reference?: string; key?: string } = {},
) => sendBack(scope, deps, { donationId, amountMinor, why: 'Asked for', byHand: true, ...more });

async function faultsOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
    return undefined;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return (error.details['faults'] as { path: string; message: string }[])?.map(
      ({ path, message }) => `${path} ${message}`,
    );
  }
}

test.serial(
  'a refund at the provider’s desk that is on its way is followed, and not ordered once more',
  async (t) => {
    const counter = await openCounter(t);
    const { id, reference } = await paid(counter, 10_000);
    const refund = counter.stripe.refund(reference, 4_000);
    counter.stripe.find(refund)['status'] = 'pending';
    await settle(counter, id);
    t.is((await findRefundsOf(counter.scope, id))[0]?.state, 'handed');
    await reconcileIn(counter, 10);
    const { scope, deps } = counter;
    await runRefund(scope, deps, (await findRefundsOf(scope, id))[0]?.id ?? '');
    t.is(counter.stripe.asked.filter((line) => line === 'POST /v1/refunds').length, 0);
    t.deepEqual(await faultsOf(send(counter, id, 6_001, { byHand: false })), [
      '/amount fundraising.payment.refund-too-much',
    ]);
    counter.stripe.find(refund)['status'] = 'succeeded';
    // Nobody calls: it is asked about all the same.
    await reconcileIn(counter, 10);
    t.is((await donationOf(counter, id)).refundedMinor, 4_000);
    await whole(t, counter);
  },
);

test.serial(
  'a refund that the provider said no to and that went after all is entered once',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe } = counter;
    const { id, reference } = await paid(counter, 10_000);
    const refund = await send(counter, id, 10_000, { byHand: false });
    const elsewhere = stripe.refund(reference, 10_000);
    await runRefund(scope, deps, refund.id);
    t.is((await findRefundsOf(scope, id))[0]?.state, 'failed');
    stripe.find(elsewhere)['metadata'] = { key: (await findRefundsOf(scope, id))[0]?.key };
    await settle(counter, id);
    await settle(counter, id);
    t.is((await donationOf(counter, id)).state, 'refunded');
    t.is((await findRefundsOf(scope, id))[0]?.state, 'succeeded');
    await whole(t, counter);
  },
);

test.serial(
  'what is on its way through the provider is not sent back by hand as well, nor the other way round',
  async (t) => {
    const counter = await openCounter(t);
    const { id } = await paid(counter, 10_000);
    await send(counter, id, 10_000, { byHand: false });
    t.deepEqual(await faultsOf(send(counter, id, 10_000)), [
      '/amount fundraising.payment.refund-too-much',
    ]);
    const other = await paid(counter, 10_000);
    await send(counter, other.id, 10_000);
    t.deepEqual(await faultsOf(send(counter, other.id, 10_000, { byHand: false })), [
      '/amount fundraising.payment.refund-too-much',
    ]);
    await whole(t, counter);
  },
);

test.serial(
  'before the provider is told of a refund, what is left is looked at again',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe } = counter;
    const { id, reference } = await paid(counter, 10_000);
    const refund = await send(counter, id, 7_000, { byHand: false });
    stripe.endDispute(stripe.dispute(reference, 5_000), 'lost');
    await settle(counter, id);
    await runRefund(scope, deps, refund.id);
    t.is((await findRefundsOf(scope, id))[0]?.state, 'failed');
    t.is(stripe.asked.filter((line) => line === 'POST /v1/refunds').length, 0);
    await whole(t, counter);
  },
);

test.serial(
  'a dispute that is lost after money went back is entered, and what has no room in the gift is a loss',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const [part, hand] = [await paid(counter, 10_000), await paid(counter, 10_000)];
    await send(counter, part.id, 3_000);
    await send(counter, hand.id, 10_000);
    for (const { reference } of [part, hand]) stripe.endDispute(stripe.dispute(reference), 'lost');
    for (const { id } of [part, hand, part, hand]) await settle(counter, id);
    for (const { id } of [part, hand]) t.is((await donationOf(counter, id)).state, 'refunded');
    const balances = await balancesOf(counter);
    t.is(balances.disputes, 0);
    t.is(balances.losses, 13_000);
    t.is(balances.donations, 0);
    await whole(t, counter);
  },
);

test.serial(
  'of a gift that waits a part may go back at the provider’s desk: the rest waits on, and is what is kept',
  async (t) => {
    const counter = await openCounter(t, 'gb');
    const { stripe, scope, deps } = counter;
    const { id, reference } = await pay(counter, 60_000);
    stripe.refund(reference, 20_000);
    await settle(counter, id);
    await settle(counter, id);
    const waits = await donationOf(counter, id);
    t.is(waits.state, 'held');
    t.is(waits.why, 'verify');
    t.truthy(waits.returnBy);
    t.is((await balancesOf(counter)).held, -40_000);
    await accept(scope, deps, id);
    await settle(counter, id);
    const { held, donations } = await balancesOf(counter);
    t.deepEqual({ held, donations }, { held: 0, donations: -40_000 });
    const [receipt] = await findReceiptsOf(scope, id);
    t.is(receipt?.amountMinor, 40_000);
    const why = 'The name was wrong';
    const around = { recipientId: counter.recipient.id, id: receipt?.id ?? '', why };
    await replaceReceipt(scope, deps, around);
    const standing = (await findReceiptsOf(scope, id)).find(({ voidedAt }) => !voidedAt);
    t.is(standing?.amountMinor, 40_000);
    await whole(t, counter);
  },
);

test.serial(
  'a refund or dispute in another currency stands in no ledger, and the doctor tells of it',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const { id, reference } = await paid(counter, 10_000);
    stripe.find(stripe.dispute(reference))['currency'] = 'usd';
    await settle(counter, id);
    t.is((await balancesOf(counter)).disputes, undefined);
    const [sentence] = await checkLedgers(counter.scope);
    t.regex(sentence ?? '', new RegExp(`${id}.*currency`));
  },
);

test.serial(
  'a refund that fails after its room under the cap was given anew leaves the gift held',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe, recipient } = counter;
    const { id, reference } = await paid(counter, 700_000);
    const refund = stripe.refund(reference);
    await settle(counter, id);
    const { identity } = await donationOf(counter, id);
    const offer = offerOf(scope, { amountMinor: 700_000, identity });
    const second = await record(scope, deps, recipient, offer, aroundOf());
    stripe.failRefund(refund);
    await settle(counter, id);
    await settle(counter, id);
    const waits = await donationOf(counter, id);
    t.is(waits.state, 'held');
    t.is(waits.why, 'cap');
    t.truthy(waits.returnBy);
    t.is((await balancesOf(counter)).held, -700_000);
    // Once the other went back there is room for it.
    await send(counter, second.id, 700_000);
    await accept(scope, deps, id);
    t.is((await balancesOf(counter)).held, 0);
    await whole(t, counter);
  },
);

test.serial(
  'the same form twice is one refund, and the same reference twice is told of beside its field',
  async (t) => {
    const counter = await openCounter(t);
    const { id } = await paid(counter, 10_000);
    const key = '2f0a9c1e-54a3-4a0e-9d4b-0f6f2b1f8f01';
    const online = { byHand: false, key };
    const [one, two] = await Promise.all([
      send(counter, id, 1_000, online),
      send(counter, id, 1_000, online),
    ]);
    t.is(one.id, two.id);
    t.deepEqual(await faultsOf(send(counter, id, 2_000, online)), [
      '/amount fundraising.payment.refund-sent',
    ]);
    const other = await paid(counter, 10_000);
    t.truthy(await faultsOf(send(counter, other.id, 1_000, online)), 'a form of another gift');
    await send(counter, id, 1_000, { reference: 'transfer' });
    t.deepEqual(await faultsOf(send(counter, id, 2_000, { reference: 'transfer' })), [
      '/reference fundraising.payment.reference-used',
    ]);
    t.is((await donationOf(counter, id)).refundedMinor, 1_000);
  },
);

test.serial(
  'a cheque or cash that is handed back leaves the drawer it lies in, and once it is at the bank, the bank',
  async (t) => {
    const desk = await openDesk(t, 'gb');
    const { scope, deps, recipient } = desk;
    const balances = () => balancesOf(desk);
    const give = async (method: string, amountMinor: number) => {
      const identity = { ...offerOf(scope).identity, familyName: method };
      const offer = offerOf(scope, { method, amountMinor, identity });
      return record(scope, deps, recipient, offer, aroundOf());
    };
    const cheque = await give('cheque', 60_000);
    t.is(cheque.state, 'held');
    const kept = await give('cheque', 10_000);
    await send(desk, cheque.id, 60_000);
    t.deepEqual(await balances(), { cheques: 10_000, donations: -10_000, held: 0 });
    const batch = await demandBatch(scope, kept.batchId ?? '');
    t.is(Number(batch.sumMinor), 10_000);
    await scope.write((own) =>
      updateBatch(own, batch.id, { ...batch, depositedOn: '2026-11-24', declaredMinor: 10_000 }),
    );
    await closeBatch(scope, deps, batch.id);
    t.deepEqual(await balances(), { bank: 10_000, cheques: 0, donations: -10_000, held: 0 });
    await send(desk, kept.id, 10_000);
    const cash = await give('cash', 3_000);
    await send(desk, cash.id, 1_000);
    const { bank, cheques, cash: drawer } = await balances();
    t.deepEqual({ bank, cheques, drawer }, { bank: 0, cheques: 0, drawer: 2_000 });
    t.deepEqual(await checkLedgers(scope), []);
  },
);

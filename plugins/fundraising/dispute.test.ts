// A dispute that was lost and is won after all, a refund that fails: the books, the gift, its cap and its receipts come out right.
import test from 'ava';
import { accept } from './donation.ts';
import { aroundOf, offerOf } from './fixture.ts';
import type { PaymentState } from './index.ts';
import { settlePayment } from './payment-settle.ts';
import {
  balancesOf,
  type Counter,
  donationOf,
  openCounter,
  paid,
  paymentOf,
  settle,
  whole,
  withProvider,
} from './payments/fixture.ts';
import { record } from './pledge.ts';
import { findReceiptsOf } from './receipt.sql.ts';
import { sendBack } from './refund.ts';

/** What the provider answered at some time; it is told again much later. */
async function answerOf(counter: Counter, reference: string): Promise<PaymentState> {
  const account = {
    id: counter.accountId,
    isTest: true,
    settings: {
      secretKey: counter.stripe.secretKey,
      publishableKey: counter.stripe.publishableKey,
    },
  };
  const known = await counter.provider.payment(counter.scope, account, reference);
  if (!known) throw new Error('there is no payment');
  return structuredClone(known);
}

async function hearLate(counter: Counter, donationId: string, said: PaymentState): Promise<void> {
  const late = { ...counter.provider, payment: async () => said };
  const deps = withProvider(counter.deps, late);
  await settlePayment(counter.scope, deps, (await paymentOf(counter, donationId)).id);
}

/** Each with what it still holds for; void ones hold for nothing. */
async function receiptsOf({ scope }: Counter, donationId: string) {
  const all = await findReceiptsOf(scope, donationId);
  const numbers = all.map(({ label }) => Number(label.split('-').at(-1)));
  const holds = all
    .filter(({ kind, voidedAt }) => kind === 'receipt' && !voidedAt)
    .map(({ label, amountMinor }) =>
      all
        .filter(({ cancels }) => cancels === label)
        .reduce((rest, one) => rest - one.amountMinor, amountMinor),
    );
  return { holds, numbers };
}

for (const how of ['by its state', 'by the funds alone'] as const) {
  test.serial(
    `a dispute that was lost and is won after all, as ${how} tells, lets the gift stand again`,
    async (t) => {
      const counter = await openCounter(t);
      const { stripe } = counter;
      const { id, reference } = await paid(counter, 10_000);
      const dispute = stripe.dispute(reference);
      const open = await answerOf(counter, reference);
      stripe.endDispute(dispute, 'lost');
      await settle(counter, id);
      t.is((await donationOf(counter, id)).state, 'refunded');
      t.deepEqual((await receiptsOf(counter, id)).holds, [0]);
      const lost = await answerOf(counter, reference);
      if (how === 'by its state') stripe.endDispute(dispute, 'won');
      else stripe.reinstate(dispute, true);
      await settle(counter, id);
      // Whatever was said before comes late, and changes nothing.
      for (const said of [lost, open, lost]) await hearLate(counter, id, said);
      await settle(counter, id);
      const gift = await donationOf(counter, id);
      t.is(gift.state, 'accepted');
      t.is(gift.refundedMinor, 0);
      t.deepEqual(await receiptsOf(counter, id), { holds: [10_000], numbers: [1, 2, 3] });
      const { disputes, donations, held } = await balancesOf(counter);
      t.deepEqual(
        { disputes, donations, held },
        { disputes: 0, donations: -10_000, held: undefined },
      );
      await whole(t, counter);
    },
  );
}

test.serial(
  'that it was won is heard before that it was lost: the gift stands all along',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const { id, reference } = await paid(counter, 10_000);
    const dispute = stripe.dispute(reference);
    stripe.endDispute(dispute, 'lost');
    const lost = await answerOf(counter, reference);
    stripe.endDispute(dispute, 'won');
    await settle(counter, id);
    await hearLate(counter, id, lost);
    await settle(counter, id);
    t.is((await donationOf(counter, id)).state, 'accepted');
    t.is((await balancesOf(counter)).disputes, 0);
    t.deepEqual((await receiptsOf(counter, id)).holds, [10_000]);
    await whole(t, counter);
  },
);

test.serial(
  'one that is won after its room under the cap was given anew is held, and has a receipt once it is kept',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, deps, stripe, recipient } = counter;
    const { id, reference } = await paid(counter, 700_000);
    const dispute = stripe.dispute(reference, 300_000);
    stripe.endDispute(dispute, 'lost');
    await settle(counter, id);
    t.deepEqual((await receiptsOf(counter, id)).holds, [400_000]);
    const { identity } = await donationOf(counter, id);
    const offer = offerOf(scope, { amountMinor: 300_000, identity });
    const second = await record(scope, deps, recipient, offer, aroundOf());
    stripe.endDispute(dispute, 'won');
    await settle(counter, id);
    await settle(counter, id);
    const waits = await donationOf(counter, id);
    t.deepEqual([waits.state, waits.why, waits.refundedMinor], ['held', 'cap', 0]);
    t.deepEqual((await receiptsOf(counter, id)).holds, [0]);
    const order = { donationId: second.id, amountMinor: 300_000, why: 'Over', byHand: true };
    await sendBack(scope, deps, order);
    await accept(scope, deps, id);
    t.deepEqual((await receiptsOf(counter, id)).holds, [700_000]);
    t.is((await donationOf(counter, id)).state, 'accepted');
    const all = await counter.app.house.database.db.raw(
      'select number::int as number from fundraising.receipt order by 1',
    );
    t.deepEqual(
      all.rows.map((row: { number: number }) => row.number),
      all.rows.map((_: unknown, at: number) => at + 1),
    );
    await whole(t, counter);
  },
);

test.serial(
  'when one of two refunds fails, the donor has a receipt for what is kept',
  async (t) => {
    const counter = await openCounter(t);
    const { stripe } = counter;
    const { id, reference } = await paid(counter, 10_000);
    const [first] = [stripe.refund(reference, 4_000), stripe.refund(reference, 3_000)];
    await settle(counter, id);
    t.deepEqual((await receiptsOf(counter, id)).holds, [3_000]);
    stripe.failRefund(first);
    await settle(counter, id);
    await settle(counter, id);
    t.deepEqual(await receiptsOf(counter, id), { holds: [7_000], numbers: [1, 2, 3, 4] });
    // And what goes back from there on is cancelled on the new one.
    stripe.refund(reference, 2_000);
    await settle(counter, id);
    t.deepEqual((await receiptsOf(counter, id)).holds, [5_000]);
    t.is((await donationOf(counter, id)).refundedMinor, 5_000);
    await whole(t, counter);
  },
);

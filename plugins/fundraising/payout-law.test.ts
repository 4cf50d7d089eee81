// A payout is held against the law of its own day, and what differs waits for the treasurer.
import test from 'ava';
import { officerOf } from './fixture.ts';
import { waitingOf } from './home.ts';
import { settlePayment } from './payment-settle.ts';
import { type Counter, openCounter, pay, paymentOf } from './payments/fixture.ts';
import { fetchAllPayouts } from './payout.ts';
import { differingPayouts, seePayout } from './payout-law.ts';
import { updateRecipient } from './recipient.sql.ts';

/** So much is paid out on that day, and heard of days later: the law of the day counts. */
async function payOutOn(counter: Counter, day: string, minor: number, last4?: string) {
  const { app, scope, deps, stripe } = counter;
  app.clock.set(`${day}T08:00:00Z`);
  const payout = stripe.payOut(minor, 'eur', last4);
  Object.assign(stripe.find(payout), { arrival_date: Date.parse(day) / 1000, status: 'paid' });
  app.clock.set(new Date(Date.parse(day) + 5 * 24 * 3600_000));
  await fetchAllPayouts(scope, deps);
}

async function giftOn(counter: Counter, day: string): Promise<void> {
  counter.app.clock.set(`${day}T08:00:00Z`);
  const { id } = await pay(counter, 10_000);
  await settlePayment(counter.scope, counter.deps, (await paymentOf(counter, id)).id);
}

const differing = async ({ scope, recipient }: Counter) =>
  (await differingPayouts(scope, recipient.id)).map(({ differs, sources }) => ({
    ...{ differs, sources },
  }));

const before = 'Code électoral, art. R39-1-1 (avant le décret 2023-625)';

test.serial(
  'until 2023-07-20 a payout without the fees is not what the law wants, from the day after it is',
  async (t) => {
    const counter = await openCounter(t);
    const { scope, stripe } = counter;
    // The gift itself could not be taken online by a provider that keeps its fee: this one came when it could.
    await giftOn(counter, '2023-07-21');
    const { db } = scope;
    await db.raw(`alter table fundraising.entry disable trigger user`);
    await db.raw(`update fundraising.entry set day = '2023-07-18', at = '2023-07-18T08:00:00Z'`);
    await db.raw(`alter table fundraising.entry enable trigger user`);
    const net = stripe.balance();
    await payOutOn(counter, '2023-07-20', net);
    t.deepEqual(await differing(counter), [{ differs: ['in_full'], sources: [before] }]);
    await giftOn(counter, '2023-07-21');
    await payOutOn(counter, '2023-07-22', stripe.balance());
    t.is((await differing(counter)).length, 1, 'the later one is as the law wants it');
    t.deepEqual(
      (await waitingOf(scope)).filter(({ kind }) => kind === 'differs').map(({ why }) => why),
      ['in_full'],
    );
  },
);

test.serial(
  'what a payout leaves behind for more than a week is told, what came since is not',
  async (t) => {
    const counter = await openCounter(t);
    await giftOn(counter, '2026-11-02');
    await giftOn(counter, '2026-11-10');
    await payOutOn(counter, '2026-11-12', 9_825);
    t.deepEqual(await differing(counter), [], 'the older gift went out');
    await payOutOn(counter, '2026-11-20', 1_000);
    const [late] = await differing(counter);
    t.deepEqual(late?.differs, ['without_delay']);
    t.regex(late?.sources.join() ?? '', /décret 2023-625.*Choix de Rostra/);
    const [shown] = await differingPayouts(counter.scope, counter.recipient.id);
    t.is(shown?.houseDays, 7, 'the screen says that the week is ours');
  },
);

test.serial(
  'a payout to another bank account waits until somebody of the office looked into it, by name',
  async (t) => {
    const counter = await openCounter(t);
    const { app, scope, deps, recipient } = counter;
    const bankAccount = 'FR76 3000 6000 0112 3456 7890 189';
    await scope.write((own) =>
      updateRecipient(own, recipient.id, { ...recipient, bankAccount, isTest: true }),
    );
    await giftOn(counter, '2026-11-10');
    await payOutOn(counter, '2026-11-12', 5_000, '0189');
    t.deepEqual(await differing(counter), []);
    await payOutOn(counter, '2026-11-12', 4_000, '4242');
    const [strange] = await differingPayouts(scope, recipient.id);
    t.deepEqual(strange?.differs, ['own_account']);
    const staff = await officerOf(counter, recipient.id, 'treasurer');
    const treasurer = app.scope(undefined, staff);
    await seePayout(treasurer, deps, recipient.id, strange?.id ?? '');
    t.deepEqual(await differing(counter), []);
    await fetchAllPayouts(scope, deps);
    t.deepEqual(await differing(counter), [], 'fetched again it is not asked about again');
    const audit = await app.house.database.db.raw(
      `select * from core.audit where act = 'fundraising.payout.seen'`,
    );
    t.is(audit.rows.length, 1);
    await t.throwsAsync(seePayout(treasurer, deps, recipient.id, strange?.id ?? ''));
  },
);

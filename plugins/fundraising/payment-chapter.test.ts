// A sister chapter finds and changes no payment, refund, payout or account of ours.
import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { sisterFaults } from 'rostra/testing';
import { makeRecipient } from './fixture.ts';
import { insertEntry } from './ledger.sql.ts';
import { insertOffice } from './office.sql.ts';
import * as payments from './payment.sql.ts';
import { openPayment } from './payment.ts';
import { openCounter, page, promise, settingsOf } from './payments/fixture.ts';
import * as payouts from './payout.sql.ts';
import * as accounts from './provider-account.sql.ts';
import { saveAccount } from './provider-account.ts';
import * as refunds from './refund.sql.ts';

const ofRecipient = (table: string) =>
  `(select x.*, r.organization_id from fundraising.${table} x
    join fundraising.recipient r on r.id = x.recipient_id)`;

test('a sister chapter reads and changes no payment, refund or account', async (t) => {
  const counter = await openCounter(t);
  const { app, deps, stripe } = counter;
  const [own, sister] = [await app.chapter('Own'), await app.chapter('Sister')];
  const scope = app.scope(own);
  const recipient = await makeRecipient(scope, { isTest: true });
  const recipientId = recipient.id;
  await app.house.database.db.raw(
    `insert into core.account (id, email, name, locale, created_at) overriding system value
     values (0, 'staff@example.org', 'Staff', 'en', :now)`,
    { now: scope.now() },
  );
  await scope.write((own) => insertOffice(own, { recipientId, accountId: '0', duty: 'treasurer' }));
  const settings = settingsOf(stripe, 'own');
  const accountId = await saveAccount(scope, deps, { recipientId, provider: 'stripe', settings });
  const desk = { ...counter, scope, recipient };
  const [gift, lone] = [await promise(desk, scope), await promise(desk, scope)];
  const { id: readyId } = await promise(desk, scope);
  const { reference } = await openPayment(scope, deps, gift.id, page);
  const payment = await payments.findPaymentOf(scope, gift.id);
  const { id = '', key = '' } = payment ?? {};
  await scope.write((own) =>
    payments.insertPayment(own, { recipientId, donationId: readyId, accountId }),
  );
  const ready = (await payments.findPaymentOf(scope, readyId))?.id ?? '';
  const [account] = await accounts.findAccounts(scope, recipientId);
  const refund = await scope.write((own) =>
    refunds.insertRefund(own, {
      ...{ recipientId, donationId: gift.id, amountMinor: 100, why: 'Asked for' },
      ...{ byHand: false, author: undefined },
    }),
  );
  await scope.write((own) =>
    refunds.insertRefund(own, {
      ...{ recipientId, donationId: gift.id, amountMinor: 100, why: 'provider', reference: 're_1' },
      ...{ byHand: false, author: undefined, isOrdered: false },
    }),
  );
  await scope.write((own) => payments.noteFault(own, id, 'currency'));
  await scope.write((own) =>
    payouts.upsertPayout(own, {
      ...{ recipientId, accountId, reference: 'po_1', amountMinor: 100, state: 'paid' as const },
      ...{ arrivesOn: '2026-11-24', currency: 'USD', differs: ['in_full'] },
    }),
  );
  const [{ id: payoutId = '' } = {}] = await payouts.findDifferingPayouts(scope, recipientId);
  const line = { recipientId, day: '2026-11-25', reference: 'line' };
  await scope.write(async (own) => {
    await insertEntry(own, { ...line, kind: 'fee', postings: { fees: 10, provider: -10 } });
    const postings = { provider: 500, donations: -500 };
    await insertEntry(own, { ...line, kind: 'donation', postings });
  });
  const gone = { recipientId, arrivesOn: '2030-01-01', reference: 'po_2' };
  const later = { before: new Date('2030-01-01'), most: 9 };
  const long = new Date('2020-01-01');
  t.is((await accounts.findAccount(scope, accountId))?.id, accountId);
  const sisters = app.scope(sister);
  const closed: Record<string, (scope: Scope) => Promise<unknown>> = {
    findAccounts: (scope) => accounts.findAccounts(scope, recipientId),
    findAccount: (scope) => accounts.findAccount(scope, accountId),
    findAccountByHook: (scope) =>
      accounts.findAccountByHook(scope, 'stripe', account?.hookKey ?? ''),
    isProviderUsed: (scope) => accounts.isProviderUsed(scope, 'stripe'),
    findOwnAccounts: (scope) => accounts.findOwnAccounts(scope, long),
  };
  for (const [name, read] of Object.entries(closed)) {
    t.truthy([await read(scope)].flat()[0], name);
    t.falsy([await read(sisters)].flat()[0], name);
  }
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, folder: import.meta.dirname },
      files: /^(payment|payout|refund|provider-account)[a-z-]*\.sql\.ts$/,
      tables: ['payment', 'refund', 'provider_account', 'payout'].map(ofRecipient),
    },
    {
      reads: {
        findPayment: (scope) => payments.findPayment(scope, id),
        findPaymentOf: (scope) => payments.findPaymentOf(scope, gift.id),
        findPaymentByReference: (scope) =>
          payments.findPaymentByReference(scope, accountId, reference),
        findPaymentByKey: (scope) => payments.findPaymentByKey(scope, accountId, key),
        findUnsettled: (scope) => payments.findUnsettled(scope, later),
        findLonePledges: async (scope) =>
          (await payments.findLonePledges(scope, later)).filter((one) => one === lone.id),
        findRefund: (scope) => refunds.findRefund(scope, refund.id),
        findRefundsOf: (scope) => refunds.findRefundsOf(scope, gift.id),
        findFollowedRefunds: (scope) => refunds.findFollowedRefunds(scope, later),
        findStrangePayouts: (scope) => payouts.findStrangePayouts(scope),
        findDifferingPayouts: (scope) => payouts.findDifferingPayouts(scope, recipientId),
        sumKept: (scope) => payouts.sumKept(scope, gone),
        sumLeftBehind: (scope) => payouts.sumLeftBehind(scope, { ...gone, length: 'P1D' }),
        findFaults: (scope) => payments.findFaults(scope),
        findUnsettledRefunds: (scope) => refunds.findUnsettledRefunds(scope, later),
      },
      writes: {
        updatePayment: (scope) => payments.updatePayment(scope, id, { state: 'unknown' }),
        handPayment: (scope) => payments.handPayment(scope, ready),
        noteAsked: (scope) => payments.noteAsked(scope, ready),
        noteFault: (scope) => payments.noteFault(scope, ready, 'currency'),
        noteHeard: (scope) => payments.noteHeard(scope, accountId, reference),
        updateRefund: (scope) => refunds.updateRefund(scope, refund.id, { state: 'unknown' }),
        notePayoutSeen: (scope) =>
          payouts.notePayoutSeen(scope, { recipientId, id: payoutId, author: 'Ana' }),
        noteFetched: (scope) => accounts.noteFetched(scope, accountId, long),
        endAccount: (scope) => accounts.endAccount(scope, accountId),
      },
      unbounded: {
        ...Object.fromEntries(
          Object.keys(closed).map((name) => [name, 'tried above: closed to staff by policy']),
        ),
        lockPayment: 'locks, and finds by findPayment',
        insertPayment: 'inserts',
        insertRefund: 'inserts',
        insertRefundOnce: 'inserts',
        upsertAccount: 'inserts for a recipient whose treasurer was asked for',
        lockPayout: 'of an account that was found',
        upsertPayout: 'inserts for an account that was found',
      },
    },
  );
  t.deepEqual(faults, []);
});

// The ledger's lines of a payment: fee, refunds, disputes, each once by the provider's own reference.
import { type Scope } from 'rostra/plugin';
import { todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import { type Donation, lockDonation } from './donation.sql.ts';
import { demandDonation } from './donation.ts';
import type { Amount, DisputeState, PaymentState, RefundState } from './index.ts';
import { type EntryKind, findEntriesOf, insertEntry, type LedgerAccount } from './ledger.sql.ts';
import { comparePayer } from './likeness.ts';
import { noteFault, type Payment, updatePayment } from './payment.sql.ts';
import { findRefundsOf, insertRefund, type Refund, updateRefund } from './refund.sql.ts';
import { enterBack, enterFailed } from './refund-entry.ts';
import { settleExcess } from './task.sql.ts';

/** Kept by the provider. One in another currency than the recipient's stands in no line: it is the provider's exchange. */
export async function applyFee(
  scope: Scope,
  payment: Payment,
  { reference, fee }: PaymentState,
): Promise<void> {
  const donation = await demandDonation(scope, payment.donationId);
  const isOurs = fee?.currency === donation.currency;
  const feeMinor = fee && (isOurs ? fee.minor : 0);
  if (isOurs) await enterFee(scope, donation, reference, fee);
  await updatePayment(scope, payment.id, { state: 'succeeded', reference, feeMinor });
}

/** Whose card it was, where the provider tells. */
export async function applyPayer(
  scope: Scope,
  deps: Deps,
  { donationId }: Payment,
  { payer }: PaymentState,
): Promise<void> {
  if (payer) await comparePayer(scope, deps, await demandDonation(scope, donationId), payer);
}

/** Those that we ordered, and those that were made at the provider’s own desk. */
export async function applyRefunds(
  scope: Scope,
  deps: Deps,
  { donationId, recipientId }: Payment,
  refunds: readonly RefundState[],
): Promise<void> {
  if (refunds.length === 0) return;
  const known = await findRefundsOf(scope, donationId);
  for (const refund of refunds) {
    const row =
      known.find(({ key, reference }) => key === refund.key || reference === refund.reference) ??
      (await insertRefund(scope, {
        ...{ recipientId, donationId, amountMinor: refund.amount.minor, byHand: false },
        ...{ why: 'provider', author: undefined, reference: refund.reference, isOrdered: false },
      }));
    await applyRefund(scope, deps, row, refund);
  }
}

/** The provider’s word counts, also against what we thought: one that it said no to may have gone later. */
export async function applyRefund(
  scope: Scope,
  deps: Deps,
  row: Refund,
  { reference, amount, state }: RefundState,
): Promise<void> {
  const donation = await lockDonation(scope, row.donationId);
  if (!donation || amount.currency !== donation.currency) return;
  if (state === 'succeeded' && row.state !== 'succeeded') {
    const back = { reference, amountMinor: amount.minor, account: 'provider' } as const;
    const isNew = await enterBack(scope, deps, donation, back);
    // An old answer may be late: what went, and came back, did not go again.
    if (row.state === 'failed' && !isNew) return;
    await settleExcess(scope, row.donationId);
    await updateRefund(scope, row.id, { state, reference });
  } else if (state === 'failed' && row.state !== 'failed') {
    if (row.state === 'succeeded') await enterFailed(scope, deps, donation, reference);
    await updateRefund(scope, row.id, { state, reference });
  } else if (state === 'pending' && row.state !== 'succeeded' && row.state !== 'failed') {
    await updateRefund(scope, row.id, { state: 'handed', reference });
  }
}

/** While it is open the money is with the donor's bank; won, it is back, for good; lost, it went back to the donor. */
export async function applyDisputes(
  scope: Scope,
  deps: Deps,
  { donationId }: Payment,
  disputes: readonly DisputeState[],
): Promise<void> {
  for (const { reference, amount, fee, state } of disputes) {
    const donation = await lockDonation(scope, donationId);
    if (!donation || amount.currency !== donation.currency) continue;
    const taken = { disputes: amount.minor, provider: -amount.minor };
    await line(scope, donation, 'dispute', reference, taken);
    if (fee?.currency === donation.currency) await enterFee(scope, donation, reference, fee);
    if (state === 'won') {
      // The donor's bank may give back what it had kept as lost: the money is here again, and so is the gift.
      await enterFailed(scope, deps, donation, reference);
      const back = { provider: amount.minor, disputes: -amount.minor };
      await line(scope, donation, 'dispute_won', reference, back);
      if (fee?.currency === donation.currency) await returnFee(scope, donation, reference, fee);
    } else if (state === 'lost' && !(await isWon(scope, donation, reference))) {
      const back = { reference, amountMinor: amount.minor, account: 'disputes' } as const;
      await enterBack(scope, deps, donation, back);
    }
  }
}

/** An old answer may be late: what was won is not lost any more. */
async function isWon(scope: Scope, { id }: Donation, reference: string): Promise<boolean> {
  const entries = await findEntriesOf(scope, id);
  return entries.some((entry) => entry.kind === 'dispute_won' && entry.reference === reference);
}

/** Of refunds and disputes in another currency nothing stands in the ledger: somebody must look. */
export async function noteCurrencies(
  scope: Scope,
  { id, donationId }: Payment,
  { refunds, disputes }: PaymentState,
): Promise<void> {
  const { currency } = await demandDonation(scope, donationId);
  const isStrange = [...refunds, ...disputes].some(({ amount }) => amount.currency !== currency);
  if (isStrange) await noteFault(scope, id, 'currency');
}

async function enterFee(
  scope: Scope,
  donation: Donation,
  reference: string,
  { minor }: Amount,
): Promise<void> {
  if (minor === 0) return;
  await line(scope, donation, 'fee', reference, { fees: minor, provider: -minor });
}

/** Of one that was won the provider may give back what it had kept for its trouble. */
async function returnFee(
  scope: Scope,
  donation: Donation,
  reference: string,
  { minor }: Amount,
): Promise<void> {
  const entries = await findEntriesOf(scope, donation.id);
  const taken = entries.find((entry) => entry.kind === 'fee' && entry.reference === reference);
  const back = (taken?.postings.fees ?? 0) - minor;
  if (back <= 0) return;
  const postings = { fees: -back, provider: back };
  await line(scope, donation, 'fee', `${reference}:returned`, postings);
}

function line(
  scope: Scope,
  { id, recipientId }: Donation,
  kind: EntryKind,
  reference: string,
  postings: Partial<Record<LedgerAccount, number>>,
): Promise<boolean> {
  const day = todayOf(scope);
  return insertEntry(scope, { recipientId, donationId: id, kind, reference, day, postings });
}

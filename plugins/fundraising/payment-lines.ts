// The ledger's lines of a payment: fee, refunds, disputes, each once by the provider's own reference.
import { dayOf, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Donation } from './donation.sql.ts';
import { updateDonation } from './donation.sql.ts';
import { demandDonation, giveBack } from './donation.ts';
import type { Amount, DisputeState, PaymentState, RefundState } from './index.ts';
import type { EntryKind, LedgerAccount } from './ledger.sql.ts';
import { enter } from './ledger.ts';
import { type Payment, updatePayment } from './payment.sql.ts';
import { findRefundsOf, insertRefund, type Refund, updateRefund } from './refund.sql.ts';
import { settleExcess } from './task.sql.ts';

/** Kept by the provider. One in another currency than the recipient's stands in no line: it is the provider's exchange. */
export async function applyFee(
  scope: Scope,
  deps: Deps,
  payment: Payment,
  { reference, fee }: PaymentState,
): Promise<void> {
  const donation = await demandDonation(scope, payment.donationId);
  const isOurs = fee?.currency === donation.currency;
  const feeMinor = fee && (isOurs ? fee.minor : 0);
  if (isOurs) await enterFee(scope, deps, donation, reference, fee);
  await updatePayment(scope, payment.id, { state: 'succeeded', reference, feeMinor });
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
        ...{ why: 'provider', author: undefined, reference: refund.reference },
      }));
    await applyRefund(scope, deps, row, refund);
  }
}

export async function applyRefund(
  scope: Scope,
  deps: Deps,
  row: Refund,
  { reference, amount, state }: RefundState,
): Promise<void> {
  if (state === 'succeeded' && row.state !== 'failed') {
    const back = { reference, amountMinor: amount.minor, account: 'provider' } as const;
    await giveBack(scope, deps, row.donationId, back);
    await settleExcess(scope, row.donationId);
    await updateRefund(scope, row.id, { state, reference });
  } else if (state === 'failed' && row.state !== 'failed') {
    if (row.state === 'succeeded') await takeBack(scope, deps, row, reference);
    await updateRefund(scope, row.id, { state, reference });
  } else if (state === 'pending' && row.state !== 'succeeded') {
    await updateRefund(scope, row.id, { state: 'handed', reference });
  }
}

/** A refund that was thought to have gone came back: the donor’s card was closed. */
async function takeBack(
  scope: Scope,
  deps: Deps,
  { donationId, amountMinor }: Refund,
  reference: string,
): Promise<void> {
  const donation = await demandDonation(scope, donationId);
  const postings = { provider: amountMinor, donations: -amountMinor };
  const isNew = await line(scope, deps, donation, 'refund', `${reference}:failed`, postings);
  if (!isNew) return;
  const refundedMinor = donation.refundedMinor - amountMinor;
  await updateDonation(scope, donationId, { state: 'accepted', refundedMinor });
}

/** While it is open the money is with the donor's bank; won, it is back; lost, it went back to the donor. */
export async function applyDisputes(
  scope: Scope,
  deps: Deps,
  { donationId }: Payment,
  disputes: readonly DisputeState[],
): Promise<void> {
  if (disputes.length === 0) return;
  const donation = await demandDonation(scope, donationId);
  for (const { reference, amount, fee, state } of disputes) {
    const taken = { disputes: amount.minor, provider: -amount.minor };
    await line(scope, deps, donation, 'dispute', reference, taken);
    if (fee?.currency === donation.currency) await enterFee(scope, deps, donation, reference, fee);
    if (state === 'won') {
      const back = { provider: amount.minor, disputes: -amount.minor };
      await line(scope, deps, donation, 'dispute_won', reference, back);
    } else if (state === 'lost') {
      const back = { reference, amountMinor: amount.minor, account: 'disputes' } as const;
      await giveBack(scope, deps, donationId, back);
    }
  }
}

async function enterFee(
  scope: Scope,
  deps: Deps,
  donation: Donation,
  reference: string,
  { minor }: Amount,
): Promise<void> {
  if (minor === 0) return;
  await line(scope, deps, donation, 'fee', reference, { fees: minor, provider: -minor });
}

function line(
  scope: Scope,
  deps: Deps,
  { id, recipientId }: Donation,
  kind: EntryKind,
  reference: string,
  postings: Partial<Record<LedgerAccount, number>>,
): Promise<boolean> {
  const day = dayOf(scope.now(), scope.organization.timeZone);
  return enter(scope, deps, { recipientId, donationId: id, kind, reference, day, postings });
}

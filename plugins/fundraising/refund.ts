// Money goes back to a donor on the treasurer's order: through the provider that took it, or by hand.
import { invalid, isAppError, refused, type Scope } from 'rostra/plugin';
import { lockBatch } from './batch.sql.ts';
import type { Deps } from './deps.ts';
import { type Donation, lockDonation } from './donation.sql.ts';
import { demandDonation, giveBack } from './donation.ts';
import type { LedgerAccount } from './ledger.sql.ts';
import { demandOffice } from './office.ts';
import { findPaymentOf } from './payment.sql.ts';
import { applyRefund } from './payment-lines.ts';
import { connectTo } from './provider-account.ts';
import {
  findRefund,
  findRefundsOf,
  insertRefundOnce,
  type Refund,
  updateRefund,
} from './refund.sql.ts';
import { isEntered } from './refund-entry.ts';
import { settleExcess } from './task.sql.ts';

export interface RefundOrder {
  donationId: string;
  amountMinor: number;
  /** In the treasurer's words. */
  why: string;
  /** By cheque or transfer, which is done already. */
  byHand: boolean;
  /** Of that cheque or transfer. */
  reference?: string;
  /** The same twice is one refund. */
  key?: string;
}

/**
 * A row and, unless it was done by hand, a job that tells the provider. Throws `invalid` at `/amount` for more than is left,
 * what is on its way counted, and at `/reference` for one that was entered before.
 */
export function sendBack(scope: Scope, deps: Deps, order: RefundOrder): Promise<Refund> {
  return scope.write(async (own) => {
    const { id, recipientId, batchId, ...gift } = await demandDonation(own, order.donationId);
    await demandOffice(own, recipientId, 'record');
    // Before the donation, as a gift at the till does.
    const batch = batchId ? await lockBatch(own, batchId) : undefined;
    await lockDonation(own, id);
    const all = await findRefundsOf(own, id);
    const known = all.find(({ key }) => key === order.key);
    if (known) return demandSame(known, order);
    await demandRest(own, id, order.amountMinor);
    const payment = await findPaymentOf(own, id);
    if (!order.byHand && payment?.state !== 'succeeded') {
      throw refused('fundraising.refund-by-hand', { donationId: id });
    }
    const author = own.actor.kind === 'staff' ? own.actor.name : undefined;
    const refund = await insertRefundOnce(own, {
      ...order,
      recipientId,
      author,
      reference: undefined,
    });
    if (!refund) throw sentBefore();
    const act = order.byHand ? 'donation.sent-back' : 'refund.ordered';
    const { personId } = gift;
    const subject = { type: 'donation', id };
    await deps.audit.record(own, { act, subject, ...(personId && { personId }) });
    if (!order.byHand) {
      await deps.jobs.add(own, 'refund', { refundId: refund.id }, { key: refund.id });
      return refund;
    }
    const reference = order.reference ? `${id}: ${order.reference}` : `refund-${refund.id}`;
    if (await isEntered(own, id, reference)) {
      throw invalid([{ path: '/reference', message: 'fundraising.payment.reference-used' }]);
    }
    const isWhole = order.amountMinor === gift.amountMinor;
    const account = whereLies(gift.method, isWhole, batch?.closedAt !== undefined);
    await giveBack(own, deps, id, { reference, amountMinor: order.amountMinor, account });
    await settleExcess(own, id);
    await updateRefund(own, refund.id, { state: 'succeeded', reference });
    return { ...refund, state: 'succeeded', reference };
  });
}

/** Tells the provider, which does it once however often it is told. Throws `unavailable` when that is not known. */
export async function runRefund(scope: Scope, deps: Deps, refundId: string): Promise<void> {
  const refund = await handRefund(scope, refundId);
  if (!refund) return;
  const payment = await findPaymentOf(scope, refund.donationId);
  if (!payment?.reference) throw new Error(`Refund ${refundId} is of a gift without a payment.`);
  const { currency } = await demandDonation(scope, refund.donationId);
  const { service, account } = await connectTo(scope, deps, payment.accountId);
  const amount = { minor: refund.amountMinor, currency };
  const order = { payment: payment.reference, key: refund.key, amount };
  try {
    const known = await service.refund(scope, account, order);
    await scope.write(async (own) => {
      await lockDonation(own, refund.donationId);
      const row = await findRefund(own, refundId);
      if (row) await applyRefund(own, deps, row, known);
    });
  } catch (error) {
    const isNo = isAppError(error) && error.code.startsWith('fundraising.');
    const state = isNo ? 'failed' : 'unknown';
    await scope.write((own) => updateRefund(own, refundId, { state }));
    if (!isNo) throw error;
  }
}

/** Committed before the provider is spoken to. One for which nothing is left by now has failed, and nobody is told. */
function handRefund(scope: Scope, id: string): Promise<Refund | undefined> {
  return scope.write(async (own) => {
    const ordered = await findRefund(own, id);
    if (!ordered) return undefined;
    await lockDonation(own, ordered.donationId);
    const refund = await findRefund(own, id);
    if (!refund?.isOrdered || refund.byHand || isSettled(refund)) return undefined;
    const rest = await restOf(own, refund.donationId, refund.id);
    const isLeft = refund.amountMinor <= rest;
    await updateRefund(own, id, { state: isLeft ? 'handed' : 'failed' });
    return isLeft ? refund : undefined;
  });
}

async function demandRest(scope: Scope, donationId: string, amountMinor: number): Promise<void> {
  const donation = await demandDonation(scope, donationId);
  if (donation.source === 'history') throw refused('fundraising.before-books', { donationId });
  const rest = await restOf(scope, donationId);
  // What may not be kept goes back whole.
  if (donation.state === 'held' && amountMinor !== rest) {
    throw invalid([{ path: '/amount', message: 'fundraising.payment.refund-whole' }]);
  }
  if (amountMinor >= 1 && amountMinor <= rest) return;
  throw invalid([{ path: '/amount', message: 'fundraising.payment.refund-too-much' }]);
}

/** What was ordered and has not gone yet counts as gone; but for that one. */
async function restOf(scope: Scope, donationId: string, except?: string): Promise<number> {
  const { state, amountMinor, refundedMinor } = await demandDonation(scope, donationId);
  if (state !== 'accepted' && state !== 'held') return 0;
  const onTheWay = (await findRefundsOf(scope, donationId))
    .filter((refund) => refund.id !== except && !isSettled(refund))
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
  return amountMinor - refundedMinor - onTheWay;
}

function isSettled({ state }: Refund): boolean {
  return state === 'succeeded' || state === 'failed';
}

/** The form was sent twice: the first counts. Changed in between it is another order, which wants a form of its own. */
function demandSame(known: Refund, { amountMinor, byHand }: RefundOrder): Refund {
  if (known.amountMinor === amountMinor && known.byHand === byHand) return known;
  throw sentBefore();
}

function sentBefore() {
  return invalid([{ path: '/amount', message: 'fundraising.payment.refund-sent' }]);
}

/** A cheque that is handed back, and cash, leave the drawer they lie in; anything else is paid from the bank. */
function whereLies(method: Donation['method'], isWhole: boolean, isAtBank: boolean): LedgerAccount {
  if (isAtBank) return 'bank';
  if (method === 'cash') return 'cash';
  return method === 'cheque' && isWhole ? 'cheques' : 'bank';
}

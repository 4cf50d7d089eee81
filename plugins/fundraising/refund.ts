// Money goes back to a donor on the treasurer's order: through the provider that took it, or by hand.
import { invalid, isAppError, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { lockDonation } from './donation.sql.ts';
import { demandDonation, giveBack } from './donation.ts';
import { demandOffice } from './office.ts';
import { findPaymentOf } from './payment.sql.ts';
import { applyRefund } from './payment-lines.ts';
import { connectTo } from './provider-account.ts';
import {
  findRefund,
  findRefundsOf,
  insertRefund,
  type Refund,
  updateRefund,
} from './refund.sql.ts';

export interface RefundOrder {
  donationId: string;
  amountMinor: number;
  /** In the treasurer's words. */
  why: string;
  /** By cheque or transfer, which is done already. */
  byHand: boolean;
}

/** A row and, unless it was done by hand, a job that tells the provider. Throws `invalid` at `/amount` for more than is left. */
export function sendBack(scope: Scope, deps: Deps, order: RefundOrder): Promise<Refund> {
  return scope.write(async (own) => {
    const donation = await lockDonation(own, order.donationId);
    const { id, recipientId } = donation ?? (await demandDonation(own, order.donationId));
    await demandOffice(own, recipientId, 'record');
    await demandRest(own, id, order.amountMinor);
    const payment = await findPaymentOf(own, id);
    if (!order.byHand && payment?.state !== 'succeeded') {
      throw refused('fundraising.refund-by-hand', { donationId: id });
    }
    const author = own.actor.kind === 'staff' ? own.actor.name : undefined;
    const refund = await insertRefund(own, { ...order, recipientId, author });
    const subject = { type: 'donation', id };
    await deps.audit.record(own, { act: 'refund.ordered', subject });
    if (!order.byHand) {
      await deps.jobs.add(own, 'refund', { refundId: refund.id }, { key: refund.id });
      return refund;
    }
    const reference = `refund-${refund.id}`;
    const back = { reference, amountMinor: order.amountMinor, account: 'bank' } as const;
    await giveBack(own, deps, id, back);
    await updateRefund(own, refund.id, { state: 'succeeded', reference });
    return { ...refund, state: 'succeeded', reference };
  });
}

/** Tells the provider, which does it once however often it is told. Throws `unavailable` when that is not known. */
export async function runRefund(scope: Scope, deps: Deps, refundId: string): Promise<void> {
  const refund = await findRefund(scope, refundId);
  if (!refund || refund.byHand || refund.state === 'succeeded' || refund.state === 'failed') return;
  const payment = await findPaymentOf(scope, refund.donationId);
  if (!payment?.reference) throw new Error(`Refund ${refundId} is of a gift without a payment.`);
  const { currency } = await demandDonation(scope, refund.donationId);
  const { service, account } = await connectTo(scope, deps, payment.accountId);
  await scope.write((own) => updateRefund(own, refundId, { state: 'handed' }));
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

/** What was ordered and has not gone yet counts as gone. */
async function demandRest(scope: Scope, donationId: string, amountMinor: number): Promise<void> {
  const donation = await demandDonation(scope, donationId);
  const onTheWay = (await findRefundsOf(scope, donationId))
    .filter(({ state }) => state !== 'succeeded' && state !== 'failed')
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
  const isIn = ['accepted', 'held'].includes(donation.state);
  const rest = isIn ? donation.amountMinor - donation.refundedMinor - onTheWay : 0;
  // What may not be kept goes back whole.
  if (donation.state === 'held' && amountMinor !== rest) {
    throw invalid([{ path: '/amount', message: 'fundraising.payment.refund-whole' }]);
  }
  if (amountMinor >= 1 && amountMinor <= rest) return;
  throw invalid([{ path: '/amount', message: 'fundraising.payment.refund-too-much' }]);
}

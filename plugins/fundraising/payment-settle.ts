// What the provider says of a payment is what counts: it is asked, and what it answers is applied once, whoever asks how often.
import { isAppError, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { arrive, demandDonation, hold, refuse } from './donation.ts';
import type { PaymentState } from './index.ts';
import {
  findPayment,
  findPaymentOf,
  lockPayment,
  noteFault,
  type Payment,
  updatePayment,
} from './payment.sql.ts';
import { dropLonePledge } from './payment.ts';
import {
  applyDisputes,
  applyFee,
  applyPayer,
  applyRefunds,
  noteCurrencies,
} from './payment-lines.ts';
import { connectTo } from './provider-account.ts';

const hour = 3600_000;
/** So long a provider may take to find what it was asked to open. */
const waitsFor = 24 * hour;
/**
 * So long a donor may take to pay: meanwhile the promise keeps room under a cap, and anybody may promise in another's name.
 * It is asked about after each quarter of its age, so that it is over within the hour.
 */
const unpaidFor = 45 * 60_000;
/** Nothing was said to the provider: the process ended in between. */
const readyFor = hour;

/** Throws `unavailable` when the provider cannot be asked. No transaction is open while it is. */
export async function settlePayment(scope: Scope, deps: Deps, paymentId: string): Promise<void> {
  const payment = await findPayment(scope, paymentId);
  if (!payment) return;
  if (payment.state === 'ready') return dropUnsaid(scope, payment, readyFor);
  const isOver = ageOf(scope, payment) > unpaidFor;
  await enter(scope, deps, paymentId, await ask(scope, deps, payment, isOver));
}

/**
 * The donor leaves without paying. It is ended at the provider first: its room under the cap is free once nobody can pay it
 * any more. Throws `unavailable` when the provider cannot be asked.
 */
export async function leavePayment(scope: Scope, deps: Deps, donationId: string): Promise<void> {
  const payment = await findPaymentOf(scope, donationId);
  if (!payment) return dropLonePledge(scope, donationId);
  if (payment.state === 'ready') return dropUnsaid(scope, payment, 0);
  await enter(scope, deps, payment.id, await ask(scope, deps, payment, true));
}

async function enter(
  scope: Scope,
  deps: Deps,
  paymentId: string,
  known: PaymentState | undefined,
): Promise<void> {
  try {
    await applyOnce(scope, deps, paymentId, known);
  } catch (error) {
    const fault = isAppError(error) ? error.code : 'unknown';
    await scope.write((own) => noteFault(own, paymentId, fault));
    throw error;
  }
}

async function applyOnce(
  scope: Scope,
  deps: Deps,
  id: string,
  known: PaymentState | undefined,
): Promise<void> {
  try {
    await scope.write((own) => apply(own, deps, id, known));
  } catch (error) {
    if (!isOverCap(error)) throw error;
    // Two donors turned out to be one person while this was being paid.
    await scope.write((own) => apply(own, deps, id, known, 'cap'));
  }
}

/** `isOver`: what is still open is ended. */
async function ask(
  scope: Scope,
  deps: Deps,
  payment: Payment,
  isOver: boolean,
): Promise<PaymentState | undefined> {
  const { service, account } = await connectTo(scope, deps, payment.accountId);
  const known = payment.reference
    ? await service.payment(scope, account, payment.reference)
    : await service.findByKey(scope, account, payment.key);
  return known?.state === 'open' && isOver
    ? service.cancel(scope, account, known.reference)
    : known;
}

/** In one transaction, under the payment's lock. What is past never comes back: answers may arrive out of order. */
async function apply(
  scope: Scope,
  deps: Deps,
  id: string,
  known: PaymentState | undefined,
  instead?: string,
): Promise<void> {
  const payment = await lockPayment(scope, id);
  if (!payment) return;
  if (!known) return applyNone(scope, payment);
  const { reference } = known;
  if (known.state === 'succeeded') {
    if (payment.state !== 'succeeded') await land(scope, deps, payment, known, instead);
    await applyFee(scope, payment, known);
    await applyPayer(scope, deps, payment, known);
    await applyRefunds(scope, deps, payment, known.refunds);
    await applyDisputes(scope, deps, payment, known.disputes);
    await noteCurrencies(scope, payment, known);
  } else if (payment.state === 'succeeded' || payment.state === 'failed') {
    await updatePayment(scope, id, { state: payment.state, reference });
  } else if (known.state === 'failed') {
    await updatePayment(scope, id, { state: 'failed', reference });
    const isOver = ageOf(scope, payment) > unpaidFor;
    await refuse(scope, payment.donationId, isOver ? 'expired' : 'failed');
  } else {
    await updatePayment(scope, id, { state: 'open', reference });
  }
}

/** Money came: the gift is accepted; held where it is another amount than was ordered, or came after it was given up. */
async function land(
  scope: Scope,
  deps: Deps,
  payment: Payment,
  { reference, paid }: PaymentState,
  instead: string | undefined,
): Promise<void> {
  const donation = await demandDonation(scope, payment.donationId);
  if (!paid || paid.minor < 1 || paid.currency !== donation.currency) {
    throw new Error(`The provider says that payment ${payment.id} is paid, and not what.`);
  }
  await updatePayment(scope, payment.id, { state: 'succeeded', reference, paidMinor: paid.minor });
  const differs = paid.minor !== donation.amountMinor ? 'amount-differs' : undefined;
  const late = donation.state === 'refused' ? 'came-late' : undefined;
  const why = differs ?? late ?? instead;
  if (why) await hold(scope, deps, donation.id, why, paid.minor);
  else await arrive(scope, deps, donation.id);
}

/** It knows of none. Until a day has passed that may change, and after it nobody can pay it any more. */
async function applyNone(scope: Scope, payment: Payment): Promise<void> {
  const { id, reference, state, donationId } = payment;
  const isSettled = state === 'succeeded' || state === 'failed';
  const isOver = !isSettled && reference === undefined && ageOf(scope, payment) > waitsFor;
  await updatePayment(scope, id, { state: isSettled ? state : isOver ? 'failed' : 'unknown' });
  if (isOver) await refuse(scope, donationId, 'expired');
}

async function dropUnsaid(scope: Scope, { id }: Payment, least: number): Promise<void> {
  await scope.write(async (own) => {
    const payment = await lockPayment(own, id);
    if (payment?.state !== 'ready' || ageOf(own, payment) < least) return;
    await updatePayment(own, id, { state: 'failed' });
    await refuse(own, payment.donationId, 'expired');
  });
}

function ageOf(scope: Scope, { createdAt }: Payment): number {
  return scope.now().getTime() - createdAt.getTime();
}

function isOverCap(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'donation_cap';
}

// A donor pays through a provider: a row, then an act, each committed before the next, so that a crash leaves no riddle.
import { isAppError, notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type Donation, lockDonation } from './donation.sql.ts';
import { demandDonation, refuse } from './donation.ts';
import type { OpenedPayment, PaymentOrder } from './index.ts';
import {
  findPaymentOf,
  handPayment,
  insertPayment,
  lockPayment,
  type Payment,
  updatePayment,
} from './payment.sql.ts';
import { accountsFor, connectTo } from './provider-account.ts';
import { findRecipient } from './recipient.sql.ts';

/** Less than it is kept open for (`payment-settle.ts`): nobody begins to pay what is about to be ended. */
const openFor = 40 * 60_000;

export interface PaymentPage {
  /** Where the donor comes back to. */
  returnUrl: string;
  /** BCP 47. */
  locale: string;
}

/**
 * Opens the payment of a gift that was pledged, or answers the one that is open: a donor who sends the form twice pays once.
 * `plugin` is the provider's own.
 * Throws `refused` when the provider says no, and `unavailable` when nobody knows yet; it is asked about then.
 */
export async function openPayment(
  scope: Scope,
  deps: Deps,
  donationId: string,
  page: PaymentPage,
): Promise<OpenedPayment & { plugin: string }> {
  const { payment, donation } = await preparePayment(scope, deps, donationId);
  const { plugin, service, account } = await connectTo(scope, deps, payment.accountId);
  const order = await orderOf(scope, donation, payment, page);
  await hand(scope, payment);
  try {
    const opened = await service.open(scope, account, order);
    await scope.write((own) => noteOpened(own, payment.id, opened.reference));
    return { ...opened, plugin };
  } catch (error) {
    await scope.write((own) => noteNotOpened(own, deps, payment, error));
    throw error;
  }
}

/** In a transaction of its own, before anybody is told: the gift has its payment, at one account. */
async function preparePayment(
  scope: Scope,
  deps: Deps,
  donationId: string,
): Promise<{ payment: Payment; donation: Donation }> {
  const { recipientId, method } = await demandDonation(scope, donationId);
  const [account] = await accountsFor(scope, deps, recipientId, method);
  return scope.write(async (own) => {
    const donation = await lockDonation(own, donationId);
    if (donation?.state !== 'pledged') throw refused('fundraising.payment-over', { donationId });
    if (account) {
      await insertPayment(own, { recipientId, donationId, accountId: account.id });
    }
    const payment = await findPaymentOf(own, donationId);
    if (!payment) throw refused('fundraising.payment-nowhere', { method });
    return { payment, donation };
  });
}

/** The process ended between the promise and its payment: nobody can pay it, so its room under the cap is free again. */
export function dropLonePledge(scope: Scope, donationId: string): Promise<void> {
  return scope.write(async (own) => {
    await lockDonation(own, donationId);
    if (await findPaymentOf(own, donationId)) return;
    await refuse(own, donationId, 'expired');
  });
}

async function hand(scope: Scope, payment: Payment): Promise<void> {
  const isLate = scope.now().getTime() - payment.createdAt.getTime() > openFor;
  const isHanded = !isLate && (await scope.write((own) => handPayment(own, payment.id)));
  if (!isHanded) throw refused('fundraising.payment-over', { donationId: payment.donationId });
}

async function orderOf(
  scope: Scope,
  donation: Donation,
  payment: Payment,
  page: PaymentPage,
): Promise<PaymentOrder> {
  const recipient = await findRecipient(scope, donation.recipientId);
  if (!recipient) throw notFound('recipient', donation.recipientId);
  return {
    key: payment.key,
    amount: { minor: donation.amountMinor, currency: donation.currency },
    methods: [donation.method],
    reference: `donation-${donation.id}`,
    label: recipient.name,
    ...page,
  };
}

async function noteOpened(scope: Scope, id: string, reference: string): Promise<void> {
  const payment = await lockPayment(scope, id);
  // A call of the provider may have been quicker.
  const isWaiting = payment && ['ready', 'handed', 'unknown'].includes(payment.state);
  await updatePayment(scope, id, {
    state: isWaiting ? 'open' : (payment?.state ?? 'open'),
    reference,
  });
}

async function noteNotOpened(
  scope: Scope,
  deps: Deps,
  { id, donationId }: Payment,
  error: unknown,
): Promise<void> {
  const payment = await lockPayment(scope, id);
  if (payment?.state !== 'handed') return;
  const isNo = isAppError(error) && error.code.startsWith('fundraising.');
  await updatePayment(scope, id, { state: isNo ? 'failed' : 'unknown' });
  if (isNo) await refuse(scope, donationId, 'failed');
  else await deps.jobs.add(scope, 'settle', { paymentId: id }, { key: id, runAt: soon(scope) });
}

/** Once the provider has recovered, or its search has caught up. */
function soon(scope: Scope): Date {
  return new Date(scope.now().getTime() + 2 * 60_000);
}

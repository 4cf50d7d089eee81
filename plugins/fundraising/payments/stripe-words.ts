// Stripe's words and numbers in ours.
import type Stripe from 'stripe';
import type {
  Amount,
  DisputeState,
  Method,
  PaymentOrder,
  PaymentState,
  PayoutState,
  RefundState,
} from '../index.ts';
import { digitsOf } from '../money.ts';

/** https://docs.stripe.com/currencies: of the króna and the shilling, which have no decimals, it takes two. */
const withoutDecimals = [
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
].concat(['VND', 'VUV', 'XAF', 'XOF', 'XPF']);
const withThree = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];

export function toStripe({ minor, currency }: Amount): number {
  return Math.round(minor * factorOf(currency));
}

export function amountOf(theirs: number, code: string): Amount {
  const currency = code.toUpperCase();
  return { minor: Math.round(theirs / factorOf(currency)), currency };
}

/** How many of Stripe's smallest units one of ours is. */
function factorOf(currency: string): number {
  const theirs = withoutDecimals.includes(currency) ? 0 : withThree.includes(currency) ? 3 : 2;
  return 10 ** (theirs - digitsOf(currency));
}

const types: Partial<Record<Method, string>> = { card: 'card', direct_debit: 'sepa_debit' };

/** A debit of SEPA is in euros alone. */
export function typesOf({ methods, amount }: PaymentOrder): string[] {
  return methods
    .map((method) => types[method])
    .filter((type) => type !== undefined)
    .filter((type) => type !== 'sepa_debit' || amount.currency === 'EUR');
}

const states: Record<string, PaymentState['state']> = {
  succeeded: 'succeeded',
  processing: 'processing',
  canceled: 'failed',
};

/** Without refunds and disputes. A payment that failed waits for another try, so it is open until it is cancelled. */
export function stateOf(intent: Stripe.PaymentIntent): PaymentState {
  const { metadata, currency } = intent;
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const state = states[intent.status] ?? 'open';
  return {
    reference: intent.id,
    key: metadata.key,
    state,
    paid: state === 'succeeded' ? amountOf(intent.amount_received, currency) : undefined,
    fee: feeOf(charge?.balance_transaction),
    method: methodOf(charge?.payment_method_details?.type),
    payer: payerOf(charge?.payment_method_details),
    refunds: [],
    disputes: [],
    at: new Date((charge?.created ?? intent.created) * 1000),
  };
}

function feeOf(transaction: Stripe.Charge['balance_transaction'] | undefined): Amount | undefined {
  if (!transaction || typeof transaction === 'string') return undefined;
  return amountOf(transaction.fee, transaction.currency);
}

function methodOf(type: string | undefined): Method | undefined {
  if (type === 'card') return 'card';
  return type === 'sepa_debit' ? 'direct_debit' : undefined;
}

/** The same for one card, or one IBAN, within the account: https://docs.stripe.com/api/charges/object */
function payerOf(
  details: Stripe.Charge.PaymentMethodDetails | null | undefined,
): string | undefined {
  return (details?.card ?? details?.sepa_debit)?.fingerprint ?? undefined;
}

const refundStates: Record<string, RefundState['state']> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
};

export function refundOf(refund: Stripe.Refund): RefundState {
  return {
    reference: refund.id,
    key: refund.metadata?.key,
    amount: amountOf(refund.amount, refund.currency),
    state: refundStates[refund.status ?? ''] ?? 'pending',
  };
}

/**
 * An inquiry takes no money, so it is none yet; nor is one that was warded off. One that was lost may be won after all: what
 * was taken is then reinstated (`charge.dispute.funds_reinstated`), by a transaction of its own.
 */
export function disputeOf(dispute: Stripe.Dispute): DisputeState[] {
  if (/^(warning_|prevented)/.test(dispute.status)) return [];
  const fee = dispute.balance_transactions.reduce((sum, one) => sum + one.fee, 0);
  const [first] = dispute.balance_transactions;
  const isBack = sumOf(dispute.balance_transactions) === 0 && first !== undefined;
  return [
    {
      reference: dispute.id,
      amount: amountOf(dispute.amount, dispute.currency),
      fee: first && amountOf(fee, first.currency),
      state:
        dispute.status === 'won' || isBack ? 'won' : dispute.status === 'lost' ? 'lost' : 'open',
    },
  ];
}

function sumOf(transactions: readonly Stripe.BalanceTransaction[]): number {
  return transactions.reduce((sum, { amount }) => sum + amount, 0);
}

/** Told where it is asked for along with the payout. */
function bankOf({ destination }: Stripe.Payout): string | undefined {
  const isTold = typeof destination === 'object' && destination !== null && 'last4' in destination;
  return isTold ? (destination.last4 ?? undefined) : undefined;
}

const payoutStates: Record<string, PayoutState['state']> = {
  paid: 'paid',
  failed: 'failed',
  canceled: 'failed',
};

export function payoutOf(payout: Stripe.Payout): PayoutState {
  return {
    reference: payout.id,
    amount: amountOf(payout.amount, payout.currency),
    state: payoutStates[payout.status] ?? 'pending',
    arrivesOn: new Date(payout.arrival_date * 1000).toISOString().slice(0, 10),
    bank: bankOf(payout),
  };
}

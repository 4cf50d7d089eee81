// What donors, banks and the dashboard do at Stripe on loopback, and the calls that it sends.
import { createHmac } from 'node:crypto';
import { makeRefund } from './stripe-peer-api.ts';
import type { Shelf, Thing } from './stripe-peer-shelf.ts';

export interface SentHook {
  headers: Record<string, string>;
  body: Buffer;
}

export interface StripeWorld {
  /** The donor pays in the browser, each with a card of their own unless said: what was asked, or another amount; a debit is first `processing`. */
  pay(id: string, how?: { amount?: number; method?: 'card' | 'sepa_debit'; card?: string }): void;
  /** The bank has answered a debit. */
  settle(id: string, does: 'succeeds' | 'fails'): void;
  /** From the dashboard; answers the refund's id. */
  refund(id: string, amount?: number): string;
  failRefund(id: string): void;
  dispute(id: string, amount?: number, kind?: 'chargeback' | 'inquiry'): string;
  endDispute(id: string, status: 'won' | 'lost'): void;
  /** The funds come back, after it was lost too, with the fee or without: `charge.dispute.funds_reinstated`. */
  reinstate(id: string, withFee?: boolean): void;
  /** To the bank account that ends so. */
  payOut(amount: number, currency?: string, last4?: string): string;
  movePayout(id: string, status: string): void;
  /** The fee of what is paid from now on is not known at first; `knowFees` ends that. */
  hideFees(): void;
  knowFees(): void;
  /** What is made from now on cannot be searched for yet. */
  lagSearch(lags: boolean): void;
  intent(id: string): Thing;
  intents(): Thing[];
  /** Net of all that came and went, in the smallest unit of Stripe's. */
  balance(): number;
  /** A call as Stripe sends it, signed at that time. */
  event(type: string, object: Thing, at?: Date): SentHook;
  /** What the events speak of: the payment, its charge, a refund, a dispute, a payout. */
  find(id: string): Thing;
}

const feeOf = (amount: number) => Math.round(amount * 0.015) + 25;
const disputeFee = 2000;

export function makeWorld(shelf: Shelf, webhookSecret: string): StripeWorld {
  const { add, all, get, move, chargeOf, flags } = shelf;
  const intentOf = (id: string) => get(id, 'payment_intent');

  function capture(intent: Thing, amount: number, method: string, fingerprint: string): void {
    const charge = add('ch_', 'charge', {
      ...{ amount: intent.amount, amount_captured: amount, amount_refunded: 0, refunded: false },
      ...{
        currency: intent.currency,
        payment_intent: intent.id,
        disputed: false,
        status: 'succeeded',
      },
      payment_method_details: { type: method, [method]: { fingerprint } },
      balance_transaction: null,
    });
    const transaction = move(amount, feeOf(amount), intent.currency, 'charge');
    charge[flags.hidesFees ? 'hidden' : 'balance_transaction'] = transaction;
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: amount,
      latest_charge: charge.id,
    });
  }

  function reinstate(id: string, withFee = false): void {
    const dispute = get(id, 'dispute');
    const fee = withFee ? -disputeFee : 0;
    const back = move(Number(dispute.amount), fee, dispute.currency, 'adjustment');
    dispute.balance_transactions = [...(dispute.balance_transactions as Thing[]), shelf.find(back)];
  }

  return {
    pay(id, { amount, method = 'card', card = `card of ${id}` } = {}) {
      const intent = intentOf(id);
      const isOpen = String(intent.status).startsWith('requires_');
      if (!isOpen) throw new Error(`the donor cannot pay what is ${intent.status}`);
      if (method === 'card') capture(intent, amount ?? Number(intent.amount), method, card);
      else Object.assign(intent, { status: 'processing' });
    },
    settle(id, does) {
      const intent = intentOf(id);
      if (does === 'succeeds')
        return capture(intent, Number(intent.amount), 'sepa_debit', `account of ${id}`);
      const error = { type: 'card_error', code: 'card_declined' };
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: error });
    },
    refund: (id, amount) =>
      makeRefund(shelf, { payment_intent: id, ...(amount && { amount: String(amount) }) }).id,
    failRefund(id) {
      const refund = get(id, 'refund');
      const charge = chargeOf(String(refund.payment_intent));
      refund.status = 'failed';
      charge.amount_refunded = Number(charge.amount_refunded) - Number(refund.amount);
      charge.refunded = false;
      refund.failure_balance_transaction = move(
        ...([Number(refund.amount), 0, refund.currency, 'refund_failure'] as const),
      );
    },
    dispute(id, amount, kind = 'chargeback') {
      const intent = intentOf(id);
      const charge = chargeOf(id);
      const isInquiry = kind === 'inquiry';
      const taken = amount ?? Number(intent.amount);
      const transactions = isInquiry
        ? []
        : [shelf.find(move(-taken, disputeFee, intent.currency, 'adjustment'))];
      charge.disputed = true;
      return add('du_', 'dispute', {
        ...{ amount: taken, currency: intent.currency, charge: charge.id, payment_intent: id },
        status: isInquiry ? 'warning_needs_response' : 'needs_response',
        balance_transactions: transactions,
      }).id;
    },
    endDispute(id, status) {
      get(id, 'dispute').status = status;
      if (status === 'won') reinstate(id);
    },
    reinstate,
    payOut(amount, currency = 'eur', last4 = '0185') {
      const arrival_date = shelf.seconds() + 2 * 24 * 3600;
      move(-amount, 0, currency, 'payout');
      const destination = add('ba_', 'bank_account', { last4 }).id;
      return add('po_', 'payout', {
        amount,
        currency,
        arrival_date,
        destination,
        status: 'pending',
      }).id;
    },
    movePayout: (id, status) => void Object.assign(get(id, 'payout'), { status }),
    hideFees: () => void Object.assign(flags, { hidesFees: true }),
    knowFees() {
      flags.hidesFees = false;
      for (const charge of all('charge')) charge.balance_transaction ??= charge.hidden;
    },
    lagSearch(lags) {
      flags.lagsSearch = lags;
      if (!lags) shelf.unsearchable.clear();
    },
    intent: intentOf,
    intents: () => all('payment_intent'),
    balance: () => all('balance_transaction').reduce((sum, one) => sum + Number(one.net), 0),
    event(type, object, at = new Date(shelf.seconds() * 1000)) {
      const event = add('evt_', 'event', {
        ...{ type, api_version: '2026-10-28.endive', pending_webhooks: 1 },
        data: { object: { ...object, hidden: undefined } },
      });
      const body = Buffer.from(JSON.stringify(event));
      const t = Math.floor(at.getTime() / 1000);
      const v1 = createHmac('sha256', webhookSecret).update(`${t}.`).update(body).digest('hex');
      return { headers: { 'stripe-signature': `t=${t},v1=${v1}` }, body };
    },
    find: (id) => shelf.find(id) ?? intentOf(id),
  };
}

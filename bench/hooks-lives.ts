// What becomes of a card payment at Stripe, step by step, and the call that each step brings.
import type { StripePeer } from '../plugins/fundraising/payments/stripe-peer.ts';

export interface News {
  type: string;
  /** As it was at that time. */
  thing: ReturnType<StripePeer['find']>;
}
export type Life = (() => News)[];

export const steps = 5;

interface Paid {
  reference: string;
  number: number;
  amountMinor: number;
  /** An id that stands in a ledger, and what it is. */
  known(id: string, what: string): void;
}

/** By turns: sent back in two parts, sent back whole, disputed and won, disputed and lost, another amount than was promised. */
export function lifeOf(stripe: StripePeer, paid: Paid): Life {
  const { reference, number, amountMinor, known } = paid;
  const news = (type: string, id: string): News => ({ type, thing: { ...stripe.find(id) } });
  const chargeOf = () => String(stripe.intent(reference).latest_charge);
  const ofCharge = (type: string) => () => news(`charge.${type}`, chargeOf());
  const pay = (amount = amountMinor) => {
    stripe.pay(reference, { amount });
    return news('payment_intent.succeeded', reference);
  };
  const back = (what: string, amount?: number) => () => {
    known(stripe.refund(reference, amount), what);
    return news('charge.refunded', chargeOf());
  };
  let dispute = '';
  const disputed = () => {
    dispute = stripe.dispute(reference);
    known(dispute, 'dispute');
    return news('charge.dispute.created', dispute);
  };
  const ended = (how: 'won' | 'lost') => () => {
    stripe.endDispute(dispute, how);
    return news('charge.dispute.closed', dispute);
  };
  const withdrawn = () => news('charge.dispute.funds_withdrawn', dispute);
  const updated = ofCharge('updated');
  const lives: Life[] = [
    [() => pay(), updated, back('first part', 300), back('second part', 400), updated],
    [() => pay(), ofCharge('succeeded'), updated, back('all'), updated],
    [() => pay(), updated, disputed, withdrawn, ended('won')],
    [() => pay(), updated, disputed, withdrawn, ended('lost')],
    [() => pay(amountMinor + 500), ofCharge('succeeded'), updated, back('all'), updated],
  ];
  return lives[number % lives.length] ?? [];
}

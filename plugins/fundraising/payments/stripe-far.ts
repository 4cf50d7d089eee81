// Stripe on loopback as the far side of the trial of providers.
import type { FarSide } from '../testing/index.ts';
import type { StripePeer } from './stripe-peer.ts';

/** https://docs.stripe.com/currencies#zero-decimal, as Stripe counts, not as we do. */
const zeroDecimal = ['jpy', 'xpf', 'mga', 'krw', 'clp'];

export function farSideOf(stripe: StripePeer): FarSide {
  const named = {
    payment: 'payment_intent.succeeded',
    payout: 'payout.paid',
  };
  return {
    become: (mood) => stripe.become(mood),
    count: () => stripe.intents().length,
    asks(reference) {
      const { amount, currency } = stripe.intent(reference);
      const digits = zeroDecimal.includes(String(currency)) ? 0 : currency === 'kwd' ? 3 : 2;
      return (Number(amount) / 10 ** digits).toFixed(digits);
    },
    pay: (reference, amount) => stripe.pay(reference, { amount: amount?.minor }),
    refund: (reference, { minor }) => stripe.refund(reference, minor),
    call: ({ kind, reference }, at) => stripe.event(named[kind], stripe.find(reference), at),
    dispute: (reference, { minor }) => stripe.dispute(reference, minor),
    endDispute: (dispute, how) => stripe.endDispute(dispute, how),
    payOut: ({ minor, currency }) => stripe.payOut(minor, currency.toLowerCase()),
    endPayout: (payout, how) => stripe.movePayout(payout, how),
  };
}

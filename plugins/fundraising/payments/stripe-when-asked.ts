// Stripe, read with the first question put to it: its library is 20 MB, and a party that takes no cards never needs it.
import type { CspSources } from 'rostra/plugin';
import type { PaymentProvider } from '../index.ts';
import type { StripeOptions } from './stripe.ts';
import { stripeInfo } from './stripe-account.ts';

/** Its script, the frame that takes the card number, and what that script asks: only where somebody pays through it. */
export const stripeSources: CspSources = {
  onlyAllowed: true,
  script: ['https://js.stripe.com'],
  frame: ['https://js.stripe.com', 'https://hooks.stripe.com'],
  connect: ['https://api.stripe.com'],
};

export function makeStripeWhenAsked(options: StripeOptions = {}): PaymentProvider {
  let read: Promise<PaymentProvider> | undefined;
  const stripe = () => {
    read ??= import('./stripe.ts').then(({ makeStripe }) => makeStripe(options));
    return read;
  };
  return {
    describe: async () => stripeInfo,
    check: async (...asked) => (await stripe()).check(...asked),
    open: async (...asked) => (await stripe()).open(...asked),
    payment: async (...asked) => (await stripe()).payment(...asked),
    findByKey: async (...asked) => (await stripe()).findByKey(...asked),
    cancel: async (...asked) => (await stripe()).cancel(...asked),
    refund: async (...asked) => (await stripe()).refund(...asked),
    async *payouts(...asked) {
      yield* (await stripe()).payouts(...asked);
    },
    readHook: async (...asked) => (await stripe()).readHook(...asked),
  };
}

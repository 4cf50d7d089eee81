// What a treasurer fills in of an account at Stripe, and whether its keys may be used there.
import type { Fault } from 'rostra/plugin';
import type { ProviderAccount, ProviderInfo } from '../index.ts';

const key = (start: string) => ({
  type: 'string',
  minLength: 12,
  maxLength: 300,
  pattern: `^${start}[A-Za-z0-9_]+$`,
});

/** https://docs.stripe.com/keys: `rk_` is a restricted key, which is enough. */
export const stripeInfo: ProviderInfo = {
  id: 'stripe',
  name: 'Stripe',
  methods: ['card', 'direct_debit'],
  hook: 'signed',
  settings: {
    type: 'object',
    properties: {
      publishableKey: key('pk_(test|live)_'),
      secretKey: { ...key('(sk|rk)_(test|live)_'), 'x-secret': true },
      webhookSecret: { ...key('whsec_'), 'x-secret': true },
    },
    // The webhook's secret comes once its address is known, which is once the account is kept.
    required: ['publishableKey', 'secretKey'],
  },
};

/** Play money never meets real money. */
export function modeFaults({ isTest, settings }: ProviderAccount): Fault[] {
  const message = isTest ? 'fundraising.payment.key-live' : 'fundraising.payment.key-test';
  const fits = isTest ? /^(sk|rk|pk)_test_/ : /^(sk|rk|pk)_live_/;
  return ['publishableKey', 'secretKey']
    .filter((name) => !fits.test(settings[name] ?? ''))
    .map((name) => ({ path: `/${name}`, message }));
}

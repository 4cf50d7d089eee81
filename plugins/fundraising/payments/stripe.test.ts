import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import type { PaymentOrder, ProviderAccount } from '../index.ts';
import { providerFaults } from '../testing/index.ts';
import { farSideOf } from './stripe-far.ts';
import { type StripePeer, startStripe } from './stripe-peer.ts';
import { makeStripeWhenAsked } from './stripe-when-asked.ts';

type Ends = Parameters<typeof makeApp>[0];

/** Asked for the time alone. */
let app: App;
const ends: (() => unknown)[] = [];
test.before(async () => {
  app = await makeApp({ teardown: (end) => void ends.push(end) });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

async function scene(t: Ends) {
  const stripe = await startStripe(t, () => app.clock.now());
  const provider = makeStripeWhenAsked({ api: stripe.url, timeout: 400 });
  return { stripe, provider, scope: app.scope(), account: accountOf(stripe) };
}

function accountOf(
  { publishableKey, secretKey, webhookSecret }: StripePeer,
  more: Record<string, string> = {},
): ProviderAccount {
  const settings = { publishableKey, secretKey, webhookSecret, ...more };
  return { id: '1', isTest: true, settings };
}

const order: PaymentOrder = {
  key: 'order-0001',
  amount: { minor: 2500, currency: 'EUR' },
  methods: ['card', 'direct_debit'],
  reference: 'd-1',
  label: 'Parti de l’Exemple',
  returnUrl: 'https://party.example/give/thanks',
  locale: 'fr',
};

test('Stripe keeps all that a provider promises', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const live = { ...account, isTest: false };
  const faults = await providerFaults({
    ...{ scope, provider, account, far: farSideOf(stripe) },
    wrongAccounts: [
      live,
      accountOf(stripe, { secretKey: 'sk_live_loopback' }),
      accountOf(stripe, { publishableKey: 'pk_live_loopback' }),
      accountOf(stripe, { secretKey: 'sk_test_nobodys' }),
    ],
    refusedAmount: { minor: 49, currency: 'EUR' },
    currencies: ['EUR', 'JPY', 'XPF', 'ISK', 'UGX', 'HUF', 'MGA', 'KWD'],
  });
  t.deepEqual(faults, []);
});

test('the donor’s browser gets what the Payment Element needs, and Stripe no more than it must', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference, client } = await provider.open(scope, account, order);
  const { client_secret, metadata, payment_method_types } = stripe.intent(reference);
  t.deepEqual(client, {
    kind: 'element',
    view: 'pay-stripe',
    values: {
      clientSecret: client_secret as string,
      publishableKey: 'pk_test_loopback',
      returnUrl: order.returnUrl,
      locale: 'fr',
    },
  });
  t.deepEqual(metadata, { key: 'order-0001', reference: 'd-1' });
  t.deepEqual(payment_method_types, ['card', 'sepa_debit']);
  await provider.payment(scope, account, reference);
  const told = [...stripe.told].join();
  t.notRegex(told, /telemetry/);
  t.notRegex(told, /"platform"/);
});

test('a debit is processing for days, and one that the bank sends back waits to be cancelled', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference } = await provider.open(scope, account, order);
  const state = () => provider.payment(scope, account, reference);
  stripe.pay(reference, { method: 'sepa_debit' });
  t.is((await state())?.state, 'processing');
  stripe.settle(reference, 'fails');
  t.is((await state())?.state, 'open');
  t.is((await provider.cancel(scope, account, reference)).state, 'failed');
  const second = await provider.open(scope, account, { ...order, key: 'order-0002' });
  stripe.pay(second.reference, { method: 'sepa_debit' });
  stripe.settle(second.reference, 'succeeds');
  const paid = await provider.payment(scope, account, second.reference);
  t.is(paid?.method, 'direct_debit');
  t.deepEqual(paid?.fee, { minor: 63, currency: 'EUR' });
});

test.serial('a refund is one for ever, also after Stripe has forgotten its key', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference } = await provider.open(scope, account, order);
  stripe.pay(reference);
  const amount = { minor: 100, currency: 'EUR' };
  const back = { payment: reference, key: 'back-1', amount };
  const first = await provider.refund(scope, account, back);
  const start = app.clock.now();
  app.clock.set('2026-11-27T10:00:00Z');
  const again = await provider.refund(scope, account, back);
  t.is(again.reference, first.reference);
  app.clock.set(start);
  t.is(stripe.find(String(stripe.intent(reference).latest_charge)).amount_refunded, 100);
});

test('all of many refunds are told, and one that failed is told as that', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference } = await provider.open(scope, account, order);
  stripe.pay(reference);
  const made = Array.from({ length: 12 }, () => stripe.refund(reference, 10));
  stripe.failRefund(made[0] ?? '');
  const known = await provider.payment(scope, account, reference);
  t.deepEqual(known?.refunds.map((one) => one.reference).sort(), [...made].sort());
  t.is(known?.refunds.find((one) => one.reference === made[0])?.state, 'failed');
});

test('an inquiry takes no money; a dispute does, with a fee', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference } = await provider.open(scope, account, order);
  stripe.pay(reference);
  stripe.dispute(reference, 2500, 'inquiry');
  t.deepEqual((await provider.payment(scope, account, reference))?.disputes, []);
  const id = stripe.dispute(reference, 2500);
  t.deepEqual((await provider.payment(scope, account, reference))?.disputes, [
    {
      ...{ reference: id, amount: order.amount, state: 'open' as const },
      fee: { minor: 2000, currency: 'EUR' },
    },
  ]);
});

test('one that the search does not know of yet is not found by its key, and is later', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  stripe.lagSearch(true);
  const { reference } = await provider.open(scope, account, order);
  t.is(await provider.findByKey(scope, account, order.key), undefined);
  stripe.lagSearch(false);
  t.is((await provider.findByKey(scope, account, order.key))?.reference, reference);
});

test('a fee that Stripe does not know yet is not told as none', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  const { reference } = await provider.open(scope, account, order);
  stripe.hideFees();
  stripe.pay(reference);
  t.is((await provider.payment(scope, account, reference))?.fee, undefined);
  stripe.knowFees();
  t.deepEqual((await provider.payment(scope, account, reference))?.fee?.minor, 63);
});

test('keys of real money are refused in a test account before anything is asked', async (t) => {
  const { stripe, provider, scope } = await scene(t);
  const live = accountOf(stripe, { secretKey: 'sk_live_loopback' });
  await t.throwsAsync(provider.open(scope, live, order), { code: 'fundraising.payment.key-live' });
  const play = { ...accountOf(stripe), isTest: false };
  await t.throwsAsync(provider.open(scope, play, order), { code: 'fundraising.payment.key-test' });
  t.deepEqual(stripe.asked, []);
});

test('the same key with another amount is refused, not taken', async (t) => {
  const { stripe, provider, scope, account } = await scene(t);
  await provider.open(scope, account, order);
  const other = { ...order, amount: { minor: 9900, currency: 'EUR' } };
  await t.throwsAsync(provider.open(scope, account, other), {
    code: 'fundraising.payment-refused',
  });
  t.is(stripe.intents().length, 1);
});

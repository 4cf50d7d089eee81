// A recipient with an account at Stripe on loopback, for the tests of payments.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Scope } from 'rostra/plugin';
import { makeApp, type Test } from 'rostra/testing';
import { type Deps, depsOf } from '../deps.ts';
import type { Donation } from '../donation.sql.ts';
import { demandDonation } from '../donation.ts';
import { aroundOf, type Desk, makeRecipient, offerOf, openDesk } from '../fixture.ts';
import type { Method, PaymentProvider } from '../index.ts';
import { sumBalances } from '../ledger.sql.ts';
import { checkLedgers } from '../ledger.ts';
import { findPaymentOf, type Payment } from '../payment.sql.ts';
import { openPayment } from '../payment.ts';
import { reconcile } from '../payment-jobs.ts';
import { settlePayment } from '../payment-settle.ts';
import { pledge } from '../pledge.ts';
import { findAccounts } from '../provider-account.sql.ts';
import { hookPathOf, saveAccount } from '../provider-account.ts';
import { makeStripe } from './stripe.ts';
import { type StripePeer, startStripe } from './stripe-peer.ts';
import { stripeSources } from './stripe-when-asked.ts';

export interface Counter extends Desk {
  stripe: StripePeer;
  provider: PaymentProvider;
  accountId: string;
}

/** So long an answer is waited for: this machine may be busy. */
const patient = 20_000;
/** For a test in which none comes. */
export const impatient = 1_500;

export async function openCounter(
  t: Test,
  jurisdiction = 'fr',
  timeout = patient,
): Promise<Counter> {
  const desk = await openDesk(t, jurisdiction, { isTest: true });
  const stripe = await startStripe(t, () => desk.app.clock.now());
  const provider = makeStripe({ api: stripe.url, timeout });
  const deps = withProvider(desk.deps, provider);
  const accountId = await saveAccount(desk.scope, deps, {
    recipientId: desk.recipient.id,
    provider: 'stripe',
    settings: settingsOf(stripe),
  });
  return { ...desk, deps, stripe, provider, accountId };
}

export function withProvider(deps: Deps, service: PaymentProvider): Deps {
  return { ...deps, providersOn: () => [{ plugin: 'fundraising', service }] };
}

/** Another `of` is another account there. */
export function settingsOf({ publishableKey, secretKey, webhookSecret }: StripePeer, of = '') {
  return { publishableKey: publishableKey + of, secretKey: secretKey + of, webhookSecret };
}

export const page = { returnUrl: 'https://party.example/give/thanks', locale: 'fr' };

let donors = 0;
/** Promised on a page, by a donor of their own. */
export function promise(
  { deps, recipient }: Desk,
  scope: Scope,
  amountMinor = 2_500,
  method: Method = 'card',
): Promise<Donation> {
  donors += 1;
  const base = offerOf(scope);
  const emailAddress = `donor${donors}@example.org`;
  const identity = { ...base.identity, familyName: `Martin ${donors}`, emailAddress };
  const offer = { ...base, amountMinor, method, identity };
  return pledge(scope, deps, recipient, offer, aroundOf({ source: 'page' }));
}

/** Promised, opened and paid; the provider's reference and the donation's id. */
export async function pay(counter: Counter, amountMinor?: number) {
  const { id } = await promise(counter, counter.scope, amountMinor);
  const { reference } = await openPayment(counter.scope, counter.deps, id, page);
  counter.stripe.pay(reference);
  return { id, reference };
}

/** What the provider says of the gift's payment is entered. */
export const settle = async (counter: Counter, donationId: string): Promise<void> =>
  settlePayment(counter.scope, counter.deps, (await paymentOf(counter, donationId)).id);

export async function paid(counter: Counter, amountMinor: number) {
  const gift = await pay(counter, amountMinor);
  await settle(counter, gift.id);
  return gift;
}

/** The ledger holds, and says of the provider's money what the provider says. */
export async function whole(t: { deepEqual(a: unknown, b: unknown): void }, counter: Counter) {
  t.deepEqual(await checkLedgers(counter.scope), []);
  t.deepEqual((await balancesOf(counter)).provider, counter.stripe.balance());
}

export const donationOf = ({ scope }: Desk, id: string) => demandDonation(scope, id);

export async function paymentOf({ scope }: Desk, donationId: string): Promise<Payment> {
  const found = await findPaymentOf(scope, donationId);
  if (!found) throw new Error('there is no payment');
  return found;
}

export const balancesOf = ({ scope, recipient }: Desk) => sumBalances(scope, recipient.id);

/** Later, everything that is due is asked about. */
export async function reconcileIn(counter: Counter, minutes: number): Promise<void> {
  const { clock } = counter.app;
  clock.set(new Date(clock.now().getTime() + minutes * 60_000));
  await reconcile(counter.scope, counter.deps);
}

/** A whole server whose Stripe is on loopback: an outside plugin binds it under another name. */
export async function openHouse(t: Test, timeout = patient): Promise<Counter & { hook: string }> {
  let now = () => new Date('2026-11-24T10:00:00Z');
  const stripe = await startStripe(t, () => now());
  const folder = loopbackPlugin(t, stripe.url, timeout);
  const app = await makeApp(t, { jurisdiction: 'fr', plugins: [folder] });
  now = () => app.clock.now();
  const [scope, deps] = [app.scope(), depsOf(app.get('fundraising'))];
  const recipient = await makeRecipient(scope, { isTest: true });
  const provider = makeStripe({ api: stripe.url });
  const accountId = await saveAccount(scope, deps, {
    ...{ recipientId: recipient.id, provider: 'stripe-loopback', settings: settingsOf(stripe) },
  });
  const [account] = await findAccounts(scope, recipient.id);
  if (!account) throw new Error('there is no account');
  const hook = hookPathOf(account);
  return { app, deps, scope, recipient, stripe, provider, accountId, hook };
}

/** Stripe as an outside plugin would bring it, its script and where that comes from too. */
export function loopbackPlugin(t: Test, api: string, timeout = patient): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-loopback-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    'package.json': '{"type":"module"}',
    'plugin.json': '{"id":"loopback","version":"1.0.0","core":"^1.0.0","requires":["fundraising"]}',
    'plugin.ts': `import { PaymentProvider } from 'rostra/fundraising';
import { makeStripe } from ${JSON.stringify(join(import.meta.dirname, 'stripe.ts'))};
const stripe = makeStripe({ api: ${JSON.stringify(api)}, timeout: ${timeout} });
const describe = async (scope) => ({ ...(await stripe.describe(scope)), id: 'stripe-loopback' });
export default {
  provide: (bind) => bind(PaymentProvider, () => ({ ...stripe, describe })),
  contribute: () => ({ csp: ${JSON.stringify(stripeSources)} }),
};
`,
    'locales/en.json': '{}',
    'locales/fr.json': '{}',
  };
  mkdirSync(join(folder, 'locales'));
  const own = dirname(import.meta.dirname);
  for (const brought of ['views/site/pay-stripe.eta', 'assets/stripe.js']) {
    cpSync(join(own, brought), join(folder, brought));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

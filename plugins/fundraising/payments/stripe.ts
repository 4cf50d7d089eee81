// Stripe, by its own library: https://docs.stripe.com/payments/payment-intents
import {
  type AppError,
  invalid,
  isAppError,
  refused,
  type Scope,
  unavailable,
} from 'rostra/plugin';
import Stripe from 'stripe';
import type { OpenedPayment, PaymentProvider, PaymentState, ProviderAccount } from '../index.ts';
import { modeFaults, stripeInfo } from './stripe-account.ts';
import { readStripeHook } from './stripe-hook.ts';
import { disputeOf, payoutOf, refundOf, stateOf, toStripe, typesOf } from './stripe-words.ts';

export interface StripeOptions {
  /** Where it is spoken to; Stripe itself if left out. Only a test names another. */
  api?: string;
  /** Milliseconds; a request of a page has thirty seconds in all. */
  timeout?: number;
}

/** The version that our reading of its answers was written for. */
const apiVersion = '2026-10-28.endive';
const shown = ['latest_charge.balance_transaction', 'latest_charge.refunds'];

export function makeStripe(options: StripeOptions = {}): PaymentProvider {
  const clientOf = (account: ProviderAccount): Stripe => {
    const [fault] = modeFaults(account);
    if (fault) throw refused(fault.message, { provider: 'stripe' });
    return connect(account.settings.secretKey ?? '', options);
  };

  return {
    describe: async () => stripeInfo,

    async check(_scope, account) {
      const faults = modeFaults(account);
      if (faults.length > 0) throw invalid(faults);
      const stripe = clientOf(account);
      await stripe.balance.retrieve().catch((error: unknown) => {
        if (!(error instanceof Stripe.errors.StripeAuthenticationError)) throw faultOf(error);
        throw invalid([{ path: '/secretKey', message: 'fundraising.payment.key-unknown' }]);
      });
      return stripe.accounts.retrieveCurrent().then(
        ({ id }) => id,
        (error: unknown) => {
          // A restricted key may not read the account; its publishable key is of that account alone.
          if (!(error instanceof Stripe.errors.StripePermissionError)) throw faultOf(error);
          return account.settings.publishableKey;
        },
      );
    },

    async open(_scope, account, order): Promise<OpenedPayment> {
      const intent = await asking(() =>
        clientOf(account).paymentIntents.create(
          {
            amount: toStripe(order.amount),
            currency: order.amount.currency.toLowerCase(),
            // Strong authentication is asked for by Stripe where the donor's bank wants it.
            allowed_payment_method_types: typesOf(order),
            metadata: { key: order.key, reference: order.reference },
            statement_descriptor_suffix: labelOf(order.label),
          },
          { idempotencyKey: order.key },
        ),
      );
      const values = {
        clientSecret: intent.client_secret ?? '',
        publishableKey: account.settings.publishableKey ?? '',
        returnUrl: order.returnUrl,
        locale: order.locale,
      };
      return { reference: intent.id, client: { kind: 'element', view: 'pay-stripe', values } };
    },

    async payment(_scope, account, reference) {
      const stripe = clientOf(account);
      const intent = await asking(() =>
        stripe.paymentIntents.retrieve(reference, { expand: shown }).catch(noneOf),
      );
      return intent && whole(stripe, intent);
    },

    async findByKey(_scope, account, key) {
      const stripe = clientOf(account);
      const query = `metadata['key']:'${key.replace(/['\\]/g, '')}'`;
      const found = await asking(() => stripe.paymentIntents.search({ query, limit: 1 }));
      const id = found.data[0]?.id;
      if (id === undefined) return undefined;
      // What a search answers may be older than what is.
      return whole(
        stripe,
        await asking(() => stripe.paymentIntents.retrieve(id, { expand: shown })),
      );
    },

    async cancel(_scope, account, reference) {
      const stripe = clientOf(account);
      const ended = await asking(() =>
        stripe.paymentIntents.cancel(reference, { expand: shown }).catch((error: unknown) => {
          const isLate =
            error instanceof Stripe.errors.StripeInvalidRequestError &&
            error.code === 'payment_intent_unexpected_state';
          if (!isLate) throw error;
          return stripe.paymentIntents.retrieve(reference, { expand: shown });
        }),
      );
      return whole(stripe, ended);
    },

    async refund(_scope, account, order) {
      const stripe = clientOf(account);
      // Stripe forgets keys after a day; a refund may be asked for again much later.
      for await (const known of refundsOf(stripe, order.payment)) {
        if (known.metadata?.key === order.key) return refundOf(known);
      }
      const made = await asking(() =>
        stripe.refunds.create(
          {
            payment_intent: order.payment,
            amount: toStripe(order.amount),
            metadata: { key: order.key },
          },
          { idempotencyKey: `refund-${order.key}` },
        ),
      );
      return refundOf(made);
    },

    async *payouts(_scope, account, since) {
      const stripe = clientOf(account);
      const gte = Math.floor(since.getTime() / 1000);
      const found: Stripe.Payout[] = [];
      const expand = ['data.destination'];
      const pages = stripe.payouts.list({ created: { gte }, limit: 100, expand });
      await asking(async () => {
        for await (const payout of pages) found.push(payout);
      });
      // Stripe lists the newest first.
      for (const payout of found.reverse()) yield payoutOf(payout);
    },

    readHook: async (scope: Scope, account, call) => readStripeHook(scope, account, call),
  };

  /** A list shows ten refunds at once, and disputes only when asked for. */
  async function whole(stripe: Stripe, intent: Stripe.PaymentIntent): Promise<PaymentState> {
    const charge = intent.latest_charge;
    if (charge === null || typeof charge === 'string') return stateOf(intent);
    const refunds = [...(charge.refunds?.data ?? [])];
    if (charge.refunds?.has_more) {
      refunds.length = 0;
      for await (const refund of refundsOf(stripe, intent.id)) refunds.push(refund);
    }
    const disputes: Stripe.Dispute[] = [];
    if (charge.disputed) {
      const pages = stripe.disputes.list({ payment_intent: intent.id, limit: 100 });
      await asking(async () => {
        for await (const dispute of pages) disputes.push(dispute);
      });
    }
    return {
      ...stateOf(intent),
      refunds: refunds.map(refundOf),
      disputes: disputes.flatMap(disputeOf),
    };
  }
}

async function* refundsOf(stripe: Stripe, payment: string): AsyncIterable<Stripe.Refund> {
  const pages = stripe.refunds.list({ payment_intent: payment, limit: 100 });
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const next = await asking(() => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}

function connect(key: string, { api, timeout = 10_000 }: StripeOptions): Stripe {
  const address = api === undefined ? undefined : new URL(api);
  return new Stripe(key, {
    apiVersion,
    timeout,
    maxNetworkRetries: 1,
    // Neither how fast it was, nor what machine this is.
    telemetry: false,
    ...(address && {
      host: address.hostname,
      port: address.port,
      protocol: address.protocol === 'http:' ? 'http' : 'https',
    }),
  });
}

async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw faultOf(error);
  }
}

function noneOf(error: unknown): undefined {
  const isNone =
    error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
  if (!isNone) throw error;
}

/** A no of Stripe's is a no. All else leaves open what happened: no answer, too many requests, a fault of theirs. */
function faultOf(error: unknown): AppError {
  if (isAppError(error)) return error;
  const isNo =
    error instanceof Stripe.errors.StripeInvalidRequestError ||
    error instanceof Stripe.errors.StripeCardError ||
    error instanceof Stripe.errors.StripeIdempotencyError ||
    error instanceof Stripe.errors.StripePermissionError;
  // Its words may name the donor: its code alone is kept.
  if (isNo) return refused('fundraising.payment-refused', { reason: error.code ?? error.type });
  return unavailable('stripe', error);
}

/** On the donor's statement, behind the account's own name: letters that every bank can print, not all of them digits. */
function labelOf(label: string): string | undefined {
  const plain = label
    .normalize('NFD')
    .replace(/[^\x20-\x7e]|[<>\\'"*]/g, '')
    .trim()
    .slice(0, 22);
  return /[A-Za-z]/.test(plain) ? plain : undefined;
}

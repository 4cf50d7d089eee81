// A call of Stripe's: whether it is one, and what it is about. https://docs.stripe.com/webhooks/signature
import type { Scope } from 'rostra/plugin';
import Stripe from 'stripe';
import type { HookNews, ProviderAccount } from '../index.ts';

/** Seconds. Stripe signs each delivery anew, also one that comes a week late. */
const tolerance = 300;

export function readStripeHook(
  scope: Scope,
  account: ProviderAccount,
  call: { headers: Readonly<Record<string, string>>; body: Buffer },
): HookNews | undefined {
  const event = verified(scope, account, call);
  // An event of the other mode is none of this account's.
  if (!event || event.livemode === account.isTest) return undefined;
  const about = aboutOf(event.data?.object);
  return about && { id: event.id, about: [about] };
}

function verified(
  scope: Scope,
  { settings }: ProviderAccount,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: Buffer },
): Stripe.Event | undefined {
  const now = scope.now().getTime();
  const signature = headers['stripe-signature'] ?? '';
  const secret = settings.webhookSecret ?? '';
  try {
    return Stripe.webhooks.constructEvent(body, signature, secret, tolerance, undefined, now);
  } catch {
    return undefined;
  }
}

/** A charge, a refund and a dispute name the payment that they are of. */
function aboutOf(object: unknown): HookNews['about'][number] | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const { object: kind, id, payment_intent: payment } = object as Record<string, unknown>;
  if (kind === 'payment_intent' && typeof id === 'string')
    return { kind: 'payment', reference: id };
  if (kind === 'payout' && typeof id === 'string') return { kind: 'payout', reference: id };
  return typeof payment === 'string' ? { kind: 'payment', reference: payment } : undefined;
}

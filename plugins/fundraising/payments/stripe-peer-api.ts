// The requests that Stripe on loopback takes, and what it answers.
import { randomBytes } from 'node:crypto';
import {
  invalidRequest,
  listOf,
  type Params,
  recordOf,
  refuseUnknown,
  StripeFault,
  textOf,
  wholeOf,
} from './stripe-peer-form.ts';
import type { Shelf, Thing } from './stripe-peer-shelf.ts';

const intentParams = [
  ...[
    'amount',
    'currency',
    'metadata',
    'allowed_payment_method_types',
    'automatic_payment_methods',
  ],
  ...['statement_descriptor_suffix', 'statement_descriptor', 'description', 'expand'],
  ...['receipt_email', 'customer', 'confirm', 'payment_method', 'payment_method_options'],
  ...['capture_method', 'setup_future_usage', 'return_url'],
];
const refundParams = ['payment_intent', 'charge', 'amount', 'metadata', 'reason', 'expand'];
/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const least: Record<string, number> = { eur: 50, usd: 50, gbp: 30, chf: 50, jpy: 50 };

const expandable = 'latest_charge balance_transaction charge payment_intent destination'.split(' ');

export type Act = (method: string, path: string, params: Params) => unknown;

export function makeApi(shelf: Shelf): Act {
  const { add, all, get } = shelf;

  function createIntent(params: Params): Thing {
    refuseUnknown(params, intentParams);
    const amount = wholeOf(params, 'amount');
    const currency = textOf(params, 'currency');
    if (amount === undefined || !currency) {
      throw invalidRequest('Missing required param.', 'parameter_missing', 'amount');
    }
    if (!/^[a-z]{3}$/.test(currency)) {
      throw invalidRequest(`Invalid currency: ${currency}.`, 'invalid_currency', 'currency');
    }
    if (amount < (least[currency] ?? 1)) {
      throw invalidRequest('Amount must be at least 50 cents', 'amount_too_small', 'amount');
    }
    if (amount > 99_999_999) {
      throw invalidRequest('Amount is too large', 'amount_too_large', 'amount');
    }
    // It keeps those of the list that fit the currency.
    const types = listOf(params, 'allowed_payment_method_types').filter(
      (type) => type !== 'sepa_debit' || currency === 'eur',
    );
    const suffix = textOf(params, 'statement_descriptor_suffix');
    if (suffix !== undefined && (suffix.length > 22 || /[<>\\'"*]|[^\x20-\x7e]/.test(suffix))) {
      throw invalidRequest('The suffix is invalid.', 'invalid_characters');
    }
    const intent = add('pi_', 'payment_intent', {
      ...{ amount, currency, amount_received: 0, status: 'requires_payment_method' },
      ...{ metadata: recordOf(params, 'metadata'), payment_method_types: types },
      ...{ latest_charge: null, last_payment_error: null, canceled_at: null },
    });
    intent.client_secret = `${intent.id}_secret_${randomBytes(12).toString('hex')}`;
    if (shelf.flags.lagsSearch) shelf.unsearchable.add(intent.id);
    return intent;
  }

  function cancelIntent(id: string): Thing {
    const intent = get(id, 'payment_intent');
    if (!String(intent.status).startsWith('requires_')) {
      throw invalidRequest(
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
        'payment_intent_unexpected_state',
      );
    }
    return Object.assign(intent, { status: 'canceled', canceled_at: shelf.seconds() });
  }

  function listed(found: Thing[], path: string, params: Params): unknown {
    const limit = wholeOf(params, 'limit') ?? 10;
    if (limit < 1 || limit > 100)
      throw invalidRequest('Invalid limit', 'parameter_invalid_integer');
    const from = recordOf(params, 'created').gte;
    const newest = found
      .filter((one) => from === undefined || one.created >= Number(from))
      .reverse();
    const after = textOf(params, 'starting_after');
    const start = after === undefined ? 0 : newest.findIndex((one) => one.id === after) + 1;
    const data = newest.slice(start, start + limit);
    const expand = listOf(params, 'expand').map((one) => one.replace(/^data\./, ''));
    const shown = data.map((one) => expanded(one, expand));
    return { object: 'list', url: path, has_more: start + limit < newest.length, data: shown };
  }

  function searched(params: Params): unknown {
    const query = /^metadata\[(?:'|")(\w+)(?:'|")\]:(?:'|")([^'"]*)(?:'|")$/;
    const [, name = '', value] = query.exec(textOf(params, 'query') ?? '') ?? [];
    if (value === undefined) throw invalidRequest('We were unable to parse your query.', 'query');
    const expand = listOf(params, 'expand').map((one) => one.replace(/^data\./, ''));
    const data = all('payment_intent')
      .filter((one) => (one.metadata as Record<string, string>)[name] === value)
      .filter((one) => !shelf.unsearchable.has(one.id))
      .map((one) => expanded(one, expand));
    const url = '/v1/payment_intents/search';
    return { object: 'search_result', url, has_more: false, next_page: null, data };
  }

  /** An id, or a list that is left out otherwise, is answered in whole where it is asked for. */
  function expanded(thing: Thing, paths: readonly string[]): unknown {
    const shown: Record<string, unknown> = { ...thing };
    delete shown.hidden;
    for (const first of new Set(paths.map((path) => path.split('.')[0] ?? ''))) {
      const rest = paths
        .filter((path) => path.startsWith(`${first}.`))
        .map((path) => path.slice(first.length + 1));
      const isList = first === 'refunds' && thing.object === 'charge';
      if (isList) {
        const found = all('refund').filter((one) => one.charge === thing.id);
        shown.refunds = listed(found, `/v1/charges/${thing.id}/refunds`, {});
      } else if (expandable.includes(first)) {
        const inner = shelf.find(thing[first]);
        shown[first] = inner ? expanded(inner, rest) : null;
      } else {
        throw invalidRequest(`This property cannot be expanded (${first}).`, 'expand');
      }
    }
    return shown;
  }

  function act(method: string, path: string, params: Params): unknown {
    const [, version, kind = '', id, verb] = path.split('/');
    const expand = listOf(params, 'expand');
    const of = (object: string) => {
      const by = textOf(params, 'payment_intent');
      return all(object).filter((one) => by === undefined || one.payment_intent === by);
    };
    switch (version === 'v1' && `${method} ${kind}${id ? '/id' : ''}${verb ? `/${verb}` : ''}`) {
      case 'POST payment_intents':
        return expanded(createIntent(params), expand);
      case 'GET payment_intents/id':
        return id === 'search'
          ? searched(params)
          : expanded(get(id ?? '', 'payment_intent'), expand);
      case 'POST payment_intents/id/cancel':
        return expanded(cancelIntent(id ?? ''), expand);
      case 'POST refunds':
        return expanded(makeRefund(shelf, params), expand);
      case 'GET refunds':
        return listed(of('refund'), path, params);
      case 'GET disputes':
        return listed(of('dispute'), path, params);
      case 'GET disputes/id':
        return get(id ?? '', 'dispute');
      case 'GET payouts':
        return listed(all('payout'), path, params);
      case 'GET balance':
        return { object: 'balance', livemode: false, available: [], pending: [] };
      default:
        throw new StripeFault(
          404,
          'invalid_request_error',
          `Unrecognized URL (${method}: ${path}).`,
        );
    }
  }

  return act;
}

export function makeRefund(shelf: Shelf, params: Params): Thing {
  refuseUnknown(params, refundParams);
  const intent = shelf.get(textOf(params, 'payment_intent') ?? '', 'payment_intent');
  if (intent.status !== 'succeeded') {
    throw invalidRequest('This PaymentIntent does not have a successful charge.', 'charge_invalid');
  }
  const charge = shelf.chargeOf(intent.id);
  const rest = Number(charge.amount_captured) - Number(charge.amount_refunded);
  const amount = wholeOf(params, 'amount') ?? rest;
  if (rest === 0) {
    throw invalidRequest('The charge has already been refunded.', 'charge_already_refunded');
  }
  if (amount < 1 || amount > rest) {
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${rest})`,
      'charge_invalid_amount',
      'amount',
    );
  }
  charge.amount_refunded = Number(charge.amount_refunded) + amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  return shelf.add('re_', 'refund', {
    ...{ amount, currency: intent.currency, charge: charge.id, payment_intent: intent.id },
    ...{ status: 'succeeded', metadata: recordOf(params, 'metadata') },
    balance_transaction: shelf.move(-amount, 0, intent.currency, 'refund'),
  });
}

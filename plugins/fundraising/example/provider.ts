// What Sou answers, in the words of `PaymentProvider`.
import type {
  Amount,
  PaymentProvider,
  PaymentState,
  PayoutState,
  ProviderAccount,
  ProviderInfo,
  RefundState,
} from 'rostra/fundraising';
import { type Fetch, invalid, refused, type Scope, unavailable } from 'rostra/plugin';

const info: ProviderInfo = {
  id: 'sou',
  name: 'Sou',
  methods: ['card', 'transfer'],
  // Its calls carry no signature: they say that something happened, and it is asked what.
  hook: 'ask-back',
  settings: {
    type: 'object',
    properties: {
      address: { type: 'string', format: 'uri', maxLength: 200, title: 'Address' },
      token: { type: 'string', minLength: 8, maxLength: 200, title: 'Token', 'x-secret': true },
    },
    required: ['address', 'token'],
  },
};

/** As its server writes a payment; amounts in the smallest unit. */
interface Told {
  id: string;
  key: string;
  state: PaymentState['state'];
  page: string;
  currency: string;
  paid: number | null;
  fee: number | null;
  method: 'card' | 'transfer' | null;
  refunds: { id: string; key: string | null; amount: number; state: RefundState['state'] }[];
  at: string;
}
interface ToldPayout {
  id: string;
  amount: number;
  currency: string;
  state: PayoutState['state'];
  day: string;
}

export function makeSou(fetch: Fetch): PaymentProvider {
  /** `undefined` for what is not there. A no of the server's is a no; all else leaves open what happened. */
  async function ask<T>(
    scope: Scope,
    { settings }: ProviderAccount,
    path: string,
    body?: object,
  ): Promise<T | undefined> {
    const answer = await fetch.text(scope, `${settings.address}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${settings.token}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 404) return undefined;
    if (answer.status === 422) throw refused('fundraising.payment-refused', { provider: 'sou' });
    if (answer.status !== 200) throw unavailable('sou');
    try {
      return JSON.parse(answer.body);
    } catch (error) {
      throw unavailable('sou', error);
    }
  }

  async function demand<T>(...asked: Parameters<typeof ask>): Promise<T> {
    const told = await ask<T>(...asked);
    if (told === undefined) throw refused('fundraising.payment-refused', { provider: 'sou' });
    return told;
  }

  return {
    describe: async () => info,
    async check(scope, account) {
      const purse = await ask<{ isTest: boolean }>(scope, account, '/purse');
      const fault = (path: string, message: string) => invalid([{ path, message }]);
      if (!purse) throw fault('/token', 'fundraising.payment.key-unknown');
      if (purse.isTest === account.isTest) return;
      const message = account.isTest ? 'key-live' : 'key-test';
      throw fault('/token', `fundraising.payment.${message}`);
    },
    async open(scope, account, order) {
      const told = await demand<Told>(scope, account, '/payments', {
        key: order.key,
        amount: order.amount.minor,
        currency: order.amount.currency,
        text: order.label,
        back: order.returnUrl,
      });
      return { reference: told.id, client: { kind: 'page', url: told.page } };
    },
    async payment(scope, account, reference) {
      const told = await ask<Told>(scope, account, `/payments/${encodeURIComponent(reference)}`);
      return told && stateOf(told);
    },
    async findByKey(scope, account, key) {
      const told = await ask<Told>(scope, account, `/keys/${encodeURIComponent(key)}`);
      return told && stateOf(told);
    },
    async cancel(scope, account, reference) {
      return stateOf(await demand<Told>(scope, account, `/payments/${reference}/end`, {}));
    },
    async refund(scope, account, { payment, key, amount }) {
      const path = `/payments/${payment}/refunds`;
      const told = await demand<Told>(scope, account, path, { key, amount: amount.minor });
      const made = stateOf(told).refunds.find((refund) => refund.key === key);
      if (!made) throw unavailable('sou');
      return made;
    },
    async *payouts(scope, account, since) {
      const path = `/payouts?since=${since.toISOString()}`;
      for (const { id, amount, currency, state, day } of await demand<ToldPayout[]>(
        ...([scope, account, path] as const),
      )) {
        yield { reference: id, amount: { minor: amount, currency }, state, arrivesOn: day };
      }
    },
    async readHook(_scope, _account, { body }) {
      const word = /^(payment|payout)=(\w{8,40})$/.exec(body.toString('utf8'));
      if (!word) return undefined;
      const [id, kind, reference = ''] = word;
      return { id, about: [{ kind: kind === 'payout' ? 'payout' : 'payment', reference }] };
    },
  };
}

function stateOf(told: Told): PaymentState {
  const { currency } = told;
  const amount = (minor: number): Amount => ({ minor, currency });
  return {
    reference: told.id,
    key: told.key,
    state: told.state,
    paid: told.paid === null ? undefined : amount(told.paid),
    fee: told.fee === null ? undefined : amount(told.fee),
    method: told.method ?? undefined,
    refunds: told.refunds.map((refund) => ({
      reference: refund.id,
      key: refund.key ?? undefined,
      amount: amount(refund.amount),
      state: refund.state,
    })),
    disputes: [],
    at: new Date(told.at),
  };
}

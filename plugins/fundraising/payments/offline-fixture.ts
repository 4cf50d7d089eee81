// Gifts by cheque, cash and transfer in the shape of a payment provider, so that they stand the trial of all providers.
import { isAppError, refused, type Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { type Donation, findDonationByKey } from '../donation.sql.ts';
import { arrive, hold, refuse } from '../donation.ts';
import { aroundOf, type Desk, offerOf } from '../fixture.ts';
import type {
  Amount,
  OpenedPayment,
  PaymentOrder,
  PaymentProvider,
  PaymentState,
  RefundState,
} from '../index.ts';
import { writeMoney } from '../money.ts';
import { pledge, record } from '../pledge.ts';
import { findRefundsOf, type Refund } from '../refund.sql.ts';
import { sendBack } from '../refund.ts';
import type { FarSide } from '../testing/index.ts';

/** `promised`: its room under the cap is kept until it comes. `unannounced`: staff enter it on the day it comes, twice. */
export type Way = 'promised' | 'unannounced';

export interface Offline {
  provider: PaymentProvider;
  far: FarSide;
}

/** Its references are keys of donations: the same twice is one. */
export function openOffline({ scope, deps, recipient }: Desk, way: Way): Offline {
  /** On its way, and in no book yet. */
  const papers = new Map<string, PaymentOrder & { isTorn: boolean }>();
  const opened = new Set<string>();
  const around = (key: string) => aroundOf({ source: 'staff', key });
  const offer = (minor: number) => offerOf(scope, { amountMinor: minor, method: 'transfer' });
  const find = (reference: string) => findDonationByKey(scope, recipient.id, reference);
  const demand = async (reference: string): Promise<Donation> => {
    const found = await find(reference);
    if (!found) throw refused('fundraising.payment-refused', { provider: 'offline' });
    return found;
  };
  const know = async (reference: string): Promise<PaymentState | undefined> => {
    const donation = await find(reference);
    if (donation) return stateOf(scope, donation);
    const paper = papers.get(reference);
    return paper && onItsWay(paper.key, paper.isTorn, scope.now());
  };
  const back = async (reference: string, minor: number, key?: string): Promise<RefundState> => {
    const { id, currency } = await demand(reference);
    const order = { donationId: id, amountMinor: minor, why: 'Asked for', byHand: true };
    return refundOf(
      await saidNo(sendBack(scope, deps, { ...order, ...(key && { key }) })),
      currency,
    );
  };

  const provider: PaymentProvider = {
    describe: async () => ({
      ...{ id: 'offline', name: 'By hand', hook: 'ask-back' as const },
      methods: ['transfer', 'cheque', 'cash'],
      settings: { type: 'object', properties: {} },
    }),
    check: async () => undefined,
    async open(_scope, _account, order): Promise<OpenedPayment> {
      opened.add(order.key);
      if (way === 'unannounced') papers.set(order.key, { ...order, isTorn: false });
      else await pledge(scope, deps, recipient, offer(order.amount.minor), around(order.key));
      const url = `https://party.example/admin/fundraising/${recipient.id}/record`;
      return { reference: order.key, client: { kind: 'page', url } };
    },
    payment: (_scope, _account, reference) => know(reference),
    findByKey: (_scope, _account, key) => know(key),
    async cancel(_scope, _account, reference) {
      const paper = papers.get(reference);
      if (paper) paper.isTorn = true;
      const donation = await find(reference);
      if (donation) await refuse(scope, donation.id, 'withdrawn');
      const known = await know(reference);
      if (!known) throw new Error(`there is no ${reference}`);
      return known;
    },
    refund: (_scope, _account, { payment, key, amount }) => back(payment, amount.minor, key),
    // What is taken to the bank is there: nobody pays it out.
    async *payouts() {},
    readHook: async () => undefined,
  };

  const far: FarSide = {
    count: () => opened.size,
    async asks(reference) {
      const { amount } = papers.get(reference) ?? {};
      const donation = await find(reference);
      return writeMoney(amount?.minor ?? donation?.amountMinor ?? 0, recipient.currency);
    },
    async pay(reference, amount) {
      if (way === 'promised') return come(scope, deps, await demand(reference), amount);
      const minor = amount?.minor ?? papers.get(reference)?.amount.minor ?? 0;
      const enter = () => record(scope, deps, recipient, offer(minor), around(reference));
      // The form is sent twice, at once and again.
      await Promise.all([enter(), enter()]);
      await enter();
    },
    refund: async (reference, amount) => (await back(reference, amount.minor)).reference,
  };
  return { provider, far };
}

/** The line of a bank's statement. */
async function come(
  scope: Scope,
  deps: Deps,
  { id, amountMinor }: Donation,
  amount: Amount | undefined,
): Promise<void> {
  const minor = amount?.minor ?? amountMinor;
  if (minor === amountMinor) await arrive(scope, deps, id);
  else await hold(scope, deps, id, 'amount-differs', minor);
}

/** Staff are told beside the field; a provider says no. */
async function saidNo<T>(act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    if (!isAppError(error) || error.code !== 'core.invalid') throw error;
    throw refused('fundraising.payment-refused', { reason: 'invalid' });
  }
}

const states: Record<Donation['state'], PaymentState['state']> = {
  ...{ pledged: 'open', refused: 'failed' },
  ...{ accepted: 'succeeded', held: 'succeeded', refunded: 'succeeded' },
};

async function stateOf(scope: Scope, donation: Donation): Promise<PaymentState> {
  const { key, currency, amountMinor, method } = donation;
  const state = states[donation.state];
  const refunds = await findRefundsOf(scope, donation.id);
  return {
    ...onItsWay(key, state === 'failed', donation.createdAt),
    ...{ state, method },
    paid: state === 'succeeded' ? { minor: amountMinor, currency } : undefined,
    refunds: refunds.map((one) => refundOf(one, currency)),
  };
}

function onItsWay(key: string, isTorn: boolean, at: Date): PaymentState {
  const state = isTorn ? 'failed' : 'open';
  const nothing = { paid: undefined, fee: undefined, method: undefined };
  return { reference: key, key, state, ...nothing, refunds: [], disputes: [], at };
}

function refundOf({ id, key, amountMinor, state }: Refund, currency: string): RefundState {
  const amount = { minor: amountMinor, currency };
  return { reference: id, key, amount, state: state === 'succeeded' ? 'succeeded' : 'pending' };
}

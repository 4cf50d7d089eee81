// What Stripe on loopback keeps: its objects by id, each with its prefix, and what moved on the account's balance.
import { randomBytes } from 'node:crypto';
import { missing } from './stripe-peer-form.ts';

export interface Thing {
  id: string;
  object: string;
  created: number;
  [name: string]: unknown;
}

export interface Shelf {
  /** In whole seconds, as all its times. */
  seconds(): number;
  add(prefix: string, object: string, values: object): Thing;
  all(object: string): Thing[];
  /** Throws as Stripe answers for what is not there. */
  get(id: string, object: string): Thing;
  find(id: unknown): Thing | undefined;
  /** Something came or went on the balance; answers the transaction's id. */
  move(amount: number, fee: number, currency: unknown, type: string): string;
  chargeOf(intentId: string): Thing;
  flags: { hidesFees: boolean; lagsSearch: boolean };
  /** Ids that the search does not find yet. */
  unsearchable: Set<string>;
}

export function makeShelf(now: () => Date): Shelf {
  const things = new Map<string, Thing>();
  const seconds = () => Math.floor(now().getTime() / 1000);
  function add(prefix: string, object: string, values: object): Thing {
    const id = `${prefix}${things.size + 1}${randomBytes(8).toString('hex')}`;
    const thing: Thing = { id, object, created: seconds(), livemode: false, ...values };
    things.set(id, thing);
    return thing;
  }
  function get(id: string, object: string): Thing {
    const found = things.get(id);
    if (found?.object !== object) throw missing(object, id);
    return found;
  }
  return {
    seconds,
    add,
    get,
    all: (object) => [...things.values()].filter((one) => one.object === object),
    find: (id) => things.get(String(id)),
    move(amount, fee, currency, type) {
      const values = { amount, fee, net: amount - fee, currency, type, status: 'available' };
      return add('txn_', 'balance_transaction', values).id;
    },
    chargeOf: (intentId) => get(String(get(intentId, 'payment_intent').latest_charge), 'charge'),
    flags: { hidesFees: false, lagsSearch: false },
    unsearchable: new Set(),
  };
}

import test from 'ava';
import { extensionPoint, makeContainer, type Party, type Service, token } from './container.ts';
import { isAppError, refused } from './errors.ts';
import type { Scope } from './scope.ts';

interface Greeter {
  greet(scope: Scope, name: string): Promise<string>;
  count(scope: Scope): AsyncIterable<number>;
}
const Greeter = token<Greeter>('owner.Greeter');
interface Gateway {
  send(scope: Scope): Promise<string>;
}
const Gateway = extensionPoint<Gateway>('owner.Gateway');

const scope = {} as Scope;
const party = (id: string, requires: string[] = [], enhances: string[] = []): Party => ({
  id,
  requires,
  enhances,
});
class Hello implements Service<Greeter> {
  #word = 'Hello';
  async greet(_scope: Scope, name: string) {
    return `${this.#word} ${name}`;
  }
  async *count() {
    yield 1;
    yield 2;
  }
}

function makeHouse(off = new Set<string>()) {
  return makeContainer(
    (binder) => {
      if (off.has(binder)) throw refused('core.plugin-off', { plugin: binder });
    },
    (binder) => !off.has(binder),
  );
}

test('a bound service keeps its private state through the wall', async (t) => {
  const house = makeHouse();
  house.bindFor(party('owner'))(Greeter, () => new Hello());
  const get = house.getFor(party('guest', ['owner']));
  t.is(await get(Greeter).greet(scope, 'Ada'), 'Hello Ada');
  const counted: number[] = [];
  for await (const n of get(Greeter).count(scope)) counted.push(n);
  t.deepEqual(counted, [1, 2]);
});

test('a plugin reaches only what stands in its requires', (t) => {
  const house = makeHouse();
  house.bindFor(party('owner'))(Greeter, () => new Hello());
  t.throws(() => house.getFor(party('guest'))(Greeter), {
    message: /does not stand in its requires/,
  });
});

test('a call to a plugin that is off is a rejection, awaited or iterated', async (t) => {
  const off = new Set<string>();
  const house = makeHouse(off);
  house.bindFor(party('owner'))(Greeter, () => new Hello());
  const greeter = house.getFor(party('guest', ['owner']))(Greeter);
  off.add('owner');
  t.true(isAppError(await t.throwsAsync(greeter.greet(scope, 'Ada'))));
  await t.throwsAsync(async () => {
    for await (const _ of greeter.count(scope)) t.fail();
  });
});

test('the gate is asked for who binds, not for who owns the name', async (t) => {
  const off = new Set<string>();
  const house = makeHouse(off);
  house.bindFor(party('first', ['owner']))(Gateway, () => ({ send: async () => 'first' }));
  house.bindFor(party('second', ['owner']))(Gateway, () => ({ send: async () => 'second' }));
  const gateways = house.getFor(party('owner')).many(Gateway);
  t.deepEqual(
    gateways(scope).map((offer) => offer.plugin),
    ['first', 'second'],
  );
  const [first] = gateways(scope);
  off.add('first');
  t.deepEqual(
    gateways(scope).map((offer) => offer.plugin),
    ['second'],
  );
  await t.throwsAsync(first?.service.send(scope) ?? Promise.resolve());
});

test('a token is bound once and by its owner, an extension point by those who require its owner', (t) => {
  const house = makeHouse();
  house.bindFor(party('owner'))(Greeter, () => new Hello());
  t.throws(() => house.bindFor(party('owner'))(Greeter, () => new Hello()), {
    message: /bound twice/,
  });
  t.throws(() => house.bindFor(party('guest', ['owner']))(Greeter, () => new Hello()), {
    message: /may not bind/,
  });
  t.throws(() => house.bindFor(party('guest'))(Gateway, () => ({ send: async () => '' })), {
    message: /not in its requires/,
  });
});

test('of a plugin that is not loaded, an enhancer gets undefined', (t) => {
  const house = makeHouse();
  t.is(house.getFor(party('guest', [], ['owner'])).optional(Greeter), undefined);
});

test('the core’s services are made for the plugin that asks', async (t) => {
  interface Name {
    own(scope: Scope): Promise<string>;
  }
  const Name = token<Name>('core.Name');
  const house = makeHouse();
  house.offer(Name, (plugin) => ({ own: async () => plugin }));
  t.is(await house.getFor(party('guest'))(Name).own(scope), 'guest');
});

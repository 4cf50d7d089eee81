// The trial of providers is itself tried: each promise that is broken on purpose is told.
import test from 'ava';
import { Fetch } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { startSou } from '../example/fixture.ts';
import { makeSou } from '../example/provider.ts';
import type { PaymentProvider } from '../index.ts';
import { providerFaults } from './index.ts';

let app: App;
const ends: (() => unknown)[] = [];
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});
const laterEnds = { teardown: (end: () => unknown) => void ends.push(end) };
let sou: Awaited<ReturnType<typeof startSou>>;
test.before(async () => {
  sou = await startSou(laterEnds, () => new Date('2026-11-24T10:00:00Z'));
  const plugins = [`${import.meta.dirname}/../example`];
  app = await makeApp(laterEnds, { plugins, allowPrivate: [sou.host] });
});

type Break = (good: PaymentProvider) => Partial<PaymentProvider>;
let count = 0;

const broken = test.macro<[Break, RegExp]>(async (t, breakIt, told) => {
  const good = makeSou(app.get('sou')(Fetch));
  const faults = await providerFaults({
    ...{ scope: app.scope(), account: sou.account, far: sou, wrongAccounts: [] },
    provider: { ...good, ...breakIt(good) },
    currencies: ['EUR'],
  });
  t.true(
    faults.some((fault) => told.test(fault)),
    faults.join('\n'),
  );
});

test.serial(
  'a provider that forgets the key',
  broken,
  ({ open }) => ({
    open: (scope, account, order) =>
      open(scope, account, { ...order, key: `${order.key}-${(count += 1)}` }),
  }),
  /one key: opened twice it is two payments/,
);

test.serial(
  'a provider that counts in euros',
  broken,
  ({ open }) => ({
    open: (scope, account, order) =>
      open(scope, account, {
        ...order,
        amount: { ...order.amount, minor: order.amount.minor * 100 },
      }),
  }),
  /an amount: 5\.00 EUR is asked as 500\.00/,
);

test.serial(
  'a provider that refunds as often as it is told',
  broken,
  ({ refund }) => ({
    refund: (scope, account, order) =>
      refund(scope, account, { ...order, key: `${order.key}-${(count += 1)}` }),
  }),
  /a refund: asked for twice it is two/,
);

test.serial(
  'a provider that tells what was ordered instead of what was paid',
  broken,
  ({ payment }) => ({
    async payment(scope, account, reference) {
      const known = await payment(scope, account, reference);
      return known?.paid && { ...known, paid: { minor: 1234, currency: 'EUR' } };
    },
  }),
  /otherwise than ordered: of 777 that were taken it tells 1234/,
);

test.serial(
  'a provider that takes silence for a no',
  broken,
  ({ payment }) => ({
    payment: (scope, account, reference) =>
      payment(scope, account, reference).catch(() => undefined),
  }),
  /a far side that is down: payment ends in undefined, not in unavailable/,
);

test.serial(
  'a provider that says that its calls are proven, and believes them all',
  broken,
  ({ describe }) => ({
    describe: async (scope) => ({ ...(await describe(scope)), hook: 'signed' as const }),
  }),
  /a call that is forged: one without a signature is believed/,
);

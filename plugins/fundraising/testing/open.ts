// An account is looked at, a payment is opened, found again and ended.
import { type Check, endOf, isSame, printed, said } from './trial.ts';

export const openChecks: Check[] = [
  {
    name: 'what it says of itself',
    async run({ provider, scope, hold }) {
      const { id, name, methods, settings } = await provider.describe(scope);
      const fields = Object.values(
        (settings.properties ?? {}) as Record<string, { type?: string }>,
      );
      hold(/^[a-z][a-z0-9-]{1,39}$/.test(id), `its id "${id}" is no lower-case word`);
      hold(name.length > 0, 'it has no name');
      hold(methods.length > 0, 'it takes no method');
      hold(settings.type === 'object', 'its settings are no object');
      hold(
        fields.every(({ type }) => type === 'string'),
        'a setting is no text',
      );
    },
  },
  {
    name: 'an account that is filled in',
    async run({ provider, scope, account, wrongAccounts, hold }) {
      const end = await endOf(provider.check(scope, account));
      hold(end === undefined, `one that works is refused with ${end}`);
      for (const [at, wrong] of wrongAccounts.entries()) {
        const no = await endOf(provider.check(scope, wrong));
        hold(no === said.wrong, `the wrong one number ${at + 1} ends in ${no}, not in invalid`);
      }
    },
  },
  {
    name: 'an amount',
    async run({ open, far, hold, currencies = ['EUR', 'JPY'] }) {
      for (const currency of currencies) {
        for (const minor of [500, 1234]) {
          const amount = { minor, currency };
          const asked = await far.asks(await open({ amount }));
          const isSo = Number(asked) === Number(printed(amount));
          hold(isSo, `${printed(amount)} ${currency} is asked as ${asked}`);
        }
      }
    },
  },
  {
    name: 'one key',
    async run({ provider, scope, account, far, order, hold }) {
      const same = order();
      const before = await far.count();
      const [one, other] = await Promise.all([
        provider.open(scope, account, same),
        provider.open(scope, account, same),
      ]);
      const third = await provider.open(scope, account, same);
      const references = new Set([one, other, third].map(({ reference }) => reference));
      hold(references.size === 1, 'opened twice it is two payments');
      hold((await far.count()) === before + 1, 'the far side has another payment of it');
      const found = await provider.findByKey(scope, account, same.key);
      hold(found?.reference === one.reference, 'it is not found by its key');
    },
  },
  {
    name: 'one that is open',
    async run({ provider, scope, account, order, state, hold }) {
      const mine = order();
      const { reference, client } = await provider.open(scope, account, mine);
      const known = await state(reference);
      hold(known.state === 'open', `it is ${known.state}`);
      hold(known.reference === reference, 'it answers with another reference');
      hold([undefined, mine.key].includes(known.key), 'it answers with another key');
      hold(known.paid === undefined, 'something is paid already');
      const pays = client.kind === 'element' ? Object.keys(client.values) : [client.url];
      const isDrawn = client.kind !== 'element' || client.view !== '';
      hold(isDrawn && pays.length > 0 && !pays.includes(''), 'the donor is told nowhere to pay');
    },
  },
  {
    name: 'one that is not there',
    async run({ provider, scope, account, order, open, hold }) {
      const reference = await open();
      const none = await provider.payment(scope, account, `${reference}0`);
      hold(none === undefined, 'a reference that nobody gave is answered');
      const unheard = await provider.findByKey(scope, account, order().key);
      hold(unheard === undefined, 'a key that nobody gave is answered');
    },
  },
  {
    name: 'one that is cancelled',
    async run({ provider, scope, account, open, paid, state, hold }) {
      const reference = await open();
      const ended = await provider.cancel(scope, account, reference);
      hold(ended.state === 'failed', `it is ${ended.state}`);
      const again = await provider.cancel(scope, account, reference);
      hold(again.state === 'failed', `the second time it is ${again.state}`);
      hold((await state(reference)).state === 'failed', 'asked after that, it is not failed');
      const late = await provider.cancel(scope, account, await paid());
      hold(late.state === 'succeeded', `when it is paid already it is ${late.state}`);
      hold(isSame(late.paid, { minor: 1234, currency: 'EUR' }), 'what was paid is not told');
    },
  },
  {
    name: 'an order that is refused',
    async run({ provider, scope, account, order, refusedAmount, hold }) {
      if (!refusedAmount) return;
      const end = await endOf(provider.open(scope, account, order({ amount: refusedAmount })));
      hold(end === said.no, `it ends in ${end}, not in ${said.no}`);
    },
  },
];

// What is paid, sent back, taken back and paid out, to the last cent.
import type { PayoutState } from '../index.ts';
import { type Check, endOf, isSame, said } from './trial.ts';

const euros = (minor: number) => ({ minor, currency: 'EUR' });
const hour = 3600_000;

export const moneyChecks: Check[] = [
  {
    name: 'one that is paid',
    async run({ provider, scope, paid, state, hold, currencies = ['EUR', 'JPY'] }) {
      for (const currency of currencies) {
        const amount = { minor: 1234, currency };
        const known = await state(await paid(amount));
        hold(known.state === 'succeeded', `it is ${known.state}`);
        hold(isSame(known.paid, amount), `of 1234 ${currency} it tells ${known.paid?.minor}`);
        const { fee } = known;
        hold(!fee || (Number.isInteger(fee.minor) && fee.minor >= 0), 'the fee is no amount');
        const { methods } = await provider.describe(scope);
        hold(!known.method || methods.includes(known.method), 'the method is none of its own');
        hold(!Number.isNaN(known.at.getTime()), 'it is not told when');
      }
    },
  },
  {
    name: 'one that is paid otherwise than ordered',
    async run({ open, far, state, hold }) {
      const reference = await open();
      await far.pay(reference, euros(777));
      const { paid } = await state(reference);
      hold(isSame(paid, euros(777)), `of 777 that were taken it tells ${paid?.minor}`);
    },
  },
  {
    name: 'a refund',
    async run({ provider, scope, account, paid, state, hold }) {
      const payment = await paid();
      const ask = (key: string, minor: number) =>
        provider.refund(scope, account, {
          payment,
          key: `${key}-${payment}`,
          amount: euros(minor),
        });
      const first = await ask('one', 200);
      const again = await ask('one', 200);
      hold(again.reference === first.reference, 'asked for twice it is two');
      hold(isSame(first.amount, euros(200)), `of 200 it tells ${first.amount.minor}`);
      hold(first.state !== 'failed', 'it fails');
      hold((await endOf(ask('much', 1035))) === said.no, 'more than the rest is sent back');
      await ask('two', 1034);
      const { refunds } = await state(payment);
      const sum = refunds.reduce((all, { amount }) => all + amount.minor, 0);
      hold(refunds.length === 2 && sum === 1234, `${refunds.length} are told, of ${sum} in all`);
      hold(
        refunds.some(({ key }) => key === undefined || key === `one-${payment}`),
        'their keys are not those of the orders',
      );
      hold((await endOf(ask('more', 1))) === said.no, 'more than was paid is sent back');
    },
  },
  {
    name: 'a refund of what is not paid',
    async run({ provider, scope, account, open, hold }) {
      const payment = await open();
      const order = { payment, key: `early-${payment}`, amount: euros(100) };
      const end = await endOf(provider.refund(scope, account, order));
      hold(end === said.no, `it ends in ${end}, not in ${said.no}`);
    },
  },
  {
    name: 'a refund at the provider’s own desk',
    async run({ paid, far, state, hold }) {
      const reference = await paid();
      const refund = await far.refund(reference, euros(34));
      const { refunds } = await state(reference);
      const [known] = refunds;
      hold(refunds.length === 1 && known?.reference === refund, 'it is not told');
      hold(isSame(known?.amount, euros(34)), `of 34 it tells ${known?.amount.minor}`);
    },
  },
  {
    name: 'a dispute',
    async run({ paid, far, state, hold }) {
      if (!far.dispute || !far.endDispute) return;
      for (const how of ['won', 'lost'] as const) {
        const reference = await paid();
        const dispute = far.dispute(reference, euros(1234));
        const [open] = (await state(reference)).disputes;
        hold(
          open?.reference === dispute && open.state === 'open',
          'it is not told while it is open',
        );
        hold(isSame(open?.amount, euros(1234)), `of 1234 it tells ${open?.amount.minor}`);
        far.endDispute(dispute, how);
        const [ended] = (await state(reference)).disputes;
        hold(ended?.state === how, `one that is ${how} is told as ${ended?.state}`);
      }
    },
  },
  {
    name: 'a payout',
    async run({ provider, scope, account, far, hold }) {
      if (!far.payOut || !far.endPayout) return;
      const since = new Date(scope.now().getTime() - hour);
      const list = async () => {
        const found: PayoutState[] = [];
        for await (const one of provider.payouts(scope, account, since)) found.push(one);
        return found;
      };
      const mine = [far.payOut(euros(1000)), far.payOut(euros(2345))];
      const told = (await list()).filter(({ reference }) => mine.includes(reference));
      hold(told.map(({ reference }) => reference).join() === mine.join(), 'not all, oldest first');
      hold(isSame(told[1]?.amount, euros(2345)), `of 2345 it tells ${told[1]?.amount.minor}`);
      hold(told[0]?.state === 'pending', `before it arrives it is ${told[0]?.state}`);
      hold(/^\d{4}-\d\d-\d\d$/.test(told[0]?.arrivesOn ?? ''), 'the day is not told');
      far.endPayout(mine[0] ?? '', 'paid');
      far.endPayout(mine[1] ?? '', 'failed');
      const states = (await list())
        .filter(({ reference }) => mine.includes(reference))
        .map(({ state }) => state);
      hold(states.join() === 'paid,failed', `paid and failed are told as ${states.join()}`);
    },
  },
];

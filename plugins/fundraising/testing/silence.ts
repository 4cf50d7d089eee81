// A far side that does not answer as it should: nobody knows then what happened, until it is asked.
import type { Mood } from './index.ts';
import { type Check, endOf, said } from './trial.ts';

const moods: Exclude<Mood, 'well'>[] = ['down', 'silent', 'broken', 'garbled'];

export const silenceChecks: Check[] = [
  ...moods.map(
    (mood): Check => ({
      name: `a far side that is ${mood}`,
      async run({ provider, scope, account, far, order, open, paid, hold }) {
        if (!far.become) return;
        const [waiting, taken] = [await open(), await paid()];
        const mine = order();
        const refund = {
          payment: taken,
          key: `refund-${mine.key}`,
          amount: { minor: 100, currency: 'EUR' },
        };
        const before = await far.count();
        const acts: Record<string, () => Promise<unknown>> = {
          open: () => provider.open(scope, account, mine),
          payment: () => provider.payment(scope, account, waiting),
          findByKey: () => provider.findByKey(scope, account, mine.key),
          cancel: () => provider.cancel(scope, account, waiting),
          refund: () => provider.refund(scope, account, refund),
        };
        far.become(mood);
        await Promise.all(
          Object.entries(acts).map(async ([name, act]) => {
            const end = await endOf(act());
            hold(end === said.away, `${name} ends in ${end}, not in unavailable`);
          }),
        );
        far.become('well');
        const did = (await far.count()) - before;
        const found = await provider.findByKey(scope, account, mine.key);
        hold((found !== undefined) === (did === 1), 'what it did cannot be found by the key');
        const opened = await provider.open(scope, account, mine);
        const made = (await far.count()) - before;
        hold(made === 1, `opened again it is ${made} payments`);
        hold(!found || found.reference === opened.reference, 'opened again it is another');
        await provider.refund(scope, account, refund);
        const known = await provider.payment(scope, account, taken);
        const sum = known?.refunds.reduce((all, { amount }) => all + amount.minor, 0);
        hold(sum === 100, `a refund that is asked for again sends back ${sum}, not 100`);
      },
    }),
  ),
];

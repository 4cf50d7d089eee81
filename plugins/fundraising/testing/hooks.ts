// Calls from outside: they say that something happened, never what; strangers call too.
import type { HookCall } from './index.ts';
import type { Check } from './trial.ts';

const minute = 60_000;

export const hookChecks: Check[] = [
  {
    name: 'a call',
    async run({ provider, scope, account, far, paid, hold }) {
      if (!far.call) return;
      const reference = await paid();
      const at = scope.now();
      const call = far.call({ kind: 'payment', reference }, at);
      const read = () => provider.readHook(scope, account, call);
      const [first, again] = [await read(), await read()];
      hold(
        first?.about.some((one) => one.reference === reference) === true,
        'it is not understood',
      );
      hold(first?.about.every(({ kind }) => kind === 'payment') === true, 'it is not of a payment');
      hold(again?.id === first?.id, 'the same again has another id');
      const later = far.call({ kind: 'payment', reference }, at);
      hold((await provider.readHook(scope, account, later)) !== undefined, 'a second is not heard');
      if (!far.payOut) return;
      const payout = far.payOut({ minor: 500, currency: 'EUR' });
      const news = await provider.readHook(
        scope,
        account,
        far.call({ kind: 'payout', reference: payout }, at),
      );
      hold(news?.about[0]?.kind === 'payout', 'one of a payout is not understood');
    },
  },
  {
    name: 'a call that is forged',
    async run({ provider, scope, account, far, paid, hold }) {
      const { hook } = await provider.describe(scope);
      const { call: tell } = far;
      if (hook !== 'signed' || !tell) return;
      const reference = await paid();
      const now = scope.now();
      const call = tell({ kind: 'payment', reference }, now);
      const other = tell({ kind: 'payment', reference: await paid() }, now);
      const ago = (minutes: number) =>
        tell({ kind: 'payment', reference }, new Date(now.getTime() - minutes * minute));
      const forged: Record<string, HookCall> = {
        'whose text was changed': { ...call, body: Buffer.concat([call.body, Buffer.from(' ')]) },
        'with the signature of another': { headers: other.headers, body: call.body },
        'without a signature': { headers: {}, body: call.body },
        'that was sent an hour ago': ago(60),
        'that was sent a week ago': ago(7 * 24 * 60),
      };
      for (const [name, one] of Object.entries(forged)) {
        const news = await provider.readHook(scope, account, one);
        hold(news === undefined, `one ${name} is believed`);
      }
      const settings = Object.fromEntries(
        Object.entries(account.settings).map(([key, value]) => [key, `${value}x`]),
      );
      const news = await provider.readHook(scope, { ...account, settings }, call);
      hold(news === undefined, 'one of another account is believed');
    },
  },
  {
    name: 'a call that makes no sense',
    async run({ provider, scope, account, far, paid, hold }) {
      if (!far.call) return;
      const { headers } = far.call({ kind: 'payment', reference: await paid() }, scope.now());
      const bodies = ['', '{', 'null', '[]', '{"data":null}', '\u0000\uffff', 'a=1&b', '1e999'];
      for (const body of bodies) {
        for (const head of [{}, headers]) {
          const call = { headers: head, body: Buffer.from(body) };
          const read = provider.readHook(scope, account, call);
          const news = await read.catch((error) => `it throws ${error}`);
          hold(news === undefined, `of ${JSON.stringify(body)} it makes ${JSON.stringify(news)}`);
        }
      }
    },
  },
];

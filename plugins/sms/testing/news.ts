// What a far side tells: receipts and messages, by a call or over the session; strangers call too.
import type { News, SmsCall } from '../index.ts';
import type { Told } from './index.ts';
import { type Check, type Trial, until } from './trial.ts';

const hostile = '<script>alert(1)</script>\u202e \'"; drop table x; --';

export const newsChecks: Check[] = [
  {
    name: 'a receipt',
    async run(trial) {
      const { line, hand, hold } = trial;
      const open = await line();
      for (const state of ['delivered', 'failed'] as const) {
        const { reference = '' } = await hand(open);
        for (const time of ['first', 'second']) {
          const [news, more] = await heard(trial, { kind: 'receipt', reference, state });
          hold(more === undefined, `the ${time} time it is told as several`);
          const isSo = news?.kind === 'receipt' && news.state === state;
          hold(isSo, `${state}, told the ${time} time, is heard as ${JSON.stringify(news)}`);
          hold(news?.reference === reference, 'it is of another message');
        }
      }
    },
  },
  {
    name: 'a message that comes',
    async run(trial) {
      await trial.line();
      for (const text of ['Oui, merci', 'Merci à vous €', 'Ja 🌹', hostile, 'x'.repeat(300)]) {
        const way = { from: '+33698765432', to: '+33700000001' };
        const [news, more] = await heard(trial, { kind: 'inbound', ...way, text });
        trial.hold(more === undefined, 'one is heard as several');
        const isSo = news?.kind === 'inbound' && news.text === text && news.from === way.from;
        trial.hold(isSo, `${JSON.stringify(text)} is heard as ${JSON.stringify(news)}`);
        trial.hold(news?.kind === 'inbound' && news.to === way.to, 'it was to another');
      }
    },
  },
  {
    name: 'a call that is forged',
    async run({ gateway, scope, account, far, hold }) {
      const { news } = await gateway.describe(scope);
      if (news !== 'signed') return;
      const way = { from: '+33698765432', to: '+33700000001' };
      const call = await far.tell({ kind: 'inbound', ...way, text: 'Oui, merci' });
      const other = await far.tell({ kind: 'inbound', ...way, text: 'Oui' });
      if (!call || !other) return hold(false, 'its far side makes no call');
      const forged: Record<string, SmsCall> = {
        'whose text was changed': { ...call, body: Buffer.concat([call.body, Buffer.from('x')]) },
        'with the signature of another': { ...call, headers: other.headers },
        'without a signature': { ...call, headers: {} },
        'to another address': { ...call, url: `${call.url}x` },
      };
      for (const [name, one] of Object.entries(forged)) {
        hold(!(await gateway.hear(scope, account, one)), `one ${name} is believed`);
      }
      const settings = Object.fromEntries(
        Object.entries(account.settings).map(([key, value]) => [key, `${value}x`]),
      );
      const stranger = await gateway.hear(scope, { ...account, settings }, call);
      hold(!stranger, 'one of another account is believed');
    },
  },
  {
    name: 'a call that makes no sense',
    async run({ gateway, scope, account, hold }) {
      const bodies = ['', '{', 'null', '[]', '\u0000\uffff', 'a=1&b', '%%%', '{"id":{}}'];
      for (const body of bodies) {
        for (const method of ['POST', 'GET'] as const) {
          const call = { method, url: account.hookUrl, headers: {}, body: Buffer.from(body) };
          const end = await gateway
            .hear(scope, account, call)
            .catch((error) => `it throws ${error}`);
          const isNothing = end === undefined || (typeof end === 'object' && end.news.length === 0);
          hold(isNothing, `of ${JSON.stringify(body)} it makes ${JSON.stringify(end)}`);
        }
      }
    },
  },
];

async function heard({ gateway, scope, account, far, told }: Trial, what: Told): Promise<News[]> {
  const before = told.length;
  const call = await far.tell(what);
  if (call) return (await gateway.hear(scope, account, call))?.news ?? [];
  await until(() => told.length > before);
  return told.slice(before);
}

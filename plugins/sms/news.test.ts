// What is told of messages: in whatever order, however often; and calls of strangers.
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findOwnAccount } from './gateway-account.sql.ts';
import { accountInUse, hookPathOf, saveAccount } from './gateway-account.ts';
import { startSmsc } from './gateways/smsc.ts';
import type { Receipt } from './index.ts';
import { openLine } from './line.ts';
import { saveOutgoing } from './message.sql.ts';
import { handle, settleReceipts } from './news.ts';

const given = (port: number) => ({
  ...{ gateway: 'smpp', sender: '+33700000001', priceMilli: 4_500, currency: 'EUR' },
  settings: { host: '127.0.0.1', port, tls: 'no', systemId: 'parti', password: 'secret' },
});

async function counter(t: Parameters<typeof makeApp>[0]) {
  const far = await startSmsc(t);
  const app: App = await makeApp(t, { allowPrivate: [far.host], jurisdiction: 'fr' });
  const scope = app.scope();
  const deps = depsOf(app.get('sms'));
  await saveAccount(scope, deps, given(far.port));
  const row = await findOwnAccount(scope);
  if (!row) throw new Error('there is no account');
  const messages = async () =>
    (await scope.db.raw('select * from sms.message order by id')).rows as Record<string, unknown>[];
  return { far, app, scope, deps, row, messages };
}

const message = { from: '+33700000001', to: '+33612345678', text: 'Bonjour', parts: 1 };
const sms = (key: string) => ({ ...message, key, encoding: 'gsm7' as const });
const outgoing = (key: string, reference: string) => ({
  ...{
    key,
    number: message.to,
    sender: message.from,
    text: message.text,
    parts: 1,
    costMilli: 4_500,
  },
  ...{ currency: 'EUR', handed: { state: 'accepted' as const, reference, answer: 'ok' } },
});

test('keys are closed in the database, and shown to nobody', async (t) => {
  const { app, scope } = await counter(t);
  const { rows } = await app.house.database.db.raw('select * from sms.account');
  t.is(rows.length, 1);
  t.notRegex(JSON.stringify(rows), /"secret"|:secret/);
  t.false('password' in ((await accountInUse(scope))?.publicSettings ?? {}));
  const audit = await app.house.database.db.raw(
    `select * from core.audit where act = 'sms.account.saved'`,
  );
  t.is(audit.rows.length, 1);
});

test('a message over the line is kept with its price, and its receipt finds it', async (t) => {
  const { far, scope, deps, row, messages } = await counter(t);
  far.receipts = true;
  const line = await openLine(scope, deps, row);
  const key = '0b0e9a3e-6f1c-4a63-9a8c-5d1a1f0c0001';
  const handed = await line.hand(sms(key), AbortSignal.timeout(5_000));
  t.is(handed.state, 'accepted');
  await line.close();
  for (let turn = 0; turn < 3_000 && (await messages())[0]?.['state'] !== 'delivered'; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [kept, more] = await messages();
  t.is(more, undefined);
  t.is(kept?.['state'], 'delivered');
  t.is(Number(kept?.['cost_milli']), 4_500);
  t.is((await scope.db.raw('select * from sms.receipt')).rows.length, 0);
});

test('receipts are right before their message, twice, late and in any order', async (t) => {
  const { scope, deps, row, messages } = await counter(t);
  const at = scope.now();
  const told = (state: Receipt['state']): Receipt => ({
    ...{ kind: 'receipt', reference: 'early', state, answer: state, at },
  });
  await handle(scope, deps, row, [told('unknown')]);
  await handle(scope, deps, row, [told('failed')]);
  t.is((await messages()).length, 0);
  await saveOutgoing(scope, row.id, [outgoing('0b0e9a3e-6f1c-4a63-9a8c-5d1a1f0c0002', 'early')]);
  await settleReceipts(scope, deps, row.id, ['early']);
  t.is((await messages())[0]?.['state'], 'failed');
  await handle(scope, deps, row, [told('failed'), told('failed')]);
  await handle(scope, deps, row, [told('delivered')]);
  t.is((await messages())[0]?.['state'], 'delivered');
  await handle(scope, deps, row, [told('failed'), told('unknown')]);
  t.is((await messages())[0]?.['state'], 'delivered');
  t.is((await scope.db.raw('select * from sms.receipt')).rows.length, 0);
});

test('a gateway that gives one id twice loses no message: the first has it', async (t) => {
  const { scope, row, messages } = await counter(t);
  const [one, two, three] = ['1', '2', '3'].map((at) => `0b0e9a3e-6f1c-4a63-9a8c-5d1a1f0c000${at}`);
  await saveOutgoing(scope, row.id, [outgoing(one ?? '', 'same'), outgoing(two ?? '', 'same')]);
  await saveOutgoing(scope, row.id, [outgoing(three ?? '', 'same')]);
  t.deepEqual(
    (await messages()).map(({ key, reference }) => [key, reference]),
    [
      [one, 'same'],
      [two, null],
      [three, null],
    ],
  );
});

test('a message that comes twice under one id is kept once, and as text whatever it holds', async (t) => {
  const { scope, deps, row, messages } = await counter(t);
  const text = `<b>\0\u202e${'x'.repeat(12_000)}`;
  const inbound = { kind: 'inbound', from: '+33698765432', to: '+33700000001', text } as const;
  const one = { ...inbound, at: scope.now(), reference: 'mo-1' };
  await handle(scope, deps, row, [one, one]);
  await handle(scope, deps, row, [one]);
  const kept = (await messages()).filter(({ direction }) => direction === 'inbound');
  t.is(kept.length, 1);
  t.is(String(kept[0]?.['text']).length, 10_000);
  t.not(kept[0]?.['heard_at'], null);
});

test('a call at an address that nobody was given is not found', async (t) => {
  const { app, row } = await counter(t);
  const post = (path: string) => fetch(`${app.url}${path}`, { method: 'POST', body: 'x=1' });
  t.is((await post(`/hooks/sms/smpp/${'0'.repeat(64)}`)).status, 404);
  t.is((await post(hookPathOf(row))).status, 400);
});

// Chapters send through the party's account until they have their own: what comes back is each one's, and nobody else's.
import test, { type ExecutionContext } from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { sisterFaults } from 'rostra/testing';
import { keysOf, numberOf, scene } from './fixture.ts';
import * as accounts from './gateway-account.sql.ts';
import { closeAccount, saveAccount } from './gateway-account.ts';
import type { Receipt } from './index.ts';
import * as messages from './message.sql.ts';
import { handle } from './news.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { reserveSlots } from './pace.sql.ts';
import { findByShort } from './short.sql.ts';
import { findThreads } from './thread.sql.ts';

/** A chapter without an account, with a reader who agreed to its texts, and its sister. */
async function chapters(t: ExecutionContext) {
  const s = await scene(t, { count: 0 });
  const [lyonId, lilleId] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
  const [lyon, lille] = [s.app.scope(lyonId), s.app.scope(lilleId)];
  const made = await lyon.db.raw(
    `insert into people.newsletter (organization_id, key, name, description, created_at)
     values (:lyonId, 'lettre', 'La lettre de Lyon', '', :now) returning id`,
    { lyonId, now: lyon.now() },
  );
  const get = s.app.get('outreach');
  const person = { emailAddress: 'lea@example.org', phoneNumber: numberOf(5) };
  const { id: readerId } = await get(People).upsert(lyon, { ...person, source: 'website.sign-up' });
  await get(Newsletters).subscribe(lyon, readerId, made.rows[0].id);
  await get(Consents).give(lyon, {
    ...{ personId: readerId, channel: 'sms', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
    ...{ source: 'website.sign-up', evidence: { form: '1' } },
  });
  const staff = await s.app.staff('administrator', lyonId);
  const newsletterId: string = made.rows[0].id;
  const send = async () => {
    const id = await s.deps.outreach.create(lyon, {
      ...{ channel: 'sms', name: 'essai', newsletterId, content: { text: 'Rendez-vous à Lyon.' } },
    });
    const release = { version: '1', when: 'now' };
    const answer = await staff.post(`/admin/@lyon/outreach/${id}/release`, release);
    t.is(answer.status, 303, answer.body.slice(0, 2_000));
    await s.app.drain();
    return id;
  };
  return { ...s, lyonId, lilleId, lyon, lille, readerId, staff, send };
}

test.serial('a chapter sends through the party’s account, and says whose it is', async (t) => {
  const s = await chapters(t);
  t.is((await accounts.findAccountInUse(s.lyon))?.id, s.account.id);
  t.is(await accounts.findOwnAccount(s.lyon), undefined);
  const page = await s.staff.get('/admin/@lyon/sms/gateway');
  t.regex(page.body, /You send through the account of Parti de l/);
  t.notRegex(page.body, /End this account/);
  t.regex((await s.staff.get('/admin/@lyon/sms/new')).body, /through the account of Parti de l/);
  await s.send();
  t.deepEqual(
    s.taken.map(({ from, to }) => [from, to]),
    [['+33612000000', numberOf(5)]],
  );
  const { rows } = await s.scope.db.raw(
    'select organization_id, account_id, cost_milli from sms.message',
  );
  t.deepEqual(rows, [{ organization_id: s.lyonId, account_id: s.account.id, cost_milli: '4500' }]);
  const keys = { gateway: 'smpp', sender: '+33700000009', priceMilli: 0, currency: 'EUR' };
  const own = await saveAccount(s.lyon, s.deps, { ...keys, settings: keysOf(s.far) });
  t.is((await accounts.findAccountInUse(s.lyon))?.id, own);
  t.is((await accounts.findAccountInUse(s.lille))?.id, s.account.id);
  await closeAccount(s.lyon, s.deps, own);
  t.is((await accounts.findAccountInUse(s.lyon))?.id, s.account.id);
});

test.serial(
  'an answer and a stop are for the chapter that wrote, whoever the gateway tells',
  async (t) => {
    const s = await chapters(t);
    await s.send();
    await s.hear('Je viens !', numberOf(5));
    await s.app.drain();
    const [thread] = await findThreads(s.lyon, { most: 9 });
    t.like(thread, { number: numberOf(5), lastText: 'Je viens !', personIds: [s.readerId] });
    t.deepEqual(await findThreads(s.lille, { most: 9 }), []);
    t.regex((await s.staff.get(`/admin/@lyon/sms/inbox/${thread?.id}`)).body, /Je viens/);
    await s.hear('Arrêt', numberOf(5));
    await s.app.drain();
    t.true(await isStopped(s.scope, await markOf(s.scope, s.deps, numberOf(5))));
    t.regex(s.taken.at(-1)?.text ?? '', /vous ne recevrez plus de SMS/);
    t.is(s.taken.length, 2);
    await s.hear('Bonjour, qui êtes-vous ?', numberOf(7));
    await s.app.drain();
    t.deepEqual(
      (await findThreads(s.lyon, { most: 9 })).map(({ number }) => number),
      [numberOf(5)],
      'whoever was written to by nobody writes to the party',
    );
  },
);

test.serial(
  'a receipt that a sister hears over the session they share is told to who sent',
  async (t) => {
    const s = await chapters(t);
    await s.send();
    const { rows } = await s.scope.db.raw('select reference from sms.message');
    const about = { reference: rows[0].reference, answer: 'DELIVRD', at: s.scope.now() };
    await handle(s.lille, s.deps, s.account, [{ ...about, kind: 'receipt', state: 'delivered' }]);
    await s.app.drain();
    const told = await s.scope.db.raw(
      `select m.state, (r.delivered_at is not null) as told
     from sms.message m, outreach.recipient r where r.key::text = m.key`,
    );
    t.deepEqual(told.rows, [{ state: 'delivered', told: true }]);
  },
);

test.serial(
  'a sister meets no account, message or receipt of an account that is not above it',
  async (t) => {
    const s = await chapters(t);
    const keys = { gateway: 'smpp', sender: 'LYON', priceMilli: 0, currency: 'EUR' };
    const own = await saveAccount(s.lyon, s.deps, { ...keys, settings: keysOf(s.far) });
    const row = await accounts.findAccount(s.lyon, own);
    const key = '0b0e9a3e-6f1c-4a63-9a8c-5d1a1f0c0001';
    const out = {
      ...{ key, number: numberOf(5), sender: 'LYON', text: 'x', parts: 1, costMilli: 0 },
      ...{ currency: 'EUR', handed: { state: 'accepted', reference: 'one', answer: '' } as const },
    };
    await messages.saveOutgoing(s.lyon, own, [out]);
    const came = { from: numberOf(5), to: 'LYON', text: 'x', at: s.lyon.now() };
    const inbound = await messages.saveInbound(s.lyon, own, { ...came, kind: 'inbound' });
    const receipt: Receipt = {
      ...{ kind: 'receipt', reference: 'one', state: 'delivered', answer: '', at: s.lyon.now() },
    };
    await messages.saveReceipts(s.lyon, own, [receipt]);
    const { rows } = await s.scope.db.raw(`select id from sms.message where key = :key`, { key });
    await s.scope.db.raw(`update sms.message set receipt_at = :now where key = :key`, {
      ...{ key, now: s.lyon.now() },
    });
    t.is(await reserveSlots(s.lille, { accountId: own, count: 1, perSecond: 1 }), undefined);
    const faults = await sisterFaults(
      {
        ...{ app: s.app, own: s.lyonId, sister: s.lilleId, folder: import.meta.dirname },
        ...{ files: /^(message|gateway-account|pace|short)\./ },
        tables: [
          'sms.message',
          'sms.account',
          '(select a.organization_id, p.* from sms.pace p join sms.account a on a.id = p.account_id)',
          '(select a.organization_id, r.* from sms.receipt r join sms.account a on a.id = r.account_id)',
        ],
      },
      {
        reads: {
          findOwnAccount: (scope) => accounts.findOwnAccount(scope),
          findAccount: (scope) => accounts.findAccount(scope, own),
          findAccountByHook: (scope) =>
            accounts.findAccountByHook(scope, 'smpp', row?.hookKey ?? ''),
          findUnheard: (scope) => messages.findUnheard(scope, 9),
          findSettled: (scope) => messages.findSettled(scope, [rows[0].id]),
          findByShort: (scope) => findByShort(scope, key.slice(0, 18)),
        },
        writes: {
          endAccount: (scope) => accounts.endAccount(scope, own),
          noteAway: (scope) => accounts.noteAway(scope, own, true),
          noteActedOn: (scope) => messages.noteActedOn(scope, inbound?.id ?? ''),
          settle: (scope) => messages.settle(scope, own),
          reserveSlots: (scope) => reserveSlots(scope, { accountId: own, count: 9, perSecond: 9 }),
          saveOutgoing: (scope) =>
            messages.saveOutgoing(scope, own, [
              { ...out, key: key.replace(/1$/, '2'), handed: { state: 'refused', answer: '' } },
            ]),
          saveInbound: (scope) => messages.saveInbound(scope, own, { ...came, kind: 'inbound' }),
          saveReceipts: (scope) =>
            messages.saveReceipts(scope, own, [{ ...receipt, reference: 'two' }]),
        },
        unbounded: {
          findAccountInUse: 'of one of an organization above, the party’s, which both send through',
          upsertAccount: 'inserts',
          forgetReceipts: 'of nobody, whatever the organization',
        },
      },
    );
    t.deepEqual(faults, []);
  },
);

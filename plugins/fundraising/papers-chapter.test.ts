// Each query of lists and receipts from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { makeApp, sisterFaults } from 'rostra/testing';
import { makeRecipient } from './fixture.ts';
import { insertEntry } from './ledger.sql.ts';
import * as line from './line.sql.ts';
import { listsOf } from './lists/catalogue.ts';
import { gather, give } from './lists/fixture.ts';
import * as ledger from './lists/ledger.sql.ts';
import * as returned from './lists/returned.sql.ts';
import { insertOffice } from './office.sql.ts';
import * as receipt from './receipt.sql.ts';
import { issueReceipt } from './receipt.ts';
import * as official from './receipt-official.sql.ts';

const year = { since: '2026-01-01', until: '2026-12-31' };
const tables = ['receipt', 'series', 'official_number'].map(
  (table) => `(select one.*, r.organization_id from fundraising.${table} one
    join fundraising.recipient r on r.id = one.recipient_id)`,
);

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const [own, sister] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const scope = app.scope(own);
  // The staff that the trial is made with hold an office there, and in the sister nothing follows from it.
  await scope.write((one) =>
    one.db.raw(
      `insert into core.account (id, email, name, locale, created_at) overriding system value
       values (0, 'staff@example.org', 'Staff', 'en', :now)`,
      { now: one.now() },
    ),
  );
  const { id: recipientId } = await makeRecipient(scope);
  await scope.write((one) => insertOffice(one, { recipientId, accountId: '0', duty: 'treasurer' }));
  const gift = await give(scope, recipientId);
  const other = await give(scope, recipientId);
  const receiptId = await issueReceipt(scope, gift);
  await official.insertForms(scope, recipientId, ['A1', 'A2', 'A3'], 'Eve');
  await official.assignNumbers(scope, recipientId, [{ donationId: gift.id, number: 'A2' }], 'Eve');
  const entry = { recipientId, kind: 'donation' as const, donationId: gift.id, reference: gift.id };
  await scope.write((one) =>
    insertEntry(one, {
      ...{ ...entry, day: '2026-03-01', postings: { bank: 5, donations: -5 } },
    }),
  );
  const back = { recipientId, kind: 'returned' as const, donationId: gift.id, reference: 'back' };
  await scope.write((one) =>
    insertEntry(one, { ...back, day: '2026-03-02', postings: { bank: -5, held: 5 } }),
  );
  return { app, own, sister, recipientId, gift, other, receiptId };
}

test('a sister chapter reads and changes nothing of lists and receipts', async (t) => {
  const s = await scene(t);
  const { recipientId, gift, other, receiptId } = s;
  const search = { q: '', before: undefined, most: 9 };
  const values: receipt.NewReceipt = {
    ...{ recipientId, kind: 'receipt' },
    ...{ donationId: other.id, cancelsId: undefined, amountMinor: 1, currency: 'EUR' },
    issuedOn: '2026-11-24',
    notices: [],
  };
  const pairs = [{ donationId: other.id, number: 'A3' }];
  const faults = await sisterFaults(
    {
      ...{ ...s, folder: import.meta.dirname, tables },
      files: /^(line|receipt[\w-]*|lists\/(ledger|returned))\.sql\.ts$/,
    },
    {
      reads: {
        findLines: (scope) => gather(line.findLines(scope, recipientId)),
        findLine: (scope) => line.findLine(scope, recipientId, gift.id),
        sumLines: async (scope) => (await line.sumLines(scope, recipientId)).count || undefined,
        countEntries: async (scope) =>
          (await ledger.countEntries(scope, recipientId, year)) || undefined,
        findReturns: (scope) => gather(returned.findReturns(scope, recipientId, year)),
        countReturns: async (scope) =>
          (await returned.countReturns(scope, recipientId, year)) || undefined,
        findReceipt: (scope) => receipt.findReceipt(scope, recipientId, receiptId),
        findReceiptsOf: (scope) => receipt.findReceiptsOf(scope, gift.id),
        searchReceipts: (scope) => receipt.searchReceipts(scope, recipientId, search),
        findTargets: (scope) => official.findTargets(scope, recipientId, [gift.id]),
        findNumbers: (scope) => official.findNumbers(scope, recipientId, ['A2']),
        findDrawer: async (scope) => (await official.findDrawer(scope, recipientId)).all,
        findPassedOver: (scope) => official.findPassedOver(scope, recipientId, 9),
      },
      writes: {
        insertReceipt: (scope) => receipt.insertReceipt(scope, values),
        voidReceiptRow: (scope) => receipt.voidReceiptRow(scope, recipientId, receiptId, 'Wrong'),
        insertForms: (scope) => official.insertForms(scope, recipientId, ['B1'], 'Eve'),
        assignNumbers: (scope) => official.assignNumbers(scope, recipientId, pairs, 'Eve'),
      },
      unbounded: { findPapersOf: 'rights' },
    },
  );
  t.deepEqual(faults, []);
});

test('staff of a chapter see of a donor what kind it is, where the chapter got a gift, and of no other', async (t) => {
  const s = await scene(t);
  const { db } = s.app.house.database;
  const made = await db.raw(
    `insert into fundraising.donor (type, created_at) values ('natural_person', :now), ('company', :now) returning id`,
    { now: s.app.clock.now() },
  );
  await give(s.app.scope(s.own), s.recipientId, { donorId: made.rows[0].id });
  const seen = await s.app.house.scopes.with(
    {
      organizationId: s.own,
      actor: { kind: 'staff', accountId: '0', name: 'Staff', permissions: new Set() },
    },
    async (scope) => {
      const lines = await gather(line.findLines(scope, s.recipientId));
      const { rows } = await scope.db.raw('select type from fundraising.donor');
      return { lines: lines.map(({ donorType }) => donorType).filter(Boolean), rows };
    },
  );
  t.deepEqual(seen, { lines: ['natural_person'], rows: [{ type: 'natural_person' }] });
});

test('from above a recipient’s own organization no list is offered that rests on its law', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const scope = app.scope(await app.chapter('Lyon', 'fr'));
  const recipient = await makeRecipient(scope);
  const names = (one: typeof scope) => listsOf(one, recipient).map(({ name }) => name);
  t.deepEqual(names(scope), ['finpol', 'finpol-agent', 'donors', 'ledger']);
  t.deepEqual(names(app.scope()), ['donors', 'ledger']);
});

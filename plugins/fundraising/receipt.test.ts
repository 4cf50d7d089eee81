import test from 'ava';
import { type Scope, Subjects } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { findLines, sumLines } from './line.sql.ts';
import { gather, give } from './lists/fixture.ts';
import { record } from './pledge.ts';
import { findReceipt, findReceiptsOf, type ReceiptRow } from './receipt.sql.ts';
import { cancelReceipt, issueReceipt } from './receipt.ts';
import { receiptPdf } from './receipt-pdf.ts';
import type { RecipientValues } from './recipient.sql.ts';

const association: Partial<RecipientValues> = {
  ...{ name: 'Association de financement', agent: 'Dominique Œuvrard' },
  ...{ address: '1 rue de la République\n69001 Lyon', registerNumber: 'AF-2019' },
  currency: 'EUR',
};
const made = async (scope: Scope, over: Partial<RecipientValues> = {}) =>
  (await makeRecipient(scope, { ...association, ...over })).id;

async function receiptOf(scope: Scope, recipientId: string, id: string): Promise<ReceiptRow> {
  const found = await findReceipt(scope, recipientId, id);
  if (!found) throw new Error('the receipt is not there');
  return found;
}

test.serial(
  'numbers have no gap, whatever is rolled back and however many are issued at once',
  async (t) => {
    const app = await makeApp(t);
    const scope = app.scope();
    const recipientId = await made(scope);
    const gifts = await Promise.all([...Array(20)].map(() => give(scope, recipientId)));
    await Promise.allSettled(
      gifts.map((gift, at) =>
        scope.write(async (own) => {
          await issueReceipt(own, gift);
          if (at % 3 === 0) throw new Error('the donation falls through');
        }),
      ),
    );
    const all = await Promise.all(gifts.map((gift) => findReceiptsOf(scope, gift.id)));
    const labels = all.flat().map(({ label }) => label);
    t.is(labels.length, 13);
    t.deepEqual(
      labels.sort(),
      [...Array(13)].map((_, at) => `2026-${String(at + 1).padStart(6, '0')}`),
    );
  },
);

test.serial(
  'each recipient, each year and play money have series of their own; asked twice, there is one receipt',
  async (t) => {
    const app = await makeApp(t, { now: '2026-12-31T10:00:00Z' });
    const scope = app.scope();
    const recipientId = await made(scope);
    const gift = await give(scope, recipientId);
    const first = await issueReceipt(scope, gift);
    t.is(await issueReceipt(scope, gift), first);
    const trial = await made(scope, { isTest: true });
    const play = await issueReceipt(scope, await give(scope, trial));
    // In Paris it is 2027 already.
    app.clock.set('2026-12-31T23:30:00Z');
    const later = await issueReceipt(scope, await give(scope, recipientId));
    const labels = [
      (await receiptOf(scope, recipientId, first)).label,
      (await receiptOf(scope, trial, play)).label,
      (await receiptOf(scope, recipientId, later)).label,
    ];
    t.deepEqual(labels, ['2026-000001', 'TEST-2026-000001', '2027-000001']);
  },
);

test.serial(
  'what goes back is cancelled by a receipt of its own, never for more than there is',
  async (t) => {
    const app = await makeApp(t);
    const scope = app.scope();
    const recipientId = await made(scope);
    const gift = await give(scope, recipientId, { amountMinor: 10_000 });
    t.is(await cancelReceipt(scope, gift, 1_000), undefined);
    await issueReceipt(scope, gift);
    await cancelReceipt(scope, gift, 4_000);
    await cancelReceipt(scope, gift, 6_000);
    t.is(await cancelReceipt(scope, gift, 1), undefined, 'nothing of it is left');
    const all = await findReceiptsOf(scope, gift.id);
    t.deepEqual(
      all.map(({ label, kind, cancels, amountMinor }) => [label, kind, cancels, amountMinor]),
      [
        ['2026-000001', 'receipt', undefined, 10_000],
        ['2026-000002', 'cancellation', '2026-000001', 4_000],
        ['2026-000003', 'cancellation', '2026-000001', 6_000],
      ],
    );
  },
);

test.serial('a receipt cannot be changed or deleted, not even by SQL', async (t) => {
  const app = await makeApp(t);
  const scope = app.scope();
  const recipientId = await made(scope);
  await issueReceipt(scope, await give(scope, recipientId));
  for (const sql of [
    'update fundraising.receipt set amount_minor = 1',
    'delete from fundraising.receipt',
    'truncate fundraising.receipt',
  ]) {
    await t.throwsAsync(
      scope.write((own) => own.db.raw(sql)),
      { message: /append-only/ },
    );
  }
});

async function textOf(pdf: Buffer): Promise<string> {
  const { extractText, getDocumentProxy } = await import('unpdf');
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { text, totalPages } = await extractText(document, { mergePages: true });
  if (totalPages !== 1) throw new Error(`${totalPages} pages`);
  return text.replace(/\s+/g, ' ');
}

test.serial(
  'a French receipt says on its face that it is not the fiscal one, and all that it is about',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
    const scope = app.scope();
    const recipientId = await made(scope);
    const gift = await give(scope, recipientId);
    const receipt = await receiptOf(scope, recipientId, await issueReceipt(scope, gift));
    const text = await textOf(await receiptPdf(scope, receipt, gift));
    for (const fact of [
      'Ce document n’est pas le reçu fiscal',
      'Parti de l’Exemple',
      'N° 2026-000001',
      'Association de financement',
      'Dominique Œuvrard',
      '69001 Lyon',
      'Zoë Łukasz-Ångström',
      '13002 Marseille',
      '1 281,50 €',
      'mille deux cent quatre-vingt-un euros et 50/100',
      '20 novembre 2026',
      'Chèque',
    ]) {
      t.true(text.includes(fact), `${fact} is not in: ${text}`);
    }
  },
);

test.serial(
  'an American receipt of play money says that it is no deduction, and that it is a test',
  async (t) => {
    const app = await makeApp(t);
    const scope = app.scope();
    const recipientId = await made(scope, { isTest: true, currency: 'USD' });
    const gift = await give(scope, recipientId, { currency: 'USD', amountMinor: 5_000 });
    const receipt = await receiptOf(scope, recipientId, await issueReceipt(scope, gift));
    const text = await textOf(await receiptPdf(scope, receipt, gift));
    for (const fact of ['TEST', 'not deductible', '$50.00', 'fifty US dollars']) {
      t.true(text.includes(fact), `${fact} is not in: ${text}`);
    }
    t.false(text.includes('reçu fiscal'));
  },
);

test.serial(
  'a donor’s own copy tells of each receipt; after an erasure it stands and says of nobody who gave',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const { scope, deps, recipient, app } = desk;
    const offer = offerOf(scope, { amountMinor: 4_000 });
    const donation = await record(scope, deps, recipient, offer, aroundOf());
    await issueReceipt(scope, donation);
    const subjects = app.get('privacy')(Subjects);
    const rows = await gather(subjects.export(scope, donation.personId ?? ''));
    const papers = rows.filter(({ table }) => table === 'fundraising.receipt');
    t.deepEqual(
      papers.map(({ row }) => [row['number'], row['amountMinor'], row['isVoid']]),
      [['2026-000001', 4_000, false]],
    );
    await subjects.erase(scope, donation.personId ?? '');
    const [left] = await findReceiptsOf(scope, donation.id);
    t.is(left?.label, '2026-000001');
    t.notRegex(JSON.stringify(left), /Martin|zoe@/);
  },
);

test.serial(
  'lines come by day or by donor, each once, however few are read at a time',
  async (t) => {
    const app = await makeApp(t);
    const scope = app.scope();
    const recipientId = await made(scope);
    const days = ['2026-03-01', '2026-01-01', '2026-03-01', '2026-02-01', '2026-03-01'];
    for (const givenOn of days) await give(scope, recipientId, { givenOn });
    await give(scope, recipientId, { givenOn: '2026-02-02', state: 'refused' });
    const found = await gather(findLines(scope, recipientId, { batch: 2, states: ['accepted'] }));
    t.deepEqual(
      found.map(({ givenOn }) => givenOn),
      [...days].sort(),
    );
    const query = { since: '2026-02-01', until: '2026-02-28', order: 'donor', batch: 1 } as const;
    const inTime = await gather(findLines(scope, recipientId, query));
    t.is(inTime.length, 2);
    t.deepEqual(await sumLines(scope, recipientId, query), { count: 2, keptMinor: 128_150 });
  },
);

// Gifts from before Rostra: whatever file they come in, each is there once, counts, and stands in no ledger.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { isAppError } from 'rostra/plugin';
import { giveBack } from './donation.ts';
import { aroundOf, type Desk, offerOf, openDesk } from './fixture.ts';
import { findHistory, type HistoryPlan } from './history.sql.ts';
import { keepFile, planHistory, startHistory } from './history.ts';
import { guessHistoryFields, readMethod } from './history-fields.ts';
import { refusedCsv } from './history-refused.ts';
import { sumBalances } from './ledger.sql.ts';
import { record } from './pledge.ts';
import { searchDonations } from './search.sql.ts';
import { makeSubjectRights } from './subject.ts';

function file(content: string | Buffer): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-gifts-')), 'gifts.csv');
  writeFileSync(path, content);
  return { path, name: 'gifts.csv' };
}

async function look(desk: Desk, content: string | Buffer, plan: Partial<HistoryPlan> = {}) {
  const { app, scope, deps, recipient } = desk;
  const id = await keepFile(scope, deps, recipient.id, file(content));
  const columns = (await findHistory(scope, id))?.columns ?? [];
  const usual = { method: 'transfer', dateOrder: 'day' } as const;
  const fields = guessHistoryFields(columns);
  await planHistory(scope, deps, id, { ...usual, fields, ...plan });
  await app.drain();
  return demand(desk, id);
}

async function demand({ scope }: Desk, id: string) {
  const found = await findHistory(scope, id);
  if (!found) throw new Error('The file is gone.');
  return found;
}

async function bring(desk: Desk, content: string | Buffer, plan: Partial<HistoryPlan> = {}) {
  const { id } = await look(desk, content, plan);
  await startHistory(desk.scope, desk.deps, id);
  await desk.app.drain();
  return demand(desk, id);
}

async function gifts({ scope, recipient }: Desk) {
  const found = await searchDonations(scope, recipient.id, accepted);
  return found.map(({ givenOn, amountMinor, method, identity, personId, source, key }) => ({
    ...{ givenOn, amountMinor, method, personId, source, key },
    name: [identity.givenName, identity.familyName].join(' ').trim(),
  }));
}

const accepted = { states: ['accepted'], most: 99 } as const;

const nationBuilder = `nationbuilder_donation_id,amount,amount_in_cents,payment_type_name,check_number,succeeded_at,failed_at,canceled_at,created_at,tracking_code_slug,email,first_name,last_name
11,"$1,200.00",120000,Check,'0042,2024-03-07T17:54:29-08:00,,,2024-03-01T00:00:00Z,spring,Zoe@Example.org,Zoé,Martin
12,20.00,2000,Credit Card,,2024-03-08T17:54:29-08:00,,,2024-03-08T00:00:00Z,,bo@example.org,Bo,Roux
13,5.00,500,In-Kind,,2024-03-08T17:54:29-08:00,,,,,bo@example.org,Bo,Roux
14,9.00,900,Credit Card,,,2024-03-08T17:54:29-08:00,,,,bo@example.org,Bo,Roux
`;

test.serial(
  'a file of NationBuilder is known by its headers, and gifts count without a line in the ledger',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const checked = await look(desk, nationBuilder, { dateOrder: 'month' });
    t.like(checked, { state: 'checked', rows: 4 });
    t.like(checked.counts, { fresh: 2, known: 0, refusedRows: 2, minor: 122_000, overCap: 0 });
    t.deepEqual(await gifts(desk), []);
    await startHistory(desk.scope, desk.deps, checked.id);
    await desk.app.drain();
    t.like(await demand(desk, checked.id), { state: 'done' });
    const [second, first] = await gifts(desk);
    t.like(first, {
      ...{ amountMinor: 120_000, givenOn: '2024-03-07', method: 'cheque', source: 'history' },
      ...{ name: 'Zoé Martin', key: 'history:id:11' },
    });
    t.like(second, { amountMinor: 2_000, method: 'card' });
    t.truthy(first?.personId);
    t.deepEqual(await sumBalances(desk.scope, desk.recipient.id), {});
    const back = { reference: 'back-1', amountMinor: 100, account: 'bank' as const };
    const [newest] = await searchDonations(desk.scope, desk.recipient.id, accepted);
    const sent = giveBack(desk.scope, desk.deps, newest?.id ?? '', back);
    await t.throwsAsync(sent, { code: 'fundraising.before-books' });
    const again = await bring(desk, nationBuilder, { dateOrder: 'month' });
    t.like(again.counts, { fresh: 0, known: 2, refusedRows: 2 });
    t.is((await gifts(desk)).length, 2);
  },
);

test.serial('what was given before takes room under the cap, and never stops at it', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { scope, deps, recipient } = desk;
  const done = await bring(
    desk,
    'Date;Montant;Courriel;Prénom;Nom\n02/03/2026;5 000,00 €;zoe@example.org;Zoé;Martin\n03/03/2026;4000;zoe@example.org;Zoé;Martin\n',
  );
  t.like(done.counts, { fresh: 2, overCap: 1 });
  t.is((await gifts(desk)).length, 2);
  const error = await t.throwsAsync(record(scope, deps, recipient, offerOf(scope), aroundOf()));
  t.true(isAppError(error) && JSON.stringify(error.details).includes('fundraising.fault.cap'));
});

test.serial(
  'refused rows are given back with their reason, mended and brought in again',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const lines = [
      'Date,Amount,Email,Name,Method',
      '2024-01-05,20,a@example.org,Ana Sol,Cash',
      '2024-01-05,none,b@example.org,Bea Sol,Cash',
      '2024-13-05,20,c@example.org,Cy Sol,Cash',
      '2099-01-05,20,c@example.org,Cy Sol,Cash',
      '2024-01-05,20,not one,Di Sol,Cash',
      '2024-01-05,20,,,Cash',
      '2024-01-05,20,e@example.org,=1+1,Barter',
      '2024-01-05,20,e@example.org,Eve Sol,Cash,too much',
    ];
    const done = await bring(desk, lines.join('\n'));
    t.like(done.counts, { fresh: 1, refusedRows: 7 });
    let csv = '';
    for await (const part of refusedCsv(desk.scope, done)) csv += part;
    t.is(csv.trim().split(/\r?\n/).length, 8);
    t.regex(csv, /Why it was refused/);
    t.regex(csv, /'=1\+1/);
    const mended = csv.replace('none', '25').replace('2024-13-05', '2024-12-05');
    const second = await bring(desk, mended);
    t.like(second.counts, { fresh: 2, refusedRows: 5 });
    t.is((await gifts(desk)).length, 3);
    const { rows } = await desk.app.house.database.db.raw(
      'select state, count(*)::int as n from fundraising.history_row group by 1',
    );
    t.deepEqual(rows, [{ state: 'refused', n: 12 }]);
  },
);

test.serial('rows that look alike are as many gifts, however often the file comes', async (t) => {
  const desk = await openDesk(t, 'fr');
  const twice = 'date,amount,name\n2024-01-05,10,Ana Sol\n2024-01-05,10,Ana Sol\n';
  t.like((await bring(desk, twice)).counts, { fresh: 2, known: 0 });
  t.like((await bring(desk, twice)).counts, { fresh: 0, known: 2 });
  t.is((await gifts(desk)).length, 2);
});

test.serial(
  'files of Excel are read in their own encodings, and what is no list of gifts is refused in a sentence',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const french = 'Date;Montant;Nom\r\n05/01/2024;1 234,50;Éluard\r\n';
    await bring(desk, Buffer.from(french, 'latin1'));
    await bring(desk, Buffer.from(`\ufeff${french.replace('05/01', '06/01')}`, 'utf16le'));
    t.deepEqual(
      (await gifts(desk)).map(({ name, amountMinor, givenOn }) => [name, amountMinor, givenOn]),
      [
        ['Éluard', 123_450, '2024-01-06'],
        ['Éluard', 123_450, '2024-01-05'],
      ],
    );
    for (const [content, message] of [
      ['', 'empty'],
      ['date,amount\n', 'empty'],
      ['date,amount\n"2024', 'csv.line'],
      ['date,amount\n\0,\0', 'csv'],
    ] as const) {
      const error = await t.throwsAsync(look(desk, content), undefined, message);
      t.regex(
        JSON.stringify((error as { details?: unknown }).details),
        new RegExp(`fault.${message}"`),
      );
    }
    const error = await t.throwsAsync(look(desk, 'date,colour\n2024-01-05,red\n'));
    t.regex(JSON.stringify((error as { details?: unknown }).details), /columns.missing/);
  },
);

test.serial('headers and means are told in English and in French', (t) => {
  t.deepEqual(guessHistoryFields(['Date du don', 'Montant', 'Courriel', 'Prénom', 'Nom', 'Âge']), [
    ...['givenOn', 'amount', 'email', 'givenName', 'familyName', ''],
  ]);
  t.deepEqual(guessHistoryFields(['created_at', 'succeeded_at', 'failed_at', 'canceled_at']), [
    ...['', 'givenOn', 'stopped', 'stopped'],
  ]);
  const told = ['Chèque', 'Carte bancaire', 'Espèces', 'Wire Transfer', 'SEPA', 'Barter'];
  t.deepEqual(told.map(readMethod), [
    'cheque',
    'card',
    'cash',
    'transfer',
    'direct_debit',
    undefined,
  ]);
});

test.serial(
  'a row of a file goes with the person whom it names, and every file after a month',
  async (t) => {
    const desk = await openDesk(t, 'fr');
    const { scope, deps, app } = desk;
    await bring(desk, 'date,amount,email,name\n2024-01-05,10,ana@example.org,Ana Sol\n');
    const [gift] = await gifts(desk);
    const more = [
      'date,amount,email,name',
      ',10,ANA@example.org,A. Sol',
      ',11,,Sol Ana',
      ',12,,Bo Roux',
    ];
    await look(desk, more.join('\n'));
    const rights = makeSubjectRights(deps);
    const personId = gift?.personId ?? '';
    const told: string[] = [];
    for await (const { table } of rights.export(scope, personId)) told.push(table);
    t.is(told.filter((table) => table === 'fundraising.history_row').length, 1);
    await scope.write((own) => rights.erase(own, personId));
    const left = async () =>
      (await app.house.database.db.raw('select cells from fundraising.history_row')).rows;
    t.deepEqual(await left(), [{ cells: ['', '12', '', 'Bo Roux'] }]);
    app.clock.set(new Date('2026-12-26T10:00:00Z'));
    await rights.forget?.(app.scope());
    t.deepEqual(await left(), []);
  },
);

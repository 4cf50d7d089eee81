import test from 'ava';
import fc from 'fast-check';
import type { DonationLine } from '../line.ts';
import { digitsOf } from '../money.ts';
import { plainAmount } from './amount.ts';
import { candidate } from './candidate.ts';
import { disclosure } from './disclosure.ts';
import { finpol, finpolAgent } from './finpol.ts';
import {
  anyLines,
  anyName,
  gather,
  makeLine,
  minorOf,
  plainScope,
  type Row,
  readCsv,
  readTsv,
  readXlsx,
  streamOf,
} from './fixture.ts';
import { itemization } from './itemization.ts';
import type { Sheet } from './sheet.ts';
import { asCsv, asTsv } from './write.ts';
import { asXlsx } from './xlsx.ts';

const readers = {
  'CSV in English': (sheet: Sheet) => readCsv(sheet, 'en'),
  'CSV in French': (sheet: Sheet) => readCsv(sheet, 'fr'),
  XLSX: readXlsx,
};
const period = { since: '2026-01-01', until: '2026-09-30' };
const kept = (line: DonationLine) => line.amountMinor - line.refundedMinor;
const lawful = (lines: DonationLine[]) => lines.filter(({ state }) => state === 'accepted');
const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);
const sumOf = (rows: Row[], column: string, digits: number) =>
  sum(rows.map((row) => minorOf(row[column], digits)));

/** Lines, and below an empty one the totals by the word in their first cell. */
function split(rows: Row[], digits: number, column = 'amount') {
  const isEmpty = (row: Row) => Object.values(row).every((cell) => cell === '');
  const at = rows.findIndex(isEmpty);
  const first = (row: Row) => (Object.values(row)[0] ?? '').replace('fundraising.list.', '');
  const totals = rows.slice(at + 1).map((row) => [first(row), minorOf(row[column], digits)]);
  return { lines: rows.slice(0, at), totals: Object.fromEntries(totals) };
}

const days = { ...period, timeZone: 'Europe/Paris' };
const publicFields = ['amount', 'legal_name', 'municipality', 'postal_code'];

for (const [format, read] of Object.entries(readers)) {
  test(`a candidate’s list read back from ${format} has the totals of the donations`, (t) =>
    fc.assert(
      fc.asyncProperty(anyLines, async ({ lines, currency }) => {
        const digits = digitsOf(currency);
        const rows = await read(candidate(streamOf(lines), currency));
        const cash = split(rows, digits, 'cash');
        const others = split(rows, digits, 'amount-but-cash');
        const all = lawful(lines).filter((line) => kept(line) > 0);
        t.is(cash.lines.length, all.length);
        const inCash = sum(all.filter(({ method }) => method === 'cash').map(kept));
        t.is(sumOf(cash.lines, 'cash', digits), inCash);
        t.is(cash.totals['total'], inCash);
        t.is(sumOf(cash.lines, 'amount-but-cash', digits), sum(all.map(kept)) - inCash);
        t.is(others.totals['total'], sum(all.map(kept)) - inCash);
      }),
      { numRuns: 40 },
    ));

  test(`itemised receipts read back from ${format} and the rest add up to all that came in`, (t) =>
    fc.assert(
      fc.asyncProperty(anyLines, fc.nat(400_000), async ({ lines, currency }, aboveMinor) => {
        const digits = digitsOf(currency);
        const sheet = itemization(streamOf(lines), { ...period, aboveMinor, currency });
        const { lines: shown, totals } = split(await read(sheet), digits);
        const came = lines.filter(({ state }) => state === 'accepted' || state === 'refunded');
        const inTime = came.filter(({ givenOn }) => givenOn.startsWith('2026'));
        const inPeriod = inTime.filter(({ givenOn }) => givenOn <= period.until);
        const yearOf = (donorId: string | undefined) =>
          sum(inPeriod.filter((one) => one.donorId === donorId).map((one) => one.amountMinor));
        const due = inPeriod.filter(({ donorId }) => donorId && yearOf(donorId) > aboveMinor);
        t.deepEqual(
          shown.map((row) => row['record']),
          due.map(({ id }) => id),
        );
        t.is(totals['itemized'], sum(due.map((one) => one.amountMinor)));
        t.is(totals['itemized'] + totals['unitemized'], totals['total']);
        t.is(totals['total'], sum(inPeriod.map((one) => one.amountMinor)));
      }),
      { numRuns: 40 },
    ));

  test(`a list of donors above an amount read back from ${format} names whom it must, and adds up`, (t) =>
    fc.assert(
      fc.asyncProperty(anyLines, fc.nat(400_000), async ({ lines, currency }, aboveMinor) => {
        const digits = digitsOf(currency);
        const asked = { ...days, aboveMinor, currency, per: 'calendar_year', fields: publicFields };
        const { lines: shown, totals } = split(
          await read(disclosure(streamOf(lines), asked)),
          digits,
        );
        const inPeriod = lawful(lines).filter(
          ({ givenOn }) => givenOn >= period.since && givenOn <= period.until,
        );
        const donors = new Set(inPeriod.flatMap(({ donorId }) => donorId ?? []));
        const sums = [...donors].map((donor) =>
          sum(inPeriod.filter(({ donorId }) => donorId === donor).map(kept)),
        );
        const above = sums.filter((minor) => minor > aboveMinor);
        t.is(shown.length, above.length);
        t.is(totals['named'], sum(above));
        t.is(totals['total'], sum(inPeriod.map(kept)));
        t.is(totals['named'] + totals['others'], totals['total']);
      }),
      { numRuns: 40 },
    ));
}

test('Fin’Pol’s operations read back from the TSV have the totals of what was kept, a line each', (t) =>
  fc.assert(
    fc.asyncProperty(anyLines, async ({ lines, currency }) => {
      const rows = await readTsv(finpol(streamOf(lines), currency));
      const all = lawful(lines).filter((line) => kept(line) > 0);
      t.deepEqual(
        rows.map((row) => [row['record'], minorOf(row['amount'], digitsOf(currency))]),
        all.map((line) => [line.id, kept(line)]),
      );
      t.true(rows.every((row) => Object.keys(row).length === 16));
    }),
  ));

test('Fin’Pol’s file on the agent is one line, and keeps its telephone number', async (t) => {
  const agent = { registerNumber: 'P-12', name: 'Association\tX', address: '1 rue\nde Lyon' };
  const contact = { phoneNumber: '+33 4 00 00 00 00', emailAddress: 'a@example.org' };
  const [row] = await readTsv(finpolAgent({ ...agent, ...contact }, 'EUR'));
  t.deepEqual(row, {
    'agent-number': 'P-12',
    'agent-name': 'Association X',
    'agent-address': '1 rue de Lyon',
    'agent-phone': '+33 4 00 00 00 00',
    'agent-email': 'a@example.org',
  });
});

test('no name is a formula in a text file, and in each file it is still the name', (t) =>
  fc.assert(
    fc.asyncProperty(anyName, async (name) => {
      const lines = [makeLine({ identity: { familyName: name } })];
      const sheet = () => finpol(streamOf(lines), 'EUR');
      const [inCsv] = await readCsv(sheet(), 'fr');
      const [inTsv] = await readTsv(sheet());
      const [inXlsx] = await readXlsx(sheet());
      t.notRegex(inCsv?.['family-name'] ?? '', /^[=+\-@\t\r]/);
      t.is(inCsv?.['family-name']?.replace(/^'(?=['=+\-@\t\r])/, ''), name);
      if (!/^\+?[\d ().-]+$/.test(name)) t.notRegex(inTsv?.['family-name'] ?? '', /^[=+\-@\t\r]/);
      t.is(
        inXlsx?.['family-name'],
        name.replace(/\r\n?/g, '\n').replace(/[\0-\x08\v\f\x0e-\x1f]/g, ''),
      );
    }),
  ));

test('an aggregate grows over the year and begins anew in January', async (t) => {
  const gave = (id: string, givenOn: string, amountMinor: number) =>
    makeLine({ id, givenOn, amountMinor, currency: 'USD' });
  const lines = [
    gave('1', '2025-12-31', 90_000),
    gave('2', '2026-02-01', 15_000),
    gave('3', '2026-08-01', 6_000),
  ];
  const asked = { since: '2026-07-01', until: '2026-09-30', aboveMinor: 20_000, currency: 'USD' };
  const rows = await readCsv(itemization(streamOf(lines), asked), 'en');
  t.deepEqual(
    rows
      .filter((row) => row['employer'] === '' && row['aggregate'])
      .map((row) => [row['record'], row['aggregate']]),
    [['3', '210.00']],
  );
  const exactly = { ...asked, aboveMinor: 21_000 };
  const none = await readCsv(itemization(streamOf(lines), exactly), 'en');
  t.is(none[0]?.['record'], '');
});

test('a British report has a line a gift with both its days; what the law does not ask is left out', async (t) => {
  const identity = { legalName: 'Acme Ltd', registerNumber: '01234567', occupation: 'none' };
  const lines = [
    makeLine({ id: '1', amountMinor: 700_000, currency: 'GBP', identity }),
    makeLine({ id: '2', amountMinor: 600_000, currency: 'GBP', identity, givenOn: '2026-04-01' }),
  ];
  const fields = ['amount', 'nature', 'date_received', 'date_accepted', 'name', 'company_number'];
  const asked = { ...days, aboveMinor: 1_118_000, currency: 'GBP', per: 'calendar_year', fields };
  const rows = await readCsv(disclosure(streamOf(lines), asked), 'en');
  t.deepEqual(rows[0], {
    'donor-type': 'fundraising.donor.natural_person',
    method: 'fundraising.method.card',
    day: '2026-03-01',
    'accepted-on': '2026-03-02',
    name: 'Acme Ltd',
    'register-number': '01234567',
    amount: '7000.00',
  });
  t.is(rows[1]?.['day'], '2026-04-01');
});

test('lines that do not come donor by donor are not added up', async (t) => {
  const lines = ['2', '1', '2'].map((donorId) => makeLine({ donorId }));
  await t.throwsAsync(gather(candidate(streamOf(lines), 'EUR').rows), {
    message: /donor by donor/,
  });
});

test('a file leaves while its lines are still being read', async (t) => {
  let read = 0;
  async function* many() {
    for (; read < 1_000_000; read++) yield makeLine({ id: String(read + 1) });
  }
  const sheet = finpol(many(), 'EUR');
  for (const write of [asCsv, asTsv, asXlsx]) {
    read = 0;
    const chunks = write(plainScope('en'), sheet)[Symbol.asyncIterator]();
    for (let count = 0; count < 8; count++) await chunks.next();
    t.true(read < 20_000, `${write.name}: ${read} lines for the first chunks`);
    await chunks.return?.();
  }
});

test('amounts are exact in every currency', (t) => {
  t.is(plainAmount(5, 2), '0.05');
  t.is(plainAmount(-1205, 2, ','), '-12,05');
  t.is(plainAmount(1205, 0), '1205');
  t.is(plainAmount(9_007_199_254_740_991, 3), '9007199254740.991');
  t.deepEqual(['EUR', 'JPY', 'BHD', 'XPF'].map(digitsOf), [2, 0, 3, 0]);
});

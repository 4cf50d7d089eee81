// Random donations for tests of lists, and files read back by other hands than those that wrote them.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readSheet } from 'read-excel-file/node';
import type { Scope } from 'rostra/plugin';
import { insertDonation, type NewDonation } from '../donation.sql.ts';
import { findLine } from '../line.sql.ts';
import type { DonationLine } from '../line.ts';
import type { Sheet } from './sheet.ts';
import { asCsv, asTsv } from './write.ts';
import { asXlsx } from './xlsx.ts';

/** A scope that says each key as it is. */
export function plainScope(locale: string): Scope {
  const now = () => new Date('2026-11-24T10:00:00Z');
  return { locale, now, t: (key: string) => key } as unknown as Scope;
}

const awkward = [
  '=cmd|" /C calc"!A0',
  '+1',
  '-2',
  '@SUM(A1)',
  "'t Hart",
  'O"Brien; "x"',
  'Zoë\tÅngström',
  'two\nlines\r\nthree',
  '😀 Ñandú',
  'Łukasz Œuvre',
  '<b>&amp;</b>',
  ' spaced ',
];
export const anyName = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);

const anyDay = fc
  .integer({ min: 0, max: 729 })
  .map((days) => new Date(Date.UTC(2025, 0, 1 + days)).toISOString().slice(0, 10));

const anyLine = fc.record({
  state: fc.constantFrom('accepted', 'accepted', 'accepted', 'refunded', 'held', 'pledged'),
  givenOn: anyDay,
  amountMinor: fc.integer({ min: 1, max: 500_000 }),
  back: fc.constantFrom(0, 0, 0, 0.3),
  method: fc.constantFrom('card', 'direct_debit', 'transfer', 'cheque', 'cash'),
  donor: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  familyName: anyName,
  line1: anyName,
});

/** As `findLines` gives them by donor. */
export const anyLines = fc
  .tuple(fc.constantFrom('EUR', 'USD', 'JPY', 'BHD'), fc.array(anyLine, { maxLength: 40 }))
  .map(([currency, all]) => ({
    currency,
    lines: all.map((one, at) => lineOf(one, String(at + 1), currency)).sort(byDonorAndDay),
  }));

function byDonorAndDay(one: DonationLine, other: DonationLine): number {
  const [a, b] = [Number(one.donorId ?? 0), Number(other.donorId ?? 0)];
  return a - b || one.givenOn.localeCompare(other.givenOn) || Number(one.id) - Number(other.id);
}

type Drawn = typeof anyLine extends fc.Arbitrary<infer T> ? T : never;

function lineOf({ donor, familyName, line1, back, ...one }: Drawn, id: string, currency: string) {
  const refunded = one.state === 'refunded' ? one.amountMinor : Math.floor(one.amountMinor * back);
  return makeLine({
    ...(one as Pick<DonationLine, 'state' | 'givenOn' | 'amountMinor' | 'method'>),
    ...{ id, currency, refundedMinor: refunded },
    donorId: donor === undefined ? undefined : String(donor),
    identity: { givenName: 'Camille', familyName, address: { line1, locality: 'Lyon' } },
  });
}

export function makeLine(over: Partial<DonationLine> = {}): DonationLine {
  return {
    ...{ id: '1', recipientId: '1', state: 'accepted', givenOn: '2026-03-01' },
    settledAt: new Date('2026-03-02T10:00:00Z'),
    ...{ amountMinor: 5_000, refundedMinor: 0, currency: 'EUR', method: 'card', source: 'page' },
    ...{ donorId: '1', donorType: 'natural_person', personId: '1', identity: {} },
    ...{
      fund: undefined,
      tracking: undefined,
      statementReference: 'RB 12',
      depositSlip: undefined,
    },
    ...{ receiptNumber: '2026-000001', officialNumber: undefined },
    ...{ why: undefined, returnBy: undefined },
    ...over,
  };
}

let keys = 0;
/** Straight into the table, asked by no law. */
export async function give(
  scope: Scope,
  recipientId: string,
  over: Partial<NewDonation> = {},
): Promise<DonationLine> {
  keys += 1;
  const identity = {
    ...{ givenName: 'Zoë', familyName: 'Łukasz-Ångström' },
    address: { line1: '2 quai du Port', postcode: '13002', locality: 'Marseille', country: 'FR' },
  };
  const made = await insertDonation(scope, {
    ...{ recipientId, donorId: undefined, state: 'accepted', amountMinor: 128_150 },
    ...{ currency: 'EUR', method: 'cheque', givenOn: '2026-11-20', source: 'staff' },
    ...{ pageId: undefined, fund: undefined, tracking: undefined, recruiterId: undefined },
    ...{ batchId: undefined, key: `lists-test-${keys}`, identity, attested: [], decision: [] },
    ...{ why: undefined, capScope: undefined, capMinor: undefined },
    ...{ statementReference: undefined, returnBy: undefined },
    ...over,
  });
  const line = await findLine(scope, recipientId, made?.id ?? '');
  if (!line) throw new Error('the donation is not there');
  return line;
}

export async function* streamOf<T>(all: Iterable<T>): AsyncIterable<T> {
  yield* all;
}

export async function gather<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

export type Row = Record<string, string>;

/** Of each row, its cells by the names of the columns: amounts as plain decimals, days as ISO dates. */
export async function readCsv(sheet: Sheet, locale: string): Promise<Row[]> {
  const text = (await gather(asCsv(plainScope(locale), sheet))).join('');
  const delimiter = locale === 'en' ? ',' : ';';
  const rows: string[][] = parse(text, { bom: true, delimiter, relax_column_count: true });
  return named(rows, (cell, kind) => (kind === 'amount' ? cell.replace(',', '.') : cell), sheet);
}

export async function readTsv(sheet: Sheet): Promise<Row[]> {
  const text = (await gather(asTsv(plainScope('fr'), sheet))).join('');
  const rows = text.split('\r\n').slice(0, -1);
  const cells = rows.map((row) => row.split('\t'));
  return named(cells, (cell, kind) => (kind === 'amount' ? cell.replace(',', '.') : cell), sheet);
}

export async function readXlsx(sheet: Sheet): Promise<Row[]> {
  const bytes = Buffer.concat(await gather(asXlsx(plainScope('en'), sheet)));
  const rows = await readSheet(bytes, { trim: false, parseNumber: (text: string) => text });
  const cells = rows.map((row) =>
    row.map((cell) =>
      cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? ''),
    ),
  );
  return named(cells, (cell) => cell, sheet);
}

function named(
  [head = [], ...rows]: string[][],
  read: (cell: string, kind: string | undefined) => string,
  { columns }: Sheet,
): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      row.map((cell, at) => [short(head[at] ?? ''), read(cell, columns[at]?.kind)]),
    ),
  );
}

const short = (label: string) => label.replace(/^fundraising\.list\.(column|finpol)\./, '');

/** A plain decimal in the smallest unit. */
export function minorOf(decimal: string | undefined, digits: number): number {
  if (!decimal) return 0;
  const [whole = '0', rest = ''] = decimal.split('.');
  return Number(whole + rest.padEnd(digits, '0'));
}

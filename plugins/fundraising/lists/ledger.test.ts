import test from 'ava';
import fc from 'fast-check';
import type { Entry } from '../ledger.sql.ts';
import { genesisOf, linkHash } from '../ledger.ts';
import { minorOf, type Row, readCsv, readXlsx, streamOf } from './fixture.ts';
import { ledgerSheet } from './ledger.ts';
import type { Sheet } from './sheet.ts';

const recipientId = '7';
const accounts = ['bank', 'cash', 'cheques', 'fees'] as const;
const anyEntries = fc.array(
  fc.record({
    minor: fc.integer({ min: 1, max: 9_000_000_000 }),
    account: fc.constantFrom(...accounts),
    kind: fc.constantFrom('donation', 'refund', 'fee', 'payout'),
    reference: fc.constantFrom('12', 're_9Zx', 'virement n° 4', 'a,b;"c"'),
    isBack: fc.boolean(),
    hasDonation: fc.boolean(),
  }),
  { maxLength: 20 },
);
type Drawn = typeof anyEntries extends fc.Arbitrary<infer T> ? T : never;

function chainOf(drawn: Drawn): Entry[] {
  let hash = genesisOf(recipientId);
  return drawn.map(({ minor, account, kind, reference, isBack, hasDonation }, at) => {
    const entry: Entry = {
      ...{ id: String(at + 3), kind: kind as Entry['kind'], reference, day: '2026-03-01' },
      ...{ donationId: hasDonation ? '4' : undefined, position: at + 1, hash: undefined },
      at: new Date(Date.UTC(2026, 2, 1, 10, 0, at, 123)),
      postings: { [account]: isBack ? -minor : minor, donations: isBack ? minor : -minor },
    };
    hash = linkHash(hash, at + 1, entry);
    return { ...entry, hash };
  });
}

/** From the cells of a file alone. */
function entriesIn(rows: Row[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const row of rows) {
    const { entry: id = '', record, position, kind, reference = '', account = '', at = '' } = row;
    const minor = minorOf(row['debit'], 2) - minorOf(row['credit'], 2);
    entries.set(id, {
      ...{ id, kind: kind as Entry['kind'], reference, day: row['entry-day'] ?? '' },
      ...{ donationId: record || undefined, position: Number(position), hash: undefined },
      at: new Date(at),
      postings: { ...entries.get(id)?.postings, [account]: minor },
    });
  }
  return [...entries.values()];
}

const sumsOf = (entries: Entry[]) => {
  const sums: Record<string, number> = {};
  for (const { postings } of entries) {
    for (const [account, minor] of Object.entries(postings)) {
      sums[account] = (sums[account] ?? 0) + minor;
    }
  }
  return sums;
};

const readers = {
  'CSV in English': (sheet: Sheet) => readCsv(sheet, 'en'),
  'CSV in French': (sheet: Sheet) => readCsv(sheet, 'fr'),
  XLSX: readXlsx,
};
for (const [format, read] of Object.entries(readers)) {
  test(`a ledger read back from ${format} has the same totals and the same digest`, (t) =>
    fc.assert(
      fc.asyncProperty(anyEntries, async (drawn) => {
        const chain = chainOf(drawn);
        const rows = await read(ledgerSheet(streamOf(chain), 'EUR'));
        const found = entriesIn(rows);
        const digest = found.reduce(
          (hash, entry) => linkHash(hash, entry.position ?? 0, entry),
          genesisOf(recipientId),
        );
        t.deepEqual(digest, chain.at(-1)?.hash ?? genesisOf(recipientId));
        t.is(rows.at(-1)?.['hash'], chain.at(-1)?.hash?.toString('hex'));
        t.deepEqual(sumsOf(found), sumsOf(chain));
      }),
      { numRuns: 40 },
    ));
}

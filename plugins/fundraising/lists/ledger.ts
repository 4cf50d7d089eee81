// The ledger as a file: what the chain vouches for stands in it, so that its digest can be reckoned again from the file alone.
import type { Entry } from '../ledger.sql.ts';
import type { Cell, Column, Sheet } from './sheet.ts';

const columns: Column[] = [
  { label: 'fundraising.list.column.position', kind: 'number' },
  { label: 'fundraising.list.column.entry', kind: 'text' },
  { label: 'fundraising.list.column.entry-day', kind: 'day' },
  { label: 'fundraising.list.column.at', kind: 'text' },
  { label: 'fundraising.list.column.kind', kind: 'text' },
  { label: 'fundraising.list.column.record', kind: 'text' },
  { label: 'fundraising.list.column.reference', kind: 'text' },
  { label: 'fundraising.list.column.account', kind: 'text' },
  { label: 'fundraising.list.column.debit', kind: 'amount' },
  { label: 'fundraising.list.column.credit', kind: 'amount' },
  { label: 'fundraising.list.column.hash', kind: 'text' },
];

/** A row a posting, in the order of the chain. Kinds and accounts are the ledger's own words, which the hash covers. */
export function ledgerSheet(entries: AsyncIterable<Entry>, currency: string): Sheet {
  return { columns, currency, rows: rowsOf(entries) };
}

async function* rowsOf(entries: AsyncIterable<Entry>): AsyncIterable<readonly Cell[]> {
  for await (const entry of entries) {
    const { position, id, day, at, kind, donationId, reference, hash } = entry;
    const postings = Object.entries(entry.postings).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [account, minor] of postings) {
      const sides = minor > 0 ? [minor, undefined] : [undefined, -minor];
      const said = [position, id, day, at.toISOString(), kind, donationId, reference, account];
      yield [...said, ...sides, hash?.toString('hex')];
    }
  }
}

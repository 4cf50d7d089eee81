// Money that came in, was never accepted and went back, return by return, whatever their number.
import type { Scope } from 'rostra/plugin';
import type { LedgerAccount } from '../ledger.sql.ts';
import { lineColumns, lineTables } from '../line.sql.ts';
import type { DonationLine } from '../line.ts';
import { held, heldBy } from '../office.sql.ts';
import { fromRow } from '../row.ts';
import type { Period } from './sheet.ts';

export interface ReturnLine extends DonationLine {
  entryId: string;
  /** ISO date. */
  returnedOn: string;
  /** What of the gift went back on that day, in the smallest unit. */
  returnedMinor: number;
  /** Out of which account of the ledger it went. */
  account: LedgerAccount;
  /** Of the cheque or transfer, or the provider's own. */
  reference: string;
  /** In the words of who sent it back; `undefined` where the provider did it of its own. */
  note: string | undefined;
}

const batch = 1_000;

/** One that failed came in again: it did not go back. */
const asked = (scope: Scope): string => `e.recipient_id = :recipientId and e.kind = 'returned'
  and e.day between :since and :until and h.amount_minor > 0
  and not exists (select from fundraising.entry f where f.recipient_id = e.recipient_id
    and f.kind = e.kind and f.reference = e.reference || ':failed')
  and ${held(scope, 'e.recipient_id')}`;

const entries = `fundraising.entry e
  join fundraising.posting h on h.entry_id = e.id and h.account = 'held'`;

/** By the day on which each went back. */
export async function* findReturns(
  scope: Scope,
  recipientId: string,
  { since, until }: Period,
): AsyncIterable<ReturnLine> {
  for (let last: ReturnLine | undefined; ; ) {
    const found = await scope.db.raw(
      `select ${lineColumns}, e.id as "entryId", to_char(e.day, 'YYYY-MM-DD') as "returnedOn",
         h.amount_minor as "returnedMinor", w.account, e.reference,
         nullif(f.why, 'provider') as note
       from ${entries}
       cross join lateral (select p.account from fundraising.posting p
         where p.entry_id = e.id and p.amount_minor < 0 order by p.amount_minor limit 1) w
       join (${lineTables}) on d.id = e.donation_id
       left join fundraising.refund f on f.donation_id = e.donation_id and f.reference = e.reference
       where ${asked(scope)} and (e.day, e.id) > (cast(:day as date), cast(:entryId as bigint))
       order by e.day, e.id limit :most`,
      {
        ...{ recipientId, since, until, most: batch, ...heldBy(scope) },
        ...{ day: last?.returnedOn ?? '0001-01-01', entryId: last?.entryId ?? '0' },
      },
    );
    const lines: ReturnLine[] = found.rows.map((row: Record<string, unknown>) =>
      fromRow<ReturnLine>(row, ['amountMinor', 'refundedMinor', 'returnedMinor']),
    );
    yield* lines;
    last = lines.at(-1);
    if (lines.length < batch) return;
  }
}

export async function countReturns(
  scope: Scope,
  recipientId: string,
  { since, until }: Period,
): Promise<number> {
  const found = await scope.db.raw(
    `select count(*) as count from ${entries} where ${asked(scope)}`,
    { recipientId, since, until, ...heldBy(scope) },
  );
  return Number(found.rows[0].count);
}

// Donations as lines of a list, batch by batch, whatever their number.
import type { Scope } from 'rostra/plugin';
import type { DonationLine, DonationState } from './line.ts';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

const batch = 1_000;

export interface LineQuery {
  /** First and last day of the act, as ISO dates. */
  since?: string;
  until?: string;
  /** All, if left out. */
  states?: readonly DonationState[];
  /** `day` if left out. By donor, each donor's by day; anonymous gifts come first. */
  order?: 'day' | 'donor';
  /** Lines that are read at a time. */
  batch?: number;
}

export const lineColumns = `d.id, d.recipient_id as "recipientId", d.state, to_char(d.given_on, 'YYYY-MM-DD') as "givenOn",
  d.settled_at as "settledAt", d.amount_minor as "amountMinor", d.refunded_minor as "refundedMinor", d.currency,
  d.method, d.source, d.donor_id as "donorId", g.type as "donorType", g.person_id as "personId", d.identity, d.fund,
  d.tracking, coalesce(d.statement_reference, b.statement_reference) as "statementReference",
  b.deposit_slip as "depositSlip", c.label as "receiptNumber", o.number as "officialNumber", d.why,
  to_char(d.return_by, 'YYYY-MM-DD') as "returnBy"`;

export const lineTables = `fundraising.donation d
  left join fundraising.donor g on g.id = d.donor_id
  left join fundraising.batch b on b.id = d.batch_id
  left join fundraising.receipt c on c.donation_id = d.id and c.kind = 'receipt' and c.voided_at is null
  left join fundraising.official_number o on o.donation_id = d.id`;

/** What was given before Rostra was in other books, and on the lists of those. */
const asked = (
  scope: Scope,
): string => `d.recipient_id = :recipientId and ${held(scope, 'd.recipient_id')}
  and d.source <> 'history'
  and (cast(:since as date) is null or d.given_on >= :since)
  and (cast(:until as date) is null or d.given_on <= :until)
  and (cast(:states as text[]) is null or d.state = any (:states))`;

function bindingsOf(scope: Scope, recipientId: string, { since, until, states }: LineQuery) {
  return {
    ...{ recipientId, since: since ?? null, until: until ?? null },
    states: states ? [...states] : null,
    ...heldBy(scope),
  };
}

/** What orders the lines, the last of which goes on with the next batch. */
const keys = {
  day: { sql: '(d.given_on, d.id)', after: '(cast(:day as date), cast(:id as bigint))' },
  donor: {
    sql: '(coalesce(d.donor_id, 0), d.given_on, d.id)',
    after: '(cast(:donorId as bigint), cast(:day as date), cast(:id as bigint))',
  },
};

export async function* findLines(
  scope: Scope,
  recipientId: string,
  query: LineQuery = {},
): AsyncIterable<DonationLine> {
  const { sql, after } = keys[query.order ?? 'day'];
  const most = query.batch ?? batch;
  const bindings = bindingsOf(scope, recipientId, query);
  let last: DonationLine | undefined;
  for (;;) {
    const found = await scope.db.raw(
      `select ${lineColumns} from ${lineTables} where ${asked(scope)} ${last ? `and ${sql} > ${after}` : ''}
       order by ${sql.slice(1, -1)} limit :most`,
      {
        ...{ ...bindings, most, day: last?.givenOn ?? null },
        ...{ donorId: last?.donorId ?? '0', id: last?.id ?? null },
      },
    );
    const lines: DonationLine[] = found.rows.map(lineOf);
    yield* lines;
    last = lines.at(-1);
    if (lines.length < most) return;
  }
}

export async function findLine(
  scope: Scope,
  recipientId: string,
  id: string,
): Promise<DonationLine | undefined> {
  const found = await scope.db.raw(
    `select ${lineColumns} from ${lineTables} where d.id = :id and ${asked(scope)}`,
    { ...bindingsOf(scope, recipientId, {}), id },
  );
  return found.rows[0] && lineOf(found.rows[0]);
}

/** How many there are, and what of them was kept. */
export async function sumLines(
  scope: Scope,
  recipientId: string,
  query: LineQuery = {},
): Promise<{ count: number; keptMinor: number }> {
  const found = await scope.db.raw(
    `select count(*) as count, coalesce(sum(d.amount_minor - d.refunded_minor)
       filter (where d.state = 'accepted'), 0) as kept
     from fundraising.donation d where ${asked(scope)}`,
    bindingsOf(scope, recipientId, query),
  );
  const [row] = found.rows;
  return { count: Number(row.count), keptMinor: Number(row.kept) };
}

function lineOf(row: Record<string, unknown>): DonationLine {
  return fromRow<DonationLine>(row, ['amountMinor', 'refundedMinor']);
}

// Batches: what was taken to the bank together, and the evidence of it and of single gifts.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow, toRow } from './row.ts';

export interface BatchValues {
  method: 'cheque' | 'cash' | 'transfer';
  depositSlip: string | undefined;
  statementReference: string | undefined;
  /** ISO date. */
  depositedOn: string | undefined;
  /** What the slip says, in the smallest unit. */
  declaredMinor: number | undefined;
}
export interface Batch extends BatchValues {
  id: string;
  recipientId: string;
  /** Of the recipient's, counted from 1 without a gap. */
  number: number;
  author: string;
  openedAt: Date;
  closedAt: Date | undefined;
  /** Of its donations that were accepted or are held, without what was handed back before it came to the bank. */
  sumMinor: number;
  gifts: number;
}

const columns = `b.id, b.recipient_id as "recipientId", b.number, b.method, b.deposit_slip as "depositSlip",
  b.statement_reference as "statementReference", to_char(b.deposited_on, 'YYYY-MM-DD') as "depositedOn",
  b.declared_minor as "declaredMinor", b.author, b.opened_at as "openedAt", b.closed_at as "closedAt",
  s.sum as "sumMinor", s.gifts`;
const from = `fundraising.batch b cross join lateral (
  select coalesce(sum(d.amount_minor + coalesce(w.went, 0)), 0) as sum, count(*) as gifts
  from fundraising.donation d left join lateral (
    select sum(p.amount_minor) as went from fundraising.entry e join fundraising.posting p on p.entry_id = e.id
    where e.donation_id = d.id and e.kind in ('refund', 'returned') and p.account in ('cash', 'cheques')) w on true
  where d.batch_id = b.id and d.state in ('accepted', 'held', 'refunded')) s`;

export async function findBatches(
  scope: Scope,
  recipientId: string,
  { before, most }: { before?: string | undefined; most: number },
): Promise<Batch[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where b.recipient_id = :recipientId and b.id < cast(:before as bigint) and ${held(scope, 'b.recipient_id')}
     order by b.id desc limit :most`,
    { recipientId, most, before: before ?? '9223372036854775807', ...heldBy(scope) },
  );
  return found.rows.map(batchOf);
}

export async function findBatch(scope: Scope, id: string): Promise<Batch | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from ${from} where b.id = :id and ${held(scope, 'b.recipient_id')}`,
    { id, ...heldBy(scope) },
  );
  return found.rows[0] && batchOf(found.rows[0]);
}

/** To the end of the transaction nothing is put into it, nor is it closed. */
export async function lockBatch(scope: Scope, id: string): Promise<Batch | undefined> {
  await scope.db.raw('select from fundraising.batch where id = :id for update', { id });
  return findBatch(scope, id);
}

export async function insertBatch(
  scope: Scope,
  recipientId: string,
  values: BatchValues,
): Promise<string> {
  await lockNumbers(scope, recipientId);
  const made = await scope.db.raw(
    `insert into fundraising.batch (recipient_id, number, method, deposit_slip, statement_reference, deposited_on,
       declared_minor, author, opened_at)
     values (:recipientId, (select coalesce(max(number), 0) + 1 from fundraising.batch
       where recipient_id = :recipientId), :method, :depositSlip, :statementReference, :depositedOn, :declaredMinor,
       :author, :now)
     returning id`,
    { ...toRow(values), recipientId, author: authorOf(scope), now: scope.now() },
  );
  return made.rows[0].id;
}

/** The open one of that kind that has no slip yet; made when there is none. */
export async function findLooseBatch(
  scope: Scope,
  recipientId: string,
  method: 'cheque' | 'cash',
): Promise<string> {
  await lockNumbers(scope, recipientId);
  const found = await scope.db.raw(
    `select b.id from fundraising.batch b
     where b.recipient_id = :recipientId and b.method = :method and b.closed_at is null
       and b.deposit_slip is null and b.deposited_on is null and b.declared_minor is null
       and ${held(scope, 'b.recipient_id')}
     order by b.id limit 1 for update of b`,
    { recipientId, method, ...heldBy(scope) },
  );
  const values = { method, depositSlip: undefined, statementReference: undefined };
  const none = { ...values, depositedOn: undefined, declaredMinor: undefined };
  return found.rows[0]?.id ?? insertBatch(scope, recipientId, none);
}

/** One at a time until the transaction ends, and not by a lock that a gift at the till waits for. */
async function lockNumbers(scope: Scope, recipientId: string): Promise<void> {
  await scope.db.raw(`select pg_advisory_xact_lock(hashtext('fundraising.batch'), :key)`, {
    key: Number(BigInt.asIntN(32, BigInt(recipientId))),
  });
}

/** Of one that is open. */
export async function updateBatch(scope: Scope, id: string, values: BatchValues): Promise<void> {
  const { method: _fixed, ...row } = toRow(values);
  await scope.db.raw(
    `update fundraising.batch b set deposit_slip = :depositSlip, statement_reference = :statementReference,
       deposited_on = :depositedOn, declared_minor = :declaredMinor
     where b.id = :id and b.closed_at is null and ${held(scope, 'b.recipient_id')}`,
    { ...row, id, ...heldBy(scope) },
  );
}

export async function closeBatch(scope: Scope, id: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.batch b set closed_at = :now
     where b.id = :id and b.closed_at is null and ${held(scope, 'b.recipient_id')}`,
    { id, now: scope.now(), ...heldBy(scope) },
  );
}

export interface EvidenceRow {
  id: string;
  donationId: string | undefined;
  batchId: string | undefined;
  name: string;
  type: string;
  bytes: number;
  author: string;
  at: Date;
}

export async function insertEvidence(
  scope: Scope,
  evidence: {
    recipientId: string;
    donationId?: string | undefined;
    batchId?: string | undefined;
    name: string;
    type: string;
    digest: Buffer;
    content: Buffer;
  },
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.evidence (recipient_id, donation_id, batch_id, name, type, digest, content, author, at)
     values (:recipientId, :donationId, :batchId, :name, :type, :digest, :content, :author, :now)`,
    {
      ...evidence,
      donationId: evidence.donationId ?? null,
      batchId: evidence.batchId ?? null,
      author: authorOf(scope),
      now: scope.now(),
    },
  );
}

export async function findEvidence(
  scope: Scope,
  of: { donationId?: string; batchId?: string },
): Promise<EvidenceRow[]> {
  const found = await scope.db.raw(
    `select e.id, e.donation_id as "donationId", e.batch_id as "batchId", e.name, e.type,
       length(e.content) as bytes, e.author, e.at
     from fundraising.evidence e
     where (e.donation_id = cast(:donationId as bigint) or e.batch_id = cast(:batchId as bigint))
       and ${held(scope, 'e.recipient_id')}
     order by e.id`,
    { donationId: of.donationId ?? null, batchId: of.batchId ?? null, ...heldBy(scope) },
  );
  return found.rows;
}

export async function findEvidenceFile(
  scope: Scope,
  recipientId: string,
  id: string,
): Promise<{ name: string; type: string; content: Buffer } | undefined> {
  const found = await scope.db.raw(
    `select e.name, e.type, e.content from fundraising.evidence e
     where e.id = :id and e.recipient_id = :recipientId and ${held(scope, 'e.recipient_id')}`,
    { id, recipientId, ...heldBy(scope) },
  );
  return found.rows[0];
}

export function authorOf({ actor }: Scope): string {
  return actor.kind === 'staff' ? actor.name : 'Rostra';
}

function batchOf(row: Record<string, unknown>): Batch {
  return fromRow<Batch>(row, ['sumMinor', 'gifts', 'declaredMinor']);
}

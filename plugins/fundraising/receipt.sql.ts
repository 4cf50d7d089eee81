// Receipts and their series; the numbers of official forms. Numbers are taken, never given back.
import { prepared, type Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

/** The recipient as it was on the day of the receipt. */
export interface Issuer {
  /** Whose recipient it is. */
  party: string;
  name: string;
  collector?: string;
  agent?: string;
  address: string;
  registerNumber?: string;
  election?: string;
  /** What its law wanted said of it: words of the locales. */
  notices: string[];
}

export interface ReceiptRow {
  id: string;
  recipientId: string;
  label: string;
  kind: 'receipt' | 'cancellation';
  donationId: string;
  /** Label of the receipt that it cancels. */
  cancels: string | undefined;
  /** Labels of those that cancel some or all of it. */
  cancelledBy: string | undefined;
  amountMinor: number;
  currency: string;
  /** ISO date. */
  issuedOn: string;
  issuedAt: Date;
  issuer: Issuer;
  isTest: boolean;
  voidedAt: Date | undefined;
  voidWhy: string | undefined;
}

export interface NewReceipt {
  recipientId: string;
  kind: 'receipt' | 'cancellation';
  donationId: string;
  cancelsId: string | undefined;
  amountMinor: number;
  currency: string;
  issuedOn: string;
  notices: readonly string[];
}

const columns = `c.id, c.recipient_id as "recipientId", c.label, c.kind, c.donation_id as "donationId",
  x.label as cancels, (select string_agg(y.label, ', ' order by y.id)
    from fundraising.receipt y where y.cancels_id = c.id) as "cancelledBy", c.amount_minor as "amountMinor", c.currency,
  to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", c.issued_at as "issuedAt", c.issuer, s.is_test as "isTest",
  c.voided_at as "voidedAt", c.void_why as "voidWhy"`;
const from = `fundraising.receipt c join fundraising.series s on s.id = c.series_id
  left join fundraising.receipt x on x.id = c.cancels_id`;

/**
 * Under the next number of its series; nobody else takes one of it until the transaction ends. `2026-000012`, and no test can
 * be taken for a real one. Answers its id; `undefined` for the receipt of a gift that has one which stands.
 */
export async function insertReceipt(
  scope: Scope,
  receipt: NewReceipt,
): Promise<string | undefined> {
  const made = await prepared(
    scope.db,
    `with taken as (
       insert into fundraising.series as s (recipient_id, year, is_test, last_number)
       select r.id, extract(year from cast(:issuedOn as date)), r.is_test, 1 from fundraising.recipient r
       where r.id = :recipientId and ${held(scope, 'r.id')}
         and (:kind = 'cancellation' or not exists (select from fundraising.receipt c
           where c.donation_id = :donationId and c.kind = 'receipt' and c.voided_at is null))
       on conflict (recipient_id, year, is_test) do update set last_number = s.last_number + 1
       returning *),
     numbered as (
       select t.*, case when t.is_test then 'TEST-' else '' end || t.year || '-'
         || lpad(t.last_number::text, greatest(6, length(t.last_number::text)), '0') as label
       from taken t)
     insert into fundraising.receipt (recipient_id, series_id, number, label, kind, donation_id, cancels_id,
       amount_minor, currency, issued_on, issued_at, issuer)
     select r.id, n.id, n.last_number, n.label, :kind, :donationId, :cancelsId, :amountMinor, :currency, :issuedOn, :now,
       jsonb_strip_nulls(jsonb_build_object('party', cast(:party as text), 'name', r.name, 'collector', r.collector,
         'agent', r.agent, 'address', r.address, 'registerNumber', r.register_number, 'election', r.election, 'notices', cast(:notices as jsonb)))
     from fundraising.recipient r join numbered n on n.recipient_id = r.id returning id`,
    {
      ...receipt,
      cancelsId: receipt.cancelsId ?? null,
      notices: JSON.stringify(receipt.notices),
      party: scope.organization.legal.controller ?? scope.organization.name,
      now: scope.now(),
      ...heldBy(scope),
    },
  );
  return made.rows[0]?.id;
}

export async function findReceipt(
  scope: Scope,
  recipientId: string,
  id: string,
): Promise<ReceiptRow | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where c.id = :id and c.recipient_id = :recipientId and ${held(scope, 'c.recipient_id')}`,
    { id, recipientId, ...heldBy(scope) },
  );
  return found.rows[0] && receiptOf(found.rows[0]);
}

/** All of one donation, voided and cancelling ones too, the oldest first. */
export async function findReceiptsOf(scope: Scope, donationId: string): Promise<ReceiptRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where c.donation_id = :donationId and ${held(scope, 'c.recipient_id')} order by c.id`,
    { donationId, ...heldBy(scope) },
  );
  return found.rows.map(receiptOf);
}

export interface FoundReceipt extends ReceiptRow {
  donor: string;
  official: string | undefined;
}

/** The newest first, before the one with the id `before`; by a part of a number or of the donor's name. */
export async function searchReceipts(
  scope: Scope,
  recipientId: string,
  { q, before, most }: { q: string; before: string | undefined; most: number },
): Promise<FoundReceipt[]> {
  const name = `coalesce(d.identity ->> 'legalName', concat_ws(' ', d.identity ->> 'givenName',
    d.identity ->> 'familyName'))`;
  const found = await scope.db.raw(
    `select ${columns}, ${name} as donor, o.number as official from ${from}
     join fundraising.donation d on d.id = c.donation_id
     left join fundraising.official_number o on o.donation_id = d.id
     where c.recipient_id = :recipientId and ${held(scope, 'c.recipient_id')}
       and c.id < cast(:before as bigint)
       and (:q = '' or strpos(lower(c.label), lower(:q)) > 0 or strpos(lower(o.number), lower(:q)) > 0
         or strpos(core.fold(${name}), core.fold(:q)) > 0)
     order by c.id desc limit :most`,
    { recipientId, q, before: before ?? '9223372036854775807', most, ...heldBy(scope) },
  );
  return found.rows.map((row: Record<string, unknown>) => ({
    ...receiptOf(row),
    donor: row['donor'],
    official: row['official'] ?? undefined,
  }));
}

/** Answers whether it held until now. */
export async function voidReceiptRow(
  scope: Scope,
  recipientId: string,
  id: string,
  why: string,
): Promise<boolean> {
  const voided = await scope.db.raw(
    `update fundraising.receipt c set voided_at = :now, void_why = :why
     where c.id = :id and c.recipient_id = :recipientId and c.voided_at is null
       and ${held(scope, 'c.recipient_id')}`,
    { id, recipientId, why, now: scope.now(), ...heldBy(scope) },
  );
  return voided.rowCount > 0;
}

function receiptOf(row: Record<string, unknown>): ReceiptRow {
  return fromRow<ReceiptRow>(row, ['amountMinor']);
}

export interface Paper {
  number: string;
  kind: string;
  amountMinor: number;
  currency: string;
  issuedOn: string;
  isVoid: boolean;
  official: string | undefined;
}

/** All receipts that a person was given, and the official numbers beside them; for the person's own rights. */
export async function findPapersOf(scope: Scope, personId: string): Promise<Paper[]> {
  const found = await scope.db.raw(
    `select c.label as number, c.kind, c.amount_minor as "amountMinor", c.currency,
       to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", c.voided_at is not null as "isVoid", o.number as official
     from fundraising.receipt c join fundraising.donation d on d.id = c.donation_id
       join fundraising.donor g on g.id = d.donor_id
       left join fundraising.official_number o on o.donation_id = d.id
     where g.person_id = :personId order by c.id`,
    { personId },
  );
  return found.rows.map((row: Paper & { amountMinor: string; official: string | null }) => ({
    ...row,
    amountMinor: Number(row.amountMinor),
    official: row.official ?? undefined,
  }));
}

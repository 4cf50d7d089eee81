// Donations: entered, found, and led from one state to the next.
import { type Citation, prepared, type Scope } from 'rostra/plugin';
import { donationOf } from './donation-row.ts';
import type { Identity } from './identity.ts';
import type { Method } from './index.ts';
import type { DonationState } from './line.ts';
import { held, heldBy } from './office.sql.ts';
import { toRow } from './row.ts';

export interface NewDonation {
  recipientId: string;
  donorId: string | undefined;
  state: 'pledged' | 'accepted' | 'held' | 'refused';
  amountMinor: number;
  currency: string;
  method: Method;
  givenOn: string;
  source: 'page' | 'staff' | 'history';
  pageId: string | undefined;
  fund: string | undefined;
  tracking: string | undefined;
  recruiterId: string | undefined;
  batchId: string | undefined;
  /** The same twice is one donation. */
  key: string;
  identity: Identity;
  /** What was attested, in the words that were shown. */
  attested: { word: string; text: string }[];
  decision: Citation[];
  why: string | undefined;
  capScope: string | undefined;
  capMinor: number | undefined;
  statementReference: string | undefined;
  returnBy: string | undefined;
}
export interface Donation extends Omit<NewDonation, 'state' | 'decision'> {
  id: string;
  state: DonationState;
  refundedMinor: number;
  personId: string | undefined;
  donorType: string | undefined;
  createdAt: Date;
  settledAt: Date | undefined;
  decision: Citation[];
}

export const donationColumns = `d.id, d.recipient_id as "recipientId", d.donor_id as "donorId", d.state,
  d.amount_minor as "amountMinor", d.refunded_minor as "refundedMinor", d.currency, d.method,
  to_char(d.given_on, 'YYYY-MM-DD') as "givenOn", d.source, d.page_id as "pageId", d.fund, d.tracking,
  d.recruiter_id as "recruiterId", d.batch_id as "batchId", d.key, d.identity, d.attested, d.decision, d.why,
  d.cap_scope as "capScope", d.cap_minor as "capMinor", d.statement_reference as "statementReference",
  to_char(d.return_by, 'YYYY-MM-DD') as "returnBy", d.created_at as "createdAt", d.settled_at as "settledAt",
  g.person_id as "personId", g.type as "donorType"`;
export const donationFrom =
  'fundraising.donation d left join fundraising.donor g on g.id = d.donor_id';

/** `undefined` when there is one with that key already. */
export async function insertDonation(
  scope: Scope,
  { identity, attested, decision, ...values }: NewDonation,
): Promise<Pick<Donation, 'id' | 'createdAt' | 'settledAt'> | undefined> {
  const made = await prepared(
    scope.db,
    `insert into fundraising.donation (recipient_id, donor_id, state, amount_minor, currency, method, given_on,
       source, page_id, fund, tracking, recruiter_id, batch_id, key, identity, attested, decision, why, cap_scope,
       cap_minor, statement_reference, return_by, created_at, settled_at)
     values (:recipientId, :donorId, :state, :amountMinor, :currency, :method, :givenOn, :source, :pageId, :fund,
       :tracking, :recruiterId, :batchId, :key, cast(:identity as jsonb), cast(:attested as jsonb),
       cast(:decision as jsonb), :why, :capScope, :capMinor, :statementReference, :returnBy, :now,
       case when :state in ('accepted', 'refused') then cast(:now as timestamptz) end)
     on conflict (recipient_id, key) do nothing
     returning id, created_at as "createdAt", settled_at as "settledAt"`,
    {
      ...toRow(values),
      identity: JSON.stringify(identity),
      attested: JSON.stringify(attested),
      decision: JSON.stringify(decision),
      now: scope.now(),
    },
  );
  const [row] = made.rows;
  return row && { ...row, settledAt: row.settledAt ?? undefined };
}

export async function findDonation(scope: Scope, id: string): Promise<Donation | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await prepared(
    scope.db,
    `select ${donationColumns} from ${donationFrom} where d.id = :id and ${held(scope, 'd.recipient_id')}`,
    { id, ...heldBy(scope) },
  );
  return found.rows[0] && donationOf(found.rows[0]);
}

/** To the end of the transaction nobody else leads it on. */
export async function lockDonation(scope: Scope, id: string): Promise<Donation | undefined> {
  // The donor first, as a gift at the till and a merge do: two that wait for each other in turn would never end.
  await prepared(
    scope.db,
    `select from fundraising.donor g
     where g.id = (select d.donor_id from fundraising.donation d where d.id = :id) for update`,
    { id },
  );
  await prepared(scope.db, 'select from fundraising.donation where id = :id for update', { id });
  return findDonation(scope, id);
}

export async function findDonationByKey(
  scope: Scope,
  recipientId: string,
  key: string,
): Promise<Donation | undefined> {
  const found = await prepared(
    scope.db,
    `select ${donationColumns} from ${donationFrom}
     where d.recipient_id = :recipientId and d.key = :key and ${held(scope, 'd.recipient_id')}`,
    { recipientId, key, ...heldBy(scope) },
  );
  return found.rows[0] && donationOf(found.rows[0]);
}

/** Those in one of the states, the newest first, before the one with the id `before`. */
export async function findDonations(
  scope: Scope,
  recipientId: string,
  asked: {
    states: readonly DonationState[];
    batchId?: string | undefined;
    before?: string | undefined;
    most: number;
  },
): Promise<Donation[]> {
  const found = await scope.db.raw(
    `select ${donationColumns} from ${donationFrom}
     where d.recipient_id = :recipientId and d.state = any (:states)
       and (cast(:batchId as bigint) is null or d.batch_id = :batchId)
       and d.id < cast(:before as bigint) and ${held(scope, 'd.recipient_id')}
     order by d.id desc limit :most`,
    {
      ...{ recipientId, most: asked.most, states: [...asked.states] },
      before: asked.before ?? '9223372036854775807',
      batchId: asked.batchId ?? null,
      ...heldBy(scope),
    },
  );
  return found.rows.map(donationOf);
}

export interface DonationStep {
  state: DonationState;
  why?: string | undefined;
  refundedMinor?: number;
  /** Where another amount came than was promised. */
  amountMinor?: number;
  returnBy?: string | undefined;
  donorId?: string | undefined;
}

/** Of one that is locked. */
export async function updateDonation(scope: Scope, id: string, step: DonationStep): Promise<void> {
  await prepared(
    scope.db,
    `update fundraising.donation d set state = :state, why = :why,
       refunded_minor = coalesce(cast(:refundedMinor as bigint), refunded_minor),
       amount_minor = coalesce(cast(:amountMinor as bigint), amount_minor),
       return_by = cast(:returnBy as date), donor_id = coalesce(cast(:donorId as bigint), donor_id),
       settled_at = :now
     where d.id = :id and ${held(scope, 'd.recipient_id')}`,
    {
      ...{ id, state: step.state, why: step.why ?? null, returnBy: step.returnBy ?? null },
      refundedMinor: step.refundedMinor ?? null,
      amountMinor: step.amountMinor ?? null,
      donorId: step.donorId ?? null,
      now: scope.now(),
      ...heldBy(scope),
    },
  );
}

/** That its donor was written to about that event; answers whether that is new. */
export async function noteWritten(scope: Scope, id: string, eventId: string): Promise<boolean> {
  const noted = await scope.db.raw(
    `update fundraising.donation d set written = array_append(d.written, cast(:eventId as uuid))
     where d.id = :id and not (d.written @> array[cast(:eventId as uuid)]) and ${held(scope, 'd.recipient_id')}`,
    { id, eventId, ...heldBy(scope) },
  );
  return noted.rowCount > 0;
}

/** A day after another, by a length of time as the law writes it. */
export async function addLength(scope: Scope, day: string, length: string): Promise<string> {
  const found = await scope.db.raw(
    `select to_char(cast(:day as date) + cast(:length as interval), 'YYYY-MM-DD') as day`,
    { day, length },
  );
  return found.rows[0].day;
}

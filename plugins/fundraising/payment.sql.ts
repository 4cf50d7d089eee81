// Payments through a provider: a row before an act, led forward by what the provider says.
import { prepared, type Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export type PaymentRowState = 'ready' | 'handed' | 'open' | 'succeeded' | 'failed' | 'unknown';

export interface Payment {
  id: string;
  recipientId: string;
  donationId: string;
  accountId: string;
  key: string;
  reference: string | undefined;
  state: PaymentRowState;
  paidMinor: number | undefined;
  feeMinor: number | undefined;
  /** Why what the provider says could not be entered: the word of an error. */
  fault: string | undefined;
  askedAt: Date | undefined;
  createdAt: Date;
  settledAt: Date | undefined;
}

const columns = `p.id, p.recipient_id as "recipientId", p.donation_id as "donationId", p.account_id as "accountId",
  p.key, p.reference, p.state, p.paid_minor as "paidMinor", p.fee_minor as "feeMinor", p.fault, p.asked_at as "askedAt",
  p.created_at as "createdAt", p.settled_at as "settledAt"`;

/** One a donation; the one that is there stays. */
export async function insertPayment(
  scope: Scope,
  payment: { recipientId: string; donationId: string; accountId: string },
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.payment (recipient_id, donation_id, account_id, created_at)
     values (:recipientId, :donationId, :accountId, :now) on conflict (donation_id) do nothing`,
    { ...payment, now: scope.now() },
  );
}

export async function findPayment(scope: Scope, id: string): Promise<Payment | undefined> {
  return one(scope, 'p.id = :id', { id });
}

export async function findPaymentOf(
  scope: Scope,
  donationId: string,
): Promise<Payment | undefined> {
  return one(scope, 'p.donation_id = :donationId', { donationId });
}

export async function findPaymentByReference(
  scope: Scope,
  accountId: string,
  reference: string,
): Promise<Payment | undefined> {
  // `:accountId` is that of the scope's staff.
  const where = 'p.account_id = :at and p.reference = :reference';
  return one(scope, where, { at: accountId, reference });
}

export async function findPaymentByKey(
  scope: Scope,
  accountId: string,
  key: string,
): Promise<Payment | undefined> {
  return one(scope, 'p.account_id = :at and p.key = :key', { at: accountId, key });
}

/** Until the transaction ends nobody else applies anything to it. */
export async function lockPayment(scope: Scope, id: string): Promise<Payment | undefined> {
  return one(scope, 'p.id = :id', { id }, 'for update of p');
}

export interface PaymentStep {
  state: PaymentRowState;
  reference?: string | undefined;
  paidMinor?: number | undefined;
  feeMinor?: number | undefined;
}

/** What is not said stays; now it was asked about. */
export async function updatePayment(scope: Scope, id: string, step: PaymentStep): Promise<void> {
  await prepared(
    scope.db,
    `update fundraising.payment p set state = :state, asked_at = :now, fault = null,
       reference = coalesce(reference, :reference),
       paid_minor = coalesce(cast(:paidMinor as bigint), paid_minor),
       fee_minor = coalesce(cast(:feeMinor as bigint), fee_minor),
       settled_at = case when :state in ('succeeded', 'failed')
         then coalesce(settled_at, cast(:now as timestamptz)) end
     where p.id = :id and ${held(scope, 'p.recipient_id')}`,
    {
      ...{ id, state: step.state, reference: step.reference ?? null, now: scope.now() },
      ...{ paidMinor: step.paidMinor ?? null, feeMinor: step.feeMinor ?? null },
      ...heldBy(scope),
    },
  );
}

/** Before the provider is spoken to. Answers whether it may be: one that ended is not opened again. */
export async function handPayment(scope: Scope, id: string): Promise<boolean> {
  const handed = await scope.db.raw(
    `update fundraising.payment p set asked_at = :now,
       state = case when state = 'open' then 'open' else 'handed' end
     where p.id = :id and state in ('ready', 'handed', 'open', 'unknown')
       and ${held(scope, 'p.recipient_id')}`,
    { id, now: scope.now(), ...heldBy(scope) },
  );
  return handed.rowCount > 0;
}

/** The provider could not be asked: the next time is later. */
export async function noteAsked(scope: Scope, id: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.payment p set asked_at = :now
     where p.id = :id and ${held(scope, 'p.recipient_id')}`,
    { id, now: scope.now(), ...heldBy(scope) },
  );
}

/** What the provider says of it could not be entered, or not all of it; `fault` is the word of the reason. */
export async function noteFault(scope: Scope, id: string, fault: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.payment p set fault = :fault
     where p.id = :id and ${held(scope, 'p.recipient_id')}`,
    { id, fault, ...heldBy(scope) },
  );
}

/** The oldest hundred of which something could not be entered. */
export async function findFaults(scope: Scope): Promise<{ donationId: string; fault: string }[]> {
  const found = await scope.db.raw(
    `select p.donation_id as "donationId", p.fault from fundraising.payment p
     where p.fault is not null and ${held(scope, 'p.recipient_id')} order by p.id limit 100`,
    heldBy(scope),
  );
  return found.rows;
}

/** The provider called about it: whoever asks next asks at once. */
export async function noteHeard(scope: Scope, accountId: string, reference: string): Promise<void> {
  await prepared(
    scope.db,
    `update fundraising.payment p set asked_at = null
     where p.account_id = :at and p.reference = :reference
       and ${held(scope, 'p.recipient_id')}`,
    { at: accountId, reference, ...heldBy(scope) },
  );
}

/**
 * Of the organization's own recipients that are open, for nothing is entered after the closing: what is to be asked about,
 * the longest unasked first. That is what is open, each time after a quarter of its age, and four hours at most; what was
 * paid and has no fee yet, for three days; and what the provider called about.
 */
export async function findUnsettled(
  scope: Scope,
  { before, most }: { before: Date; most: number },
): Promise<string[]> {
  const found = await scope.db.raw(
    `select p.id from fundraising.payment p join fundraising.recipient o on o.id = p.recipient_id
     where o.organization_id = :organizationId and o.closed_at is null and p.created_at < :before
       and (p.state not in ('succeeded', 'failed') or p.asked_at is null
         or (p.state = 'succeeded' and p.fee_minor is null
           and p.created_at > cast(:now as timestamptz) - interval '3 days'))
       and (p.asked_at is null or p.asked_at < cast(:before as timestamptz)
         - least((cast(:before as timestamptz) - p.created_at) / 4, interval '4 hours'))
       and ${held(scope, 'p.recipient_id')}
     order by p.asked_at nulls first, p.id limit :most`,
    { organizationId: scope.organization.id, before, most, now: scope.now(), ...heldBy(scope) },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** Of the organization's own recipients: gifts to be paid through a provider, promised before then, without a payment. */
export async function findLonePledges(
  scope: Scope,
  { before, most }: { before: Date; most: number },
): Promise<string[]> {
  const found = await scope.db.raw(
    `select d.id from fundraising.donation d join fundraising.recipient o on o.id = d.recipient_id
     where o.organization_id = :organizationId and o.closed_at is null and d.state = 'pledged' and d.created_at < :before
       and d.method in ('card', 'direct_debit') and d.source = 'page'
       and not exists (select from fundraising.payment p where p.donation_id = d.id)
       and ${held(scope, 'd.recipient_id')}
     order by d.id limit :most`,
    { organizationId: scope.organization.id, before, most, ...heldBy(scope) },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

async function one(
  scope: Scope,
  where: string,
  bindings: Record<string, string>,
  lock = '',
): Promise<Payment | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from fundraising.payment p where ${where} and ${held(scope, 'p.recipient_id')} ${lock}`,
    { ...bindings, ...heldBy(scope) },
  );
  return found.rows[0] && paymentOf(found.rows[0]);
}

function paymentOf(row: Record<string, unknown>): Payment {
  return fromRow<Payment>(row, ['paidMinor', 'feeMinor']);
}

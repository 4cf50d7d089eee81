// Money on its way back to a donor: through the provider that took it, or by hand.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export interface Refund {
  id: string;
  recipientId: string;
  donationId: string;
  amountMinor: number;
  why: string;
  byHand: boolean;
  key: string;
  reference: string | undefined;
  state: 'ready' | 'handed' | 'succeeded' | 'failed' | 'unknown';
  author: string | undefined;
  /** Not where it was made at the provider's own desk: it is followed, and never ordered again. */
  isOrdered: boolean;
  createdAt: Date;
  settledAt: Date | undefined;
}

const columns = `b.id, b.recipient_id as "recipientId", b.donation_id as "donationId", b.amount_minor as "amountMinor",
  b.why, b.by_hand as "byHand", b.key, b.reference, b.state, b.author, b.is_ordered as "isOrdered",
  b.created_at as "createdAt",
  b.settled_at as "settledAt"`;

export type NewRefund = Pick<
  Refund,
  'recipientId' | 'donationId' | 'amountMinor' | 'why' | 'byHand' | 'author'
> & { reference?: string | undefined; isOrdered?: boolean; key?: string | undefined };

/** One a key; of a key that is there already `undefined`. */
export async function insertRefundOnce(
  scope: Scope,
  refund: NewRefund,
): Promise<Refund | undefined> {
  const made = await scope.db.raw(
    `insert into fundraising.refund as b (recipient_id, donation_id, amount_minor, why, by_hand, author, reference,
       is_ordered, key, created_at)
     values (:recipientId, :donationId, :amountMinor, :why, :byHand, :author, :reference, :isOrdered,
       coalesce(cast(:key as text), gen_random_uuid()::text), :now)
     on conflict (key) do nothing returning ${columns}`,
    {
      ...refund,
      author: refund.author ?? null,
      reference: refund.reference ?? null,
      isOrdered: refund.isOrdered ?? true,
      key: refund.key ?? null,
      now: scope.now(),
    },
  );
  return made.rows[0] && refundOf(made.rows[0]);
}

export async function insertRefund(scope: Scope, refund: Omit<NewRefund, 'key'>): Promise<Refund> {
  const made = await insertRefundOnce(scope, refund);
  if (!made) throw new Error('A refund with a key of its own was there already.');
  return made;
}

export async function findRefund(scope: Scope, id: string): Promise<Refund | undefined> {
  const [found] = await all(scope, 'b.id = :id', { id });
  return found;
}

/** Of one donation, the oldest first. */
export async function findRefundsOf(scope: Scope, donationId: string): Promise<Refund[]> {
  return all(scope, 'b.donation_id = :donationId', { donationId });
}

export async function updateRefund(
  scope: Scope,
  id: string,
  step: { state: Refund['state']; reference?: string | undefined },
): Promise<void> {
  await scope.db.raw(
    `update fundraising.refund b set state = :state, reference = coalesce(reference, :reference),
       settled_at = case when :state in ('succeeded', 'failed') then cast(:now as timestamptz) end
     where b.id = :id and ${held(scope, 'b.recipient_id')}`,
    {
      ...{ id, state: step.state, reference: step.reference ?? null, now: scope.now() },
      ...heldBy(scope),
    },
  );
}

/** Of the organization's own recipients, ordered before then and not settled. */
export async function findUnsettledRefunds(
  scope: Scope,
  { before, most }: { before: Date; most: number },
): Promise<string[]> {
  const found = await scope.db.raw(
    `select b.id from fundraising.refund b join fundraising.recipient o on o.id = b.recipient_id
     where o.organization_id = :organizationId and o.closed_at is null and b.created_at < :before
       and b.state not in ('succeeded', 'failed') and b.is_ordered and not b.by_hand
       and ${held(scope, 'b.recipient_id')}
     order by b.id limit :most`,
    { organizationId: scope.organization.id, before, most, ...heldBy(scope) },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** The payments of refunds that are on their way from the provider's own desk, told of before then: it is asked of those. */
export async function findFollowedRefunds(
  scope: Scope,
  { before, most }: { before: Date; most: number },
): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct p.id from fundraising.refund b join fundraising.recipient o on o.id = b.recipient_id
       join fundraising.payment p on p.donation_id = b.donation_id
     where o.organization_id = :organizationId and o.closed_at is null and b.created_at < :before
       and b.state not in ('succeeded', 'failed') and not b.is_ordered
       and ${held(scope, 'b.recipient_id')}
     order by p.id limit :most`,
    { organizationId: scope.organization.id, before, most, ...heldBy(scope) },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

async function all(
  scope: Scope,
  where: string,
  bindings: Record<string, string>,
): Promise<Refund[]> {
  const found = await scope.db.raw(
    `select ${columns} from fundraising.refund b
     where ${where} and ${held(scope, 'b.recipient_id')} order by b.id`,
    { ...bindings, ...heldBy(scope) },
  );
  return found.rows.map(refundOf);
}

function refundOf(row: Record<string, unknown>): Refund {
  return fromRow<Refund>(row, ['amountMinor']);
}

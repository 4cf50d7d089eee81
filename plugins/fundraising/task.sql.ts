// What waits for a treasurer beside donations that are held: money over a cap that two records together gave.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { takesRoom } from './room.sql.ts';

export interface ExcessRow {
  id: string;
  recipientId: string;
  donationId: string;
  excessMinor: number;
  capScope: string;
  raisedAt: Date;
}

/** Once a donor and scope; what is more by now replaces what was. */
export async function raiseExcess(
  scope: Scope,
  excess: { recipientId: string; donationId: string; capScope: string; excessMinor: number },
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.excess (recipient_id, donation_id, cap_scope, excess_minor, raised_at)
     values (:recipientId, :donationId, :capScope, :excessMinor, :now)
     on conflict (donation_id) do update set excess_minor = excluded.excess_minor, settled_at = null`,
    { ...excess, now: scope.now() },
  );
}

export async function findExcessTasks(scope: Scope, recipientId: string): Promise<ExcessRow[]> {
  const found = await scope.db.raw(
    `select e.id, e.recipient_id as "recipientId", e.donation_id as "donationId",
       e.excess_minor as "excessMinor", e.cap_scope as "capScope", e.raised_at as "raisedAt"
     from fundraising.excess e
     where e.recipient_id = :recipientId and e.settled_at is null and ${held(scope, 'e.recipient_id')}
     order by e.id`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows.map((row: { excessMinor: string }) => ({
    ...row,
    excessMinor: Number(row.excessMinor),
  }));
}

/** Enough went back, of that donation or of the donor's others: all that the donor gave is within the cap again. */
export async function settleExcess(scope: Scope, donationId: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.excess e set settled_at = :now
     from fundraising.donation d
     where d.id = e.donation_id and e.settled_at is null and ${held(scope, 'e.recipient_id')}
       and d.donor_id = (select one.donor_id from fundraising.donation one where one.id = :donationId)
       and d.cap_minor >= (select coalesce(sum(other.amount_minor - other.refunded_minor), 0)
         from fundraising.donation other where other.donor_id = d.donor_id
           and other.cap_scope = e.cap_scope and ${takesRoom('other')})`,
    { donationId, now: scope.now(), ...heldBy(scope) },
  );
}

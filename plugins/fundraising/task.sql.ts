// What waits for a treasurer beside donations that are held: money over a cap that two records together gave.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';

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

/** Enough went back of that donation, or of the donor's others. */
export async function settleExcess(scope: Scope, donationId: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.excess e set settled_at = :now
     where e.donation_id = :donationId and e.settled_at is null and ${held(scope, 'e.recipient_id')}
       and e.excess_minor <= (select d.refunded_minor from fundraising.donation d where d.id = e.donation_id)`,
    { donationId, now: scope.now(), ...heldBy(scope) },
  );
}

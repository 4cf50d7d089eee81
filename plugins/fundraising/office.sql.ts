// Offices: who may touch the money of which recipient. Every query on money is bounded by them.
import type { Scope } from 'rostra/plugin';

export type Duty = 'treasurer' | 'delegate' | 'accountant';

export interface OfficeRow {
  id: string;
  recipientId: string;
  accountId: string;
  duty: Duty;
  since: Date;
  endedAt: Date | null;
}

/**
 * A condition on a column with a recipient's id: of staff, those they hold an office of; of a job, a page or the operator,
 * those of the organization and below. With `heldBy(scope)` among the bindings.
 */
export function held(scope: Scope, column: string): string {
  const office = `exists (select from fundraising.office o
    where o.recipient_id = r.id and o.account_id = :accountId and o.ended_at is null)`;
  const isHeld = scope.actor.kind === 'staff' ? office : 'true';
  return `${column} in (select r.id from fundraising.recipient r where ${within(scope)} and ${isHeld})`;
}

export function heldBy(scope: Scope) {
  return { ...boundOf(scope), accountId: accountOf(scope) };
}

/** A condition on a recipient `r`: of the organization or below it. With `boundOf(scope)` among the bindings. */
export function within(scope: Scope): string {
  return scope.bound ? 'r.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

export function boundOf(scope: Scope) {
  return { bound: [...(scope.bound ?? [])] };
}

/** `0`, which is nobody's, of who is no staff. */
export function accountOf({ actor }: Scope): string {
  return actor.kind === 'staff' ? actor.accountId : '0';
}

/** The one that the scope's staff hold; `undefined` for none. */
export async function findDuty(scope: Scope, recipientId: string): Promise<Duty | undefined> {
  const found = await scope.db.raw(
    `select o.duty from fundraising.office o
     where o.recipient_id = :recipientId and o.account_id = :accountId and o.ended_at is null
       and ${held(scope, 'o.recipient_id')}`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows[0]?.duty;
}

/** Those that are held now, and those that were. */
export async function findOffices(scope: Scope, recipientId: string): Promise<OfficeRow[]> {
  const found = await scope.db.raw(
    `select o.id, o.recipient_id as "recipientId", o.account_id as "accountId", o.duty, o.since,
       o.ended_at as "endedAt"
     from fundraising.office o
     where o.recipient_id = :recipientId and ${held(scope, 'o.recipient_id')}
     order by o.ended_at desc nulls first, o.id`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows;
}

/** In place of the one that the account holds there. */
export async function insertOffice(
  scope: Scope,
  office: { recipientId: string; accountId: string; duty: Duty },
): Promise<void> {
  await endOffice(scope, office.recipientId, office.accountId);
  await scope.db.raw(
    `insert into fundraising.office (recipient_id, account_id, duty, since)
     values (:recipientId, :accountId, :duty, :now)`,
    { ...office, now: scope.now() },
  );
}

/** Answers whether there was one. */
export async function endOffice(
  scope: Scope,
  recipientId: string,
  accountId: string,
): Promise<boolean> {
  const ended = await scope.db.raw(
    `update fundraising.office o set ended_at = :now from fundraising.recipient r
     where o.recipient_id = r.id and r.id = :recipientId and o.account_id = :accountId
       and o.ended_at is null and ${within(scope)}`,
    { recipientId, accountId, now: scope.now(), ...boundOf(scope) },
  );
  return ended.rowCount > 0;
}

/** Locked, so that two do not leave at once and nobody stays. */
export async function lockTreasurers(scope: Scope, recipientId: string): Promise<string[]> {
  await scope.db.raw('select from fundraising.recipient where id = :recipientId for update', {
    recipientId,
  });
  const found = await scope.db.raw(
    `select o.account_id as id from fundraising.office o join core.account a on a.id = o.account_id
     where o.recipient_id = :recipientId and o.duty = 'treasurer' and o.ended_at is null
       and a.disabled_at is null`,
    { recipientId },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

// How many letters a mail server has room for, where it takes so many an hour: whichever process asks.
import type { Scope } from 'rostra/plugin';

export interface Pace {
  /** Of who set it, else of all below the party. */
  isOwn: boolean;
  /** Seconds from one letter to the next. */
  gap: number;
  /** Not earlier than this one begins to count: what nobody used is lost. */
  from: Date;
}

const keeper = `coalesce(case when :isOwn then cast(:organizationId as bigint) end,
  (select id from core.organization where parent_id is null))`;
const bindingsOf = (scope: Scope, { isOwn, gap, from }: Pace) => ({
  ...{ isOwn, gap, from, organizationId: scope.organization.id, now: scope.now() },
});

/** So many of `most` as there is room for now, counted; held until the transaction ends. */
export async function takePace(scope: Scope, pace: Pace, most: number): Promise<number> {
  const bindings = { ...bindingsOf(scope, pace), most };
  await scope.db.raw(
    `insert into email.pace (organization_id, free_at) values (${keeper}, :from) on conflict do nothing`,
    bindings,
  );
  const found = await scope.db.raw(
    `with room as (
       select organization_id, greatest(free_at, cast(:from as timestamptz)) as base,
         least(cast(:most as int), greatest(0, floor(extract(epoch from
           cast(:now as timestamptz) - greatest(free_at, cast(:from as timestamptz))) / cast(:gap as float8))::int)) as count
       from email.pace where organization_id = ${keeper} for update)
     update email.pace p set free_at = room.base + room.count * cast(:gap as float8) * interval '1 second'
     from room where p.organization_id = room.organization_id returning room.count`,
    bindings,
  );
  return found.rows[0]?.count ?? 0;
}

/** What was taken and never handed over. */
export async function giveBackPace(scope: Scope, pace: Pace, count: number): Promise<void> {
  await scope.db.raw(
    `update email.pace set free_at = free_at - cast(:count as int) * cast(:gap as float8) * interval '1 second'
     where organization_id = ${keeper}`,
    { ...bindingsOf(scope, pace), count },
  );
}

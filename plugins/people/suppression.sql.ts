// Suppressions: addresses never to be used again, known by a keyed hash alone.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';

export type SuppressionReason = 'objection' | 'complaint' | 'unsubscribed' | 'erased' | 'dead';

/**
 * One that stands already for somebody else, or for one who was erased, is from then on nobody's to lift.
 * What is for good takes the place of having unsubscribed, never the other way round.
 */
export async function insertSuppression(
  scope: Scope,
  suppression: { kind: string; hash: string; personId: string | null; reason: string },
): Promise<void> {
  await scope.db.raw(
    `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
     values (:kind, decode(:hash, 'hex'), :personId, :organizationId, :reason, :now)
     on conflict (kind, hash) do update set person_id =
       case when people.suppression.person_id = excluded.person_id then excluded.person_id end,
       reason = case when people.suppression.reason in ('unsubscribed', 'dead') then excluded.reason
         else people.suppression.reason end`,
    { ...bounds(scope), ...suppression },
  );
}

/** As it stands in a suppression. */
export async function findHash(scope: Scope, kind: string, address: string): Promise<string> {
  const found = await scope.db.raw(
    `select encode(people.keyed_hash(:kind, :address), 'hex') as hash`,
    { kind, address },
  );
  return found.rows[0].hash;
}

export async function deleteSuppression(
  scope: Scope,
  personId: string,
  kind: string,
  address: string,
): Promise<number> {
  if (!isId(personId)) return 0;
  const found = await scope.db.raw(
    `delete from people.suppression s where s.kind = :kind and s.person_id = :personId
       and (s.hash = people.keyed_hash(:kind, :address) or ${ofGoneAddress}) and ${seen(scope, 's.person_id')}`,
    { ...bounds(scope), personId, kind, address },
  );
  return found.rowCount ?? 0;
}

/** A `people.suppression s` of the person's own will, for an address that is no longer theirs: it goes on for the rest. */
export const ofGoneAddress = `s.reason <> 'dead' and not exists (
  select from (
    select hash from people.email_address where s.kind = 'email' and person_id = s.person_id
    union all select hash from people.phone_number where s.kind = 'phone' and person_id = s.person_id) way
  where way.hash = s.hash)`;

/** Whether the person asked not to be reached on this kind of address, or every one of theirs is stopped. */
export const isStopped = (kind: string, person: string): string => `(case when
  exists (select from people.stopped_way w where w.kind = ${kind} and w.person_id = ${person} offset 0)
  or exists (select from people.suppression s where s.kind = ${kind} and s.person_id = ${person} offset 0)
  then people.is_stopped(${kind}, ${person}) else false end)`;

/** Also where another person, or one who was erased, had unsubscribed it: whose address it is has come back. */
export async function deleteUnsubscribed(
  scope: Scope,
  personId: string,
  kind: string,
  address: string,
): Promise<number> {
  const found = await scope.db.raw(
    `delete from people.suppression s where s.kind = :kind
       and (s.hash = people.keyed_hash(:kind, :address) or s.person_id = :personId and ${ofGoneAddress})
       and s.reason in ('unsubscribed', 'dead') and ${seen(scope, 'cast(:personId as bigint)')}`,
    { ...bounds(scope), personId, kind, address },
  );
  return found.rowCount ?? 0;
}

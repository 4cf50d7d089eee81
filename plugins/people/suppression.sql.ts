// Suppressions: addresses never to be used again, known by a keyed hash alone.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';

export type SuppressionReason = 'objection' | 'complaint' | 'unsubscribed' | 'erased';

/** One that stands already for somebody else, or for one who was erased, is from then on nobody's to lift. */
export async function insertSuppression(
  scope: Scope,
  suppression: { kind: string; address: string; personId: string | null; reason: string },
): Promise<void> {
  await scope.db.raw(
    `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
     values (:kind, people.keyed_hash(:kind, :address), :personId, :organizationId, :reason, :now)
     on conflict (kind, hash) do update set person_id =
       case when people.suppression.person_id = excluded.person_id then excluded.person_id end`,
    { ...bounds(scope), ...suppression },
  );
}

export async function deleteSuppression(
  scope: Scope,
  personId: string,
  kind: string,
  address: string,
): Promise<number> {
  if (!isId(personId)) return 0;
  const found = await scope.db.raw(
    `delete from people.suppression s where s.kind = :kind and s.hash = people.keyed_hash(:kind, :address)
       and s.person_id = :personId and ${seen(scope, 's.person_id')}`,
    { ...bounds(scope), personId, kind, address },
  );
  return found.rowCount ?? 0;
}

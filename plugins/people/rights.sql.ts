// Whether a person is known to other parts of the party than the scope's.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';

/** Asked within a write: a chapter's own reading sees no others. Never for the party itself, which sees all. */
export async function hasOtherAffiliations(scope: Scope, personId: string): Promise<boolean> {
  if (!scope.bound) return false;
  const found = await scope.db.raw(
    `select exists (select from people.affiliation a where a.person_id = :personId
       and not a.organization_id = any (cast(:bound as bigint[]))) as others`,
    { ...bounds(scope), personId },
  );
  return found.rows[0].others;
}

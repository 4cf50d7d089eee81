// Sign-ups that came by a link with a tracking code: counted, and nobody's.
import type { Scope } from 'rostra/plugin';

export async function insertTracked(scope: Scope, tracking: string): Promise<void> {
  await scope.db.raw(
    'insert into website.tracked (organization_id, tracking) values (:organizationId, :tracking)',
    { organizationId: scope.organization.id, tracking },
  );
}

/** Wherever in the party: who asks knows the code. */
export async function countTracked(scope: Scope, tracking: string): Promise<number> {
  const found = await scope.db.raw(
    'select count(*)::int as count from website.tracked where tracking = :tracking',
    { tracking },
  );
  return found.rows[0].count;
}

// To whom a message went that told them their address came from a list.
import type { Scope } from 'rostra/plugin';

/** The first that was taken; of these people alone, whichever part of the party wrote. */
export async function findToldSource(
  scope: Scope,
  personIds: readonly string[],
): Promise<{ personId: string; at: Date }[]> {
  const found = await scope.db.raw(
    `select r.person_id as "personId", min(r.settled_at) as at from outreach.recipient r
     where r.person_id = any (cast(:ids as bigint[])) and r.state = 'accepted' and not r.is_direct
     group by r.person_id`,
    { ids: [...personIds] },
  );
  return found.rows;
}

// How many messages people got of late, on whichever channel.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/**
 * Of whoever is written to beside this send. `got`: handed over since; `held`: claimed by another send in this moment. A
 * person gets what every part of the party sends, so all of it counts.
 */
export async function findRecent(
  scope: Scope,
  sendId: string,
  personIds: readonly string[],
  since: Date,
): Promise<{ personId: string; got: number; held: number }[]> {
  const found = await scope.db.raw(
    `select r.person_id as "personId", count(*) filter (where r.state <> 'claimed')::int as got,
       count(*) filter (where r.state = 'claimed')::int as held
     from outreach.recipient r
     where r.person_id = any (cast(:ids as bigint[])) and r.send_id <> :sendId
       and (r.state = 'claimed' or r.state in ('handed', 'accepted', 'unknown') and r.handed_at > :since)
     group by r.person_id`,
    { ids: [...personIds], sendId, since },
  );
  return found.rows;
}

/** Who got as many since, as far as the scope sees it. */
export async function findFull(
  scope: Scope,
  { most, since, limit }: { most: number; since: Date; limit: number },
): Promise<string[]> {
  const found = await scope.db.raw(
    `select r.person_id as id from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.state in ('handed', 'accepted', 'unknown') and r.handed_at > :since and r.person_id is not null
       and ${within(scope)}
     group by r.person_id having count(*) >= :most limit :limit`,
    { ...boundOf(scope), most, since, limit },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

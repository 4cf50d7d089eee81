// Recipients whose turn came at a time at which they are not to be written to.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/** `quiet`: at this hour nobody may be disturbed; `often`: they got as many as one may get. */
export interface Wait {
  id: string;
  dueAt: Date;
  why: 'quiet' | 'often';
}

/** Back until then; it was no attempt. */
export async function putOff(scope: Scope, waits: readonly Wait[], holder: string): Promise<void> {
  if (waits.length === 0) return;
  await scope.db.raw(
    `update outreach.recipient r set state = 'ready', holder = null, due_at = each.due, answer = each.why,
       attempts = attempts - 1
     from unnest(cast(:ids as bigint[]), cast(:dues as timestamptz[]), cast(:whys as text[])) as each (id, due, why)
     where r.id = each.id and r.state = 'claimed' and r.holder = :holder`,
    {
      ids: waits.map(({ id }) => id),
      dues: waits.map(({ dueAt }) => dueAt),
      whys: waits.map(({ why }) => why),
      holder,
    },
  );
}

/** How many wait so, and until when the first of them does. */
export async function findWaits(
  scope: Scope,
  sendId: string,
): Promise<{ why: Wait['why']; people: number; until: Date }[]> {
  const found = await scope.db.raw(
    `select r.answer as why, count(*)::int as people, min(r.due_at) as until
     from outreach.recipient r join outreach.send s on s.id = r.send_id
     where r.send_id = :sendId and r.state = 'ready' and r.answer in ('quiet', 'often') and r.due_at > :now
       and ${within(scope)} group by r.answer order by r.answer desc`,
    { ...boundOf(scope), sendId },
  );
  return found.rows;
}

// Recipients of whom nobody knows whether they have it.
import type { Scope } from 'rostra/plugin';
import { boundOf, within } from './bound.ts';

/** As if their turn had not come; the name of the message stays, by which some mailboxes know it again. */
export async function renewUnknown(scope: Scope, sendId: string): Promise<number> {
  const found = await scope.db.raw(
    `update outreach.recipient r set state = 'ready', holder = null, answer = null, settled_at = null, due_at = :now
     from outreach.send s where s.id = r.send_id and r.send_id = :sendId and r.state = 'unknown'
       and r.person_id is not null and s.state in ('done', 'sending', 'paused') and ${within(scope)}`,
    { ...boundOf(scope), sendId },
  );
  return found.rowCount ?? 0;
}

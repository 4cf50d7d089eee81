// How much of the ledger a file will hold, before it is begun.
import type { Scope } from 'rostra/plugin';
import { held, heldBy } from '../office.sql.ts';
import type { Period } from './sheet.ts';

export async function countEntries(
  scope: Scope,
  recipientId: string,
  { since, until }: Period,
): Promise<number> {
  const found = await scope.db.raw(
    `select count(*) as count from fundraising.entry e
     where e.recipient_id = :recipientId and e.day between :since and :until
       and ${held(scope, 'e.recipient_id')}`,
    { recipientId, since, until, ...heldBy(scope) },
  );
  return Number(found.rows[0].count);
}

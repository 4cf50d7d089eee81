// At which elections the candidates stand whose recipients there are.
import type { Scope } from 'rostra/plugin';
import { boundOf, held, heldBy, within } from './office.sql.ts';

/** As they were written, told to who founds another recipient: of one election there should be one name. */
export async function findElections(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct r.election from fundraising.recipient r
     where r.election is not null and ${within(scope)}
     order by r.election`,
    boundOf(scope),
  );
  return found.rows.map(({ election }: { election: string }) => election);
}

/** Whether anything was ever given to it, so that its caps are reckoned by what it is. */
export async function hasGifts(scope: Scope, recipientId: string): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from fundraising.donation d
       where d.recipient_id = :recipientId and ${held(scope, 'd.recipient_id')}) as "hasGifts"`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows[0].hasGifts;
}

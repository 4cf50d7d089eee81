// At which elections the candidates stand whose recipients there are, and in which regions its committees are.
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

/** In which somebody founded one already. */
export async function findRegions(scope: Scope): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct r.region from fundraising.recipient r
     where r.region is not null and ${within(scope)}
     order by r.region`,
    boundOf(scope),
  );
  return found.rows.map(({ region }: { region: string }) => region);
}

/** What was given before it was said in which region it is counts with what that region's others were given. */
export async function moveToRegion(
  scope: Scope,
  recipientId: string,
  region: string,
): Promise<void> {
  await scope.db.raw(
    `update fundraising.donation d
     set cap_scope = replace(d.cap_scope, :alone, :together)
     where d.recipient_id = :recipientId and (d.cap_scope like :ownScopes or d.cap_scope like :testScopes)
       and ${held(scope, 'd.recipient_id')}`,
    {
      ...{ recipientId, alone: `recipient:${recipientId}/`, together: `region:${region}/` },
      ...{ ownScopes: `recipient:${recipientId}/%`, testScopes: `test:recipient:${recipientId}/%` },
      ...heldBy(scope),
    },
  );
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

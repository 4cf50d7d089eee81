// What imported lists said of a person's agreement, without proof: shown, and never sent on.
import type { Scope } from 'rostra/plugin';
import { bounds, ofOurs, seen } from './bound.ts';

export interface ClaimRow {
  channel: string;
  origin: string | null;
  at: Date;
  organization: string;
  /** When the mailbox was asked to confirm it. */
  askedAt: Date | null;
}

export async function findClaims(scope: Scope, personId: string): Promise<ClaimRow[]> {
  const found = await scope.db.raw(
    `select c.channel, i.origin, c.at, c.organization_id as organization, c.asked_at as "askedAt" from people.consent_claim c
     left join people.import i on i.id = c.import_id
     where c.person_id = :personId and ${seen(scope, 'c.person_id')}
       and ${ofOurs(scope, 'c.organization_id')}
     order by c.channel, c.at`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

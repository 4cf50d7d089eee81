// That people whom a list says that they agreed are asked to confirm it.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';

/** Of these people, those who had not been asked by the organization; from now on they have. */
export async function markAsked(
  scope: Scope,
  ids: readonly string[],
): Promise<{ personId: string; channel: 'email' | 'sms' }[]> {
  const found = await scope.db.raw(
    `update people.consent_claim c set asked_at = :now
     where c.person_id = any (cast(:ids as bigint[])) and c.asked_at is null and c.channel = 'email'
       and c.organization_id = :organizationId and ${seen(scope, 'c.person_id')}
     returning c.person_id as "personId", c.channel`,
    { ...bounds(scope), ids: [...ids] },
  );
  return found.rows;
}

/** Of those who were asked by the organization: how many, and how many of them said yes since. */
export async function findAnswers(scope: Scope): Promise<{ asked: number; confirmed: number }> {
  const found = await scope.db.raw(
    `select count(*)::int as asked, count(*) filter (where exists (
         select 1 from people.consent yes where yes.person_id = c.person_id and yes.channel = c.channel
           and yes.given and yes.at >= c.asked_at))::int as confirmed
     from people.consent_claim c
     where c.channel = 'email' and c.asked_at is not null
       and c.organization_id = :organizationId and ${seen(scope, 'c.person_id')}`,
    bounds(scope),
  );
  return found.rows[0];
}

// What a person would have to say no to, one by one: asked of the whole party.
import type { Scope } from 'rostra/plugin';

/** What stands as given, to whichever part of the party. */
export async function findGiven(
  scope: Scope,
  personId: string,
): Promise<{ channel: string; purpose: string; organizationId: string }[]> {
  const found = await scope.db.raw(
    `select last.channel, last.purpose, last.organization_id as "organizationId" from (
       select distinct on (c.organization_id, c.channel, c.purpose) c.organization_id, c.channel, c.purpose, c.given
       from people.consent c where c.person_id = :personId
       order by c.organization_id, c.channel, c.purpose, c.id desc) last
     where last.given`,
    { personId },
  );
  return found.rows;
}

export async function findLetters(scope: Scope, personId: string): Promise<string[]> {
  const found = await scope.db.raw(
    `select s.newsletter_id as id from people.subscription s join people.newsletter n on n.id = s.newsletter_id
     where s.person_id = :personId and s.until is null and n.closed_at is null`,
    { personId },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

// On what it would rest to note of somebody what they said.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import { countryOf } from './person.sql.ts';

export interface Ground {
  relation: string | null;
  country: string | null;
  /** They said no to whatever is done with their data for messages, or called one unwanted. */
  hasObjected: boolean;
}

export async function findGround(scope: Scope, personId: string): Promise<Ground | undefined> {
  if (!isId(personId)) return undefined;
  const found = await scope.db.raw(
    `select (select r.kind from people.relation r where r.person_id = p.id and r.until is null) as relation,
       ${countryOf('p.id')} as country,
       exists (select from people.suppression s
         where s.person_id = p.id and s.reason in ('objection', 'complaint')) as "hasObjected"
     from people.person p where p.id = :personId and p.erased_at is null and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), personId },
  );
  return found.rows[0];
}

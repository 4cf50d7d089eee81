// By which address somebody is written to, and what else a message to them needs.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import type { ReachAct } from './index.ts';
import { isFromPerson } from './provenance.sql.ts';
import { ledgerOf } from './reach-facts.ts';
import { usedOn } from './reach-way.sql.ts';

export interface ReachedRow {
  id: string;
  givenName: string | null;
  locale: string | null;
  address: string | null;
  isDirect: boolean | null;
  /** Of residence. */
  country: string | null;
  consentId: string | null;
}

/** The first that may be used, and the last yes to the act. */
export async function findWaysTo(
  scope: Scope,
  act: ReachAct,
  ids: readonly string[],
): Promise<ReachedRow[]> {
  const { kind, table, column, field, first, isOpen } = usedOn(act);
  const found = await scope.db.raw(
    `select p.id, p.given_name as "givenName", p.locale, way.address, way.direct as "isDirect",
       (select a.country from people.postal_address a where a.person_id = p.id and a.country is not null
         order by a.id limit 1) as country,
       (select max(c.id) from people.consent c where c.person_id = p.id and c.channel = :channel
         and c.purpose = :purpose and c.given and c.organization_id = any (cast(:above as bigint[]))) as "consentId"
     from people.person p
     left join lateral (
       select w.${column} as address, ${isFromPerson(field, 'w.id')} as direct
       from people.${table} w where w.person_id = p.id and w.status = 'ok' and ${isOpen}
         and not people.is_suppressed(:kind, w.${column})
       order by ${first} limit 1) way on true
     where p.id = any (cast(:ids as bigint[])) and p.erased_at is null and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), ...ledgerOf(act), kind, ids: [...ids] },
  );
  return found.rows;
}

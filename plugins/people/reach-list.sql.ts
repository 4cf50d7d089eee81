// All whom we may reach, as rows for another statement: of a million people nothing leaves the database.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import type { ReachAct, ReachRows } from './index.ts';
import { isFromPerson } from './provenance.sql.ts';
import { bindingsOf, howOf, placesOf, type Those } from './reach.sql.ts';
import type { Plan } from './reach-plan.ts';
import { usedOn } from './reach-way.sql.ts';

/**
 * The ids of the next so many who have the act's tag or get its newsletter, in order, and none once there are no more.
 * `undefined` of an act that is about everybody, and where as many stand no farther apart than `near`: then the people between
 * are looked up as quickly with them.
 */
export async function findNextMembers(
  scope: Scope,
  { tagId, newsletterId }: ReachAct,
  after: string,
  { most, near }: { most: number; near: number },
): Promise<string[] | undefined> {
  if (!tagId && !newsletterId) return undefined;
  const members = tagId
    ? 'people.tagging m where m.tag_id = :tag'
    : 'people.subscription m where m.newsletter_id = :letter and m.until is null';
  const found = await scope.db.raw(
    `select case when count(*) < :most or max(id) - cast(:after as bigint) > :near
       then coalesce(array_agg(id order by id), '{}') end as ids
     from (select m.person_id as id from ${members} and m.person_id > :after and ${seen(scope, 'm.person_id')}
       order by m.person_id limit :most) next`,
    { ...bounds(scope), ...(tagId ? { tag: tagId } : { letter: newsletterId }), after, most, near },
  );
  return found.rows[0].ids ?? undefined;
}

/** Of some people, by e-mail or telephone. */
export function rowsOf(scope: Scope, plan: Plan, those: Those): ReachRows {
  const may = plan.answers.flatMap((answer, place) => (answer.may ? [place] : []));
  const more = ', p.source, p.locale, word.yes as consent_id';
  return {
    sql: `select p.id as person_id, p.place, p.consent_id, p.locale, way.address, way.is_direct
      from (${placesOf(scope, plan, howOf(those), more)}) p cross join lateral (${wayTo(plan)}) way
      where p.place = any (cast(:may as int[]))`,
    bindings: { ...bindingsOf(scope, plan), ...those, may },
    answers: plan.answers,
  };
}

/** The first that may be used, as `findWaysTo` finds it one by one. */
function wayTo({ act }: Plan): string {
  const { table, column, field, first, isOpen } = usedOn(act);
  return `select w.${column} as address, ${isFromPerson(field, 'w.id')} as is_direct
    from people.${table} w where w.person_id = p.id and w.status = 'ok' and ${isOpen}
      and not exists (select from people.suppression s where s.kind = :kind and s.hash = w.hash)
    order by ${first} limit 1`;
}

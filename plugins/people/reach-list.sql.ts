// All whom we may reach, as rows for another statement: of a million people nothing leaves the database.
import type { Scope } from 'rostra/plugin';
import { kindOf } from './consent.ts';
import type { ReachRows } from './index.ts';
import { isFromPerson } from './provenance.sql.ts';
import { bindingsOf, placesOf } from './reach.sql.ts';
import type { Plan } from './reach-plan.ts';

/** Of the people between two ids, by e-mail or telephone. */
export function rowsOf(
  scope: Scope,
  plan: Plan,
  between: { after: string; until: string },
): ReachRows {
  const may = plan.answers.flatMap((answer, place) => (answer.may ? [place] : []));
  const more = ', p.source, p.locale, word.yes as consent_id';
  return {
    sql: `select p.id as person_id, p.place, p.consent_id, p.locale, way.address, way.is_direct
      from (${placesOf(scope, plan, 'between', more)}) p cross join lateral (${wayTo(plan)}) way
      where p.place = any (cast(:may as int[]))`,
    bindings: { ...bindingsOf(scope, plan), ...between, may },
    answers: plan.answers,
  };
}

/** The first that may be used, as `findWaysTo` finds it one by one. */
function wayTo({ act }: Plan): string {
  const isMail = kindOf(act.channel) === 'email';
  const [table, column, first] = isMail
    ? ['email_address', 'address', 'w.is_primary desc, w.id']
    : ['phone_number', 'number', 'w.id'];
  return `select w.${column} as address, ${isFromPerson(isMail ? 'emailAddress' : 'phoneNumber', 'w.id')} as is_direct
    from people.${table} w where w.person_id = p.id and w.status = 'ok'
      and not exists (select from people.suppression s where s.kind = :kind and s.hash = w.hash)
    order by ${first} limit 1`;
}

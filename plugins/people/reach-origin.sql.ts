// Whether what chooses people came from themselves, of a million at once: few values have a row of their own.
import { kindOf } from './consent.ts';
import type { ReachAct } from './index.ts';
import { isFromPerson, isPersons } from './provenance.sql.ts';
import { usedOn } from './reach-way.sql.ts';

const fields = { email: 'emailAddress', phone: 'phoneNumber', post: 'postalAddress' } as const;
const wayField = ({ channel }: ReachAct) => fields[kindOf(channel) ?? 'post'];

/** `within`: the bounds on a column with a person's id. */
export function originsOf(act: ReachAct, within: (column: string) => string): string {
  return `left join (select o.person_id, min(o.kind) filter (where o.field = 'birthDate') as birth,
      count(*) filter (where o.field <> 'birthDate') as ways,
      count(*) filter (where o.field <> 'birthDate' and o.kind = 'person') as direct
    from people.provenance o where o.field in ('birthDate', '${wayField(act)}') and ${within('o.person_id')}
    group by o.person_id) origin on origin.person_id = p.id`;
}

/** Which address it is matters only where some came from elsewhere than others; `known` has their number. */
export function isWayDirect(act: ReachAct): string {
  const record = isPersons('null');
  const areAll = kindOf(act.channel) ? 'origin.ways = known.ways' : 'false';
  return `case when coalesce(origin.ways, 0) = 0 then ${record}
    when origin.direct in (0, origin.ways) and (${areAll} or (origin.direct > 0) = (${record})) then origin.direct > 0
    else ${isFirstDirect(act)} end`;
}

/** The address that is written to: the first that may be; in the way of one stands no more than that it is dead. */
function isFirstDirect(act: ReachAct): string {
  const kind = kindOf(act.channel);
  const said = isFromPerson(wayField(act), 'w.id');
  if (!kind) {
    return `(select ${said} from people.postal_address w where w.person_id = p.id order by w.id limit 1)`;
  }
  const { table, column, first, isOpen } = usedOn(act);
  return `(select ${said} from people.${table} w where w.person_id = p.id and w.status = 'ok' and ${isOpen}
    and (coalesce(stopped.dead, 0) = 0 or not people.is_suppressed('${kind}', w.${column})) order by ${first} limit 1)`;
}

/** Joins to the people of the tag alone; who put it there, where that is asked. */
export function taggings(
  isAsked: boolean,
  how: string | undefined,
  within: (column: string) => string,
): string {
  const said = `left join people.provenance said on said.person_id = p.id and said.field = 'tag' and said.item = :tag`;
  // Of some people alone, one by one ("offset 0"): bound by the same ids on both sides the planner would take them for one
  // person, and read every set that is joined after it anew for each.
  const tagged =
    how === 'among'
      ? `cross join lateral (select g.by_account from people.tagging g
          where g.tag_id = :tag and g.person_id = p.id offset 0) tagged`
      : `join people.tagging tagged on tagged.tag_id = :tag and tagged.person_id = p.id and ${within('tagged.person_id')}`;
  return `${tagged} ${isAsked ? said : ''}`;
}

/** As `isFromPerson` of a tag: what a hand of staff put there is theirs, whatever was said before. */
export const isTagDirect = `tagged.by_account is null and ${isPersons('said.kind')}`;

export const isBirthDirect = `p.birth_date is null or ${isPersons('origin.birth')}`;

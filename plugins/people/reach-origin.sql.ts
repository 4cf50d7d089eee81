// Whether what chooses people came from themselves, of a million at once: few values have a row of their own.
import { kindOf } from './consent.ts';
import type { ReachAct } from './index.ts';
import { isFromPerson, isPersons } from './provenance.sql.ts';

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
  const [table, column, first] =
    kind === 'email'
      ? ['email_address', 'address', 'w.is_primary desc, w.id']
      : ['phone_number', 'number', 'w.id'];
  return `(select ${said} from people.${table} w where w.person_id = p.id and w.status = 'ok'
    and (coalesce(stopped.dead, 0) = 0 or not people.is_suppressed('${kind}', w.${column})) order by ${first} limit 1)`;
}

export const isBirthDirect = `p.birth_date is null or ${isPersons('origin.birth')}`;

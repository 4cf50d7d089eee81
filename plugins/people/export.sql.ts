// People as rows of a file, batch by batch.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import type { Field } from './csv.ts';
import { ofGoneAddress } from './suppression.sql.ts';

/** How far the person's will goes on each kind of address: 2 for good, 1 unsubscribed, 0 nothing said. */
export interface ExportStops {
  emailStop: number;
  phoneStop: number;
}
export type ExportRow = { id: string } & Record<Field, string> & ExportStops;

const columns: Record<Field, string> = {
  givenName: 'p.given_name',
  familyName: 'p.family_name',
  emailAddress: `(select e.address from people.email_address e where e.person_id = p.id
    order by e.is_primary desc, e.id limit 1)`,
  phoneNumber:
    '(select n.number from people.phone_number n where n.person_id = p.id order by n.id limit 1)',
  birthDate: 'p.birth_date::text',
  line1: 'a.line1',
  line2: 'a.line2',
  postcode: 'a.postcode',
  locality: 'a.locality',
  region: 'a.region',
  country: 'a.country',
  relation: '(select r.kind from people.relation r where r.person_id = p.id and r.until is null)',
  tags: `(select string_agg(case when t.name ~ '[,"]' then '"' || replace(t.name, '"', '""') || '"' else t.name end,
      ', ' order by t.name) from people.tagging g
    join people.tag t on t.id = g.tag_id where g.person_id = p.id)`,
};

/** Of any of their addresses, or of one that is gone: as `isStopped`, and how strongly. */
const stopOf = (kind: string, ways: string): string => `greatest(0,
  (select max(case when people.is_suppressed_for_good('${kind}', way.address) then 2
     when people.is_objected('${kind}', way.address) then 1 end) from (${ways}) way),
  (select max(case s.reason when 'unsubscribed' then 1 else 2 end) from people.suppression s
    where s.kind = '${kind}' and s.person_id = p.id and ${ofGoneAddress}))`;

const stops = `
  ${stopOf('email', 'select address from people.email_address where person_id = p.id')} as "emailStop",
  ${stopOf('phone', 'select number as address from people.phone_number where person_id = p.id')} as "phoneStop"`;

export async function findExportRows(
  scope: Scope,
  ids: readonly string[],
  chosen: readonly Field[],
): Promise<ExportRow[]> {
  const list = chosen.map((field) => `coalesce(${columns[field]}, '') as "${field}"`);
  list.push(stops);
  const found = await scope.db.raw(
    `select p.id, ${list.join(', ')} from people.person p
     left join lateral (select * from people.postal_address b where b.person_id = p.id order by b.id limit 1) a
       on true
     where p.id = any (cast(:ids as bigint[])) and p.erased_at is null and ${seen(scope, 'p.id')}
     order by p.id`,
    { ...bounds(scope), ids: [...ids] },
  );
  return found.rows;
}

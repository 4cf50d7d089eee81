// A few of the people whom an import would make or complete: as they are, and what the file brings.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import { ours } from './import.sql.ts';
import type { PostalValues } from './postal.ts';

export interface SampleSide extends PostalValues {
  givenName: string | null;
  familyName: string | null;
  birthDate: string | null;
  emails: string[];
  phones: string[];
  relation: string | null;
  tags: string[];
  /** Addresses that are not to be reached. */
  stops: string[];
}
export interface SampleRow {
  line: number;
  verdict: 'new' | 'changed';
  personId: string | null;
  file: SampleSide;
  /** `null` for somebody new. */
  now: SampleSide | null;
}

/** Half of each kind, more of one when the other has fewer. */
export async function findSample(
  scope: Scope,
  importId: string,
  most: number,
): Promise<SampleRow[]> {
  const found = await scope.db.raw(
    `with one as (
       select r.*, row_number() over (partition by r.verdict order by r.line) as place
       from people.import_ready r join people.import i on i.id = r.import_id
       where r.import_id = :importId and r.verdict in ('new', 'changed')
         and ${ours(scope)}),
     few as (select * from one order by place, verdict limit :most)
     select r.line, r.verdict, p.id as "personId", ${fileSide} as file,
       case when p.id is not null then ${nowSide} end as now
     from few r
     left join people.person p on p.id = r.person_id and r.verdict = 'changed' and ${seen(scope, 'p.id')}
     left join lateral (select * from people.postal_address b where b.person_id = p.id order by b.id limit 1) a
       on true
     order by r.verdict, r.line`,
    { ...bounds(scope), importId, most },
  );
  return found.rows;
}

const fileSide = `jsonb_build_object('givenName', r.given_name, 'familyName', r.family_name,
  'birthDate', r.birth_date, 'emails', to_jsonb(r.emails), 'phones', to_jsonb(r.phones), 'line1', r.line1,
  'line2', r.line2, 'postcode', r.postcode, 'locality', r.locality, 'region', r.region, 'country', r.country,
  'relation', r.relation, 'tags', to_jsonb(r.tags), 'stops', coalesce((
    select jsonb_agg(distinct s.address) from people.import_stop s
    where s.import_id = r.import_id and s.line = r.line), '[]'))`;

const nowSide = `jsonb_build_object('givenName', p.given_name, 'familyName', p.family_name,
  'birthDate', p.birth_date,
  'emails', (select coalesce(jsonb_agg(e.address order by e.is_primary desc, e.id), '[]')
    from people.email_address e where e.person_id = p.id),
  'phones', (select coalesce(jsonb_agg(n.number order by n.id), '[]')
    from people.phone_number n where n.person_id = p.id),
  'line1', a.line1, 'line2', a.line2, 'postcode', a.postcode, 'locality', a.locality, 'region', a.region,
  'country', a.country,
  'relation', (select o.kind from people.relation o where o.person_id = p.id and o.until is null),
  'tags', (select coalesce(jsonb_agg(t.name order by t.name), '[]') from people.tagging k
    join people.tag t on t.id = k.tag_id where k.person_id = p.id),
  'stops', (select coalesce(jsonb_agg(w.address), '[]') from (
    select e.address from people.email_address e
      where e.person_id = p.id and people.is_suppressed('email', e.address)
    union all select n.number from people.phone_number n
      where n.person_id = p.id and people.is_suppressed('phone', n.number)) w))`;

// Who each value of a person came from: noted where it is not who the record itself came from, and read with the value.
import type { Db, Scope } from 'rostra/plugin';
import { bounds, ofOwn, seen } from './bound.ts';
import { directSources } from './reach-facts.ts';

export type OriginKind = 'person' | 'staff' | 'import' | 'plugin' | 'unknown';
export type OriginField =
  | ('givenName' | 'familyName' | 'birthDate' | 'locale')
  | ('emailAddress' | 'phoneNumber' | 'postalAddress' | 'relation' | 'tag');
export interface OriginRow {
  field: string;
  /** Id of its row, where a person may have several. */
  item: string;
  value: string;
  kind: OriginKind;
  /** The word of its source; of a list, its id. */
  reference: string | null;
  /** What staff said of the list, for those whose list it is. */
  list: string | null;
  isMerged: boolean;
  at: Date;
}

const literal = directSources.map((source) => `'${source}'`).join(', ');

/** Whom a source's word means. */
export const kindOf = (source: string): string =>
  `case when ${source} in (${literal}) then 'person' when ${source} in ('staff', 'import') then ${source}
     else 'plugin' end`;
export const referenceOf = (source: string): string =>
  `nullif(nullif(${source}, 'staff'), 'import')`;

/** Of a value of the person `p`; `kind`: that of its row, null where it has none. */
export const isPersons = (kind: string): string =>
  `case when ${kind} is null then p.source in (${literal}) else ${kind} = 'person' end`;

/**
 * Whether the value of the person `p` came from them, for whatever chooses people by it (Reg. (EU) 2024/900, art. 18(1)(a)).
 * `item`: where a person may have several, the id of its row, of a tag that of the tag. Asked one by one: of all people
 * a join of the few rows there are is quicker.
 */
export function isFromPerson(field: OriginField, item = '0'): string {
  const said = `coalesce((select o.kind = 'person' from people.provenance o
    where o.person_id = p.id and o.field = '${field}' and o.item = ${item}), p.source in (${literal}))`;
  if (field !== 'tag') return said;
  // Whose hand put it there stands with it.
  return `(${said} and not exists (select from people.tagging g
    where g.person_id = p.id and g.tag_id = ${item} and g.by_account is not null))`;
}

/** `rows`: person, field, item, kind, reference, time; each once. What came last is what counts. */
export const noted = (rows: string): string => `
  insert into people.provenance (person_id, field, item, kind, reference, at) ${rows}
  on conflict (person_id, field, item) do update set kind = excluded.kind, reference = excluded.reference,
    at = excluded.at, merged_from = null`;

/** Every value that stands with the person :personId. */
const standing = `
  select f.field, cast(0 as bigint) as item, f.value, cast(null as text) as kind, cast(null as timestamptz) as at
  from people.person p cross join lateral (values ('givenName', p.given_name), ('familyName', p.family_name),
    ('birthDate', p.birth_date::text), ('locale', p.locale)) f (field, value)
  where p.id = :personId and f.value is not null
  union all select 'emailAddress', e.id, e.address, null, null from people.email_address e where e.person_id = :personId
  union all select 'phoneNumber', n.id, n.number, null, null from people.phone_number n where n.person_id = :personId
  union all select 'postalAddress', a.id,
    concat_ws(', ', a.line1, a.line2, a.postcode, a.locality, a.region, a.country), null, null
    from people.postal_address a where a.person_id = :personId
  union all select 'relation', r.id, r.kind, null, null from people.relation r where r.person_id = :personId
  union all select 'tag', t.id, t.name, case when g.by_account is not null then 'staff' end, g.at
    from people.tagging g join people.tag t on t.id = g.tag_id where g.person_id = :personId`;

/** The record's own origin stands for what has none: of an imported one, the list that made it. */
const origins = `
  select f.field, f.item, f.value, coalesce(f.kind, o.kind, ${kindOf('p.source')}) as kind,
    case when f.kind is not null then null when o.kind is not null then o.reference
      when p.source = 'import' then (select min(m.import_id)::text from people.import_person m
        where m.person_id = p.id and m.is_new)
      else ${referenceOf('p.source')} end as reference,
    o.merged_from, case when f.kind is not null then f.at else coalesce(o.at, p.created_at) end as at
  from people.person p cross join (${standing}) f
  left join people.provenance o on o.person_id = p.id and o.field = f.field and o.item = f.item
  where p.id = :personId and p.erased_at is null`;

const fieldOrder = `array_position(array['givenName', 'familyName', 'birthDate', 'locale', 'emailAddress',
  'phoneNumber', 'postalAddress', 'relation', 'tag'], one.field), one.item`;

export async function findOrigins(scope: Scope, personId: string): Promise<OriginRow[]> {
  const found = await scope.db.raw(
    `select one.field, one.item, one.value, one.kind, one.reference, coalesce(i.origin, i.file_name) as list,
       one.merged_from is not null as "isMerged", one.at
     from (${origins}) one
     left join people.import i on one.kind = 'import' and i.id::text = one.reference
       and ${ofOwn(scope, 'i.organization_id')}
     where ${seen(scope, 'cast(:personId as bigint)')} order by ${fieldOrder}`,
    { ...bounds(scope), personId },
  );
  return found.rows;
}

/** For the person's own copy: every value with its origin, whichever chapter's list it was. */
export const ownOrigins = `
  select one.field, one.value, one.kind as came_from, case when one.kind = 'import' then coalesce(i.origin, i.file_name)
      else one.reference end as source,
    one.at as since, nullif(one.merged_from is not null, false) as of_a_merged_record
  from (${origins}) one left join people.import i on one.kind = 'import' and i.id::text = one.reference
  order by ${fieldOrder}`;

/** One value: by its row, by itself, or the only one of its field. */
export interface Written {
  field: string;
  item?: string;
  value?: string;
}

/** What a hand has just written on the person; what it took away has no origin any more. */
export async function noteWritten(
  scope: Scope,
  personId: string,
  written: readonly Written[],
  { kind, reference }: { kind: OriginKind; reference?: string },
): Promise<void> {
  const list = { written: JSON.stringify(written), kind, reference: reference ?? null };
  await scope.db.raw(
    noted(`select :personId, f.field, f.item, :kind, :reference, cast(:now as timestamptz) from (${standing}) f
      where ${seen(scope, 'cast(:personId as bigint)')} and exists (
        select from jsonb_to_recordset(cast(:written as jsonb)) as w (field text, item bigint, value text)
        where w.field = f.field and coalesce(w.item, f.item) = f.item and coalesce(w.value, f.value) = f.value)`),
    { ...bounds(scope), personId, ...list },
  );
  await clearLost(scope.db, personId);
}

/** Of values that are no more. */
export async function clearLost(db: Db, personId: string): Promise<void> {
  await db.raw(
    `delete from people.provenance o where o.person_id = :personId
       and (o.field, o.item) not in (select f.field, f.item from (${standing}) f)`,
    { personId },
  );
}

/** A number keeps its origin when its row is written anew. */
export async function moveOrigin(
  scope: Scope,
  personId: string,
  field: string,
  { from, into }: { from: string; into: string },
): Promise<void> {
  await scope.db.raw(
    `update people.provenance o set item = :into where o.person_id = :personId and o.field = :field
       and o.item = :from and ${seen(scope, 'o.person_id')}`,
    { ...bounds(scope), personId, field, from, into },
  );
}

/**
 * Before anything else of `from` is moved: each value of it that will stand takes its origin along, said in full, since the
 * record that it came with is no more.
 */
export async function mergeOrigins(db: Db, from: string, into: string): Promise<void> {
  await clearLost(db, from);
  await clearLost(db, into);
  await db.raw(
    `insert into people.provenance (person_id, field, item, kind, reference, at)
     select :personId, one.field, one.item, one.kind, one.reference, one.at from (${origins}) one
     on conflict (person_id, field, item) do nothing`,
    { personId: from },
  );
  // What the survivor has already stays as it is.
  await db.raw(
    `delete from people.provenance o where o.person_id = :from and (o.field, o.item) in (
       select f.field, f.item from (${standing}) f where f.item = 0 or f.field = 'tag')`,
    { from, personId: into },
  );
  await db.raw(
    `update people.provenance set person_id = :into, merged_from = coalesce(merged_from, :from) where person_id = :from`,
    { from, into },
  );
  // Which list made the survivor is not to be asked of the other's, nor what it said of them.
  await db.raw(
    'update people.import_person set is_new = false, digest = null where person_id = :from',
    { from },
  );
}

// Making and filling people in batches: each function is one statement over all of them.
import { prepared, type Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import type { PostalValues } from './postal.ts';
import { kindOf, noted, referenceOf } from './provenance.sql.ts';
import type { PhoneLine } from './telephone-line.ts';

/** What is known of one person, checked and in its final form; `null` where nothing is. */
export interface Prepared extends PostalValues {
  key: string;
  givenName: string | null;
  familyName: string | null;
  emailAddress: string | null;
  phoneNumber: string | null;
  phoneLine: PhoneLine | null;
  birthDate: string | null;
  locale: string | null;
  relation: string | null;
  source: string;
  tags: string[];
}
/** The same, once it is known whose it is. */
export interface Placed extends Prepared {
  personId: string;
}

const records = `jsonb_to_recordset(cast(:records as jsonb)) as r (
  "personId" bigint, key uuid, "givenName" text, "familyName" text, "emailAddress" text, "phoneNumber" text,
  "phoneLine" text, "birthDate" date, locale text, line1 text, line2 text, postcode text, locality text, region text,
  country text, relation text, source text, tags jsonb)`;

const given = (scope: Scope, list: readonly Prepared[]) => ({
  ...bounds(scope),
  records: JSON.stringify(list),
});

const origin = `${kindOf('r.source')}, ${referenceOf('r.source')}, cast(:now as timestamptz)`;

/** `from r`, one a person, into a table; who was made just now by the same source needs no word on each value. */
const filling = (field: string, insert: string, isGiven: string, onConflict = ''): string => `
  with r as (
    select distinct on ("personId") * from ${records} where ${isGiven} order by "personId"),
  added as (${insert} ${onConflict} returning id, person_id),
  told as (${noted(`
    select added.person_id, '${field}', added.id, ${origin} from added
    join r on r."personId" = added.person_id join people.person p on p.id = added.person_id
    where (p.source, p.created_at) is distinct from (r.source, cast(:now as timestamptz))`)})
  select person_id as id from added`;

/**
 * With all that was given of each, and a first line of their timeline. Addresses in their order, so that two batches wait for
 * each other in the same order. Answers each by its key; `isLate`: another transaction took the address first, and
 * nothing but the name was written.
 */
export async function insertPeople(
  scope: Scope,
  list: readonly Prepared[],
): Promise<Map<string, { id: string; isLate: boolean }>> {
  if (list.length === 0) return new Map();
  const found = await prepared(
    scope.db,
    `with r as (select * from ${records}),
     made as (
       insert into people.person (key, given_name, family_name, birth_date, locale, source, created_at, changed_at)
       select r.key, r."givenName", r."familyName", r."birthDate", r.locale, r.source, :now, :now from r
       returning id, key),
     mailbox as (
       insert into people.email_address (person_id, address, is_primary, created_at)
       select made.id, r."emailAddress", true, :now from made join r using (key)
       where r."emailAddress" is not null order by r."emailAddress"
       on conflict (address) do nothing returning person_id),
     kept as (
       select made.id, r.* from made join r using (key)
       where r."emailAddress" is null or made.id in (select person_id from mailbox)),
     seen as (
       insert into people.affiliation (organization_id, person_id, since)
       select :organizationId, kept.id, :now from kept),
     phone as (
       insert into people.phone_number (person_id, number, line, created_at)
       select kept.id, kept."phoneNumber", kept."phoneLine", :now from kept where kept."phoneNumber" is not null),
     postal as (
       insert into people.postal_address (person_id, line1, line2, postcode, locality, region, country, created_at)
       select k.id, k.line1, k.line2, k.postcode, k.locality, k.region, k.country, :now from kept k
       where coalesce(k.line1, k.line2, k.postcode, k.locality, k.region, k.country) is not null),
     related as (
       insert into people.relation (person_id, kind, since, created_at)
       select kept.id, kept.relation, cast(:now as timestamptz)::date, :now from kept
       where kept.relation is not null),
     told as (
       insert into people.timeline (person_id, organization_id, kind, params, at)
       select kept.id, :organizationId, 'people.timeline.added', jsonb_build_object('source', kept.source), :now
       from kept)
     select made.id, made.key, made.id not in (select id from kept) as "isLate" from made`,
    given(scope, list),
  );
  return new Map(
    found.rows.map(({ key, ...row }: { id: string; key: string; isLate: boolean }) => [key, row]),
  );
}

/** People made in vain: another transaction took their address first. */
export async function deleteNewPeople(scope: Scope, ids: readonly string[]): Promise<void> {
  await scope.db.raw('delete from people.person where id = any (cast(:ids as bigint[]))', {
    ids: [...ids],
  });
}

/** Someone with the same number and the same name is taken for the same person. */
export async function findByNumberAndName(
  scope: Scope,
  list: readonly Prepared[],
): Promise<Map<string, string>> {
  if (list.length === 0) return new Map();
  const found = await scope.db.raw(
    `select distinct on (r.key) r.key, p.id from ${records}
     join people.phone_number n on n.number = r."phoneNumber"
     join people.person p on p.id = n.person_id and p.erased_at is null and ${seen(scope, 'p.id')}
     where core.fold(concat_ws(' ', p.given_name, p.family_name))
         = core.fold(concat_ws(' ', r."givenName", r."familyName"))
     order by r.key, p.id`,
    given(scope, list),
  );
  return new Map(found.rows.map((row: { id: string; key: string }) => [row.key, row.id]));
}

/**
 * Fills what is empty and touches nothing else; answers who changed. By way of `empty`: a row that the statement has
 * changed already is locked no more, and what was filled would not be noted.
 */
export async function fillNames(scope: Scope, list: readonly Placed[]): Promise<string[]> {
  if (list.length === 0) return [];
  const found = await scope.db.raw(
    `with r as (select distinct on ("personId") * from ${records} order by "personId"),
     empty as (
       select p.id, p.given_name is null as "givenName", p.family_name is null as "familyName",
         p.birth_date is null as "birthDate", p.locale is null as locale
       from people.person p where p.id in (select "personId" from r) order by p.id for no key update),
     told as (${noted(`
       select r."personId", f.field, 0, ${origin} from r join empty on empty.id = r."personId"
       cross join lateral (values ('givenName', empty."givenName" and r."givenName" is not null),
         ('familyName', empty."familyName" and r."familyName" is not null),
         ('birthDate', empty."birthDate" and r."birthDate" is not null),
         ('locale', empty.locale and r.locale is not null)) f (field, "isFilled")
       where f."isFilled"`)})
     update people.person p set
       given_name = coalesce(p.given_name, r."givenName"),
       family_name = coalesce(p.family_name, r."familyName"),
       birth_date = coalesce(p.birth_date, r."birthDate"),
       locale = coalesce(p.locale, r.locale),
       version = p.version + 1, changed_at = :now
     from r join empty on empty.id = r."personId"
     where p.id = empty.id and (
       (p.given_name is null and r."givenName" is not null)
       or (p.family_name is null and r."familyName" is not null)
       or (p.birth_date is null and r."birthDate" is not null)
       or (p.locale is null and r.locale is not null))
     returning p.id`,
    given(scope, list),
  );
  const ids = found.rows.map((row: { id: string }) => row.id);
  await refreshSearch(scope, ids);
  return ids;
}

/** Email and phone have triggers for it; names are changed only where this is called. */
export async function refreshSearch(scope: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await scope.db.raw('select people.refresh(cast(:ids as bigint[]))', { ids: [...ids] });
}

export async function fillPhoneNumbers(scope: Scope, list: readonly Placed[]): Promise<string[]> {
  if (list.length === 0) return [];
  const found = await scope.db.raw(
    filling(
      'phoneNumber',
      `insert into people.phone_number (person_id, number, line, created_at)
       select r."personId", r."phoneNumber", r."phoneLine", cast(:now as timestamptz) from r
       where not exists (select from people.phone_number n where n.person_id = r."personId")`,
      '"phoneNumber" is not null',
      'on conflict do nothing',
    ),
    given(scope, list),
  );
  return found.rows.map((row: { id: string }) => row.id);
}

export async function fillPostalAddresses(
  scope: Scope,
  list: readonly Placed[],
): Promise<string[]> {
  if (list.length === 0) return [];
  const found = await scope.db.raw(
    filling(
      'postalAddress',
      `insert into people.postal_address
         (person_id, line1, line2, postcode, locality, region, country, created_at)
       select r."personId", r.line1, r.line2, r.postcode, r.locality, r.region, r.country,
         cast(:now as timestamptz) from r
       where not exists (select from people.postal_address a where a.person_id = r."personId")`,
      'coalesce(line1, line2, postcode, locality, region, country) is not null',
    ),
    given(scope, list),
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** The organization sees them from now on; answers whom it did not see before. */
export async function affiliate(scope: Scope, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const found = await scope.db.raw(
    `insert into people.affiliation (organization_id, person_id, since)
     select :organizationId, id, :now from unnest(cast(:ids as bigint[])) as wanted (id)
     order by id on conflict do nothing returning person_id as id`,
    { ...bounds(scope), ids: [...new Set(ids)] },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

export async function fillRelations(scope: Scope, list: readonly Placed[]): Promise<string[]> {
  if (list.length === 0) return [];
  const found = await scope.db.raw(
    filling(
      'relation',
      `insert into people.relation (person_id, kind, since, created_at)
       select r."personId", r.relation, cast(:now as timestamptz)::date, cast(:now as timestamptz) from r`,
      'relation is not null',
      'on conflict (person_id) where until is null do nothing',
    ),
    given(scope, list),
  );
  return found.rows.map((row: { id: string }) => row.id);
}

/** What the person says now was there already, from somebody else: it is from the person too. */
export async function noteConfirmed(scope: Scope, list: readonly Placed[]): Promise<void> {
  if (list.length === 0) return;
  await scope.db.raw(
    `with r as (
       select distinct on ("personId") * from ${records}
       where ${kindOf('source')} = 'person' order by "personId"),
     said as (
       select p.id, f.field, cast(0 as bigint) as item from r join people.person p on p.id = r."personId"
       cross join lateral (values ('givenName', p.given_name = r."givenName"),
         ('familyName', p.family_name = r."familyName"), ('birthDate', p.birth_date = r."birthDate"),
         ('locale', p.locale = r.locale)) f (field, "isSame") where f."isSame"
       union all select e.person_id, 'emailAddress', e.id from r
         join people.email_address e on e.person_id = r."personId" and e.address = r."emailAddress"
       union all select n.person_id, 'phoneNumber', n.id from r
         join people.phone_number n on n.person_id = r."personId" and n.number = r."phoneNumber")
     ${noted(`
       select said.id, said.field, said.item, ${origin}
       from said join r on r."personId" = said.id join people.person p on p.id = said.id
       left join people.provenance o on o.person_id = said.id and o.field = said.field and o.item = said.item
       where coalesce(o.kind, ${kindOf('p.source')}) <> 'person'`)}`,
    given(scope, list),
  );
}

/** With the scope's organization, or one below it. */
export async function affiliateBelow(
  scope: Scope,
  personId: string,
  organizationId: string,
): Promise<void> {
  await scope.db.raw(
    `insert into people.affiliation (organization_id, person_id, since)
     select o.id, :personId, :now from core.organization o
     where o.id = :organizationId and o.path <@ cast(:path as ltree)
     on conflict do nothing`,
    { personId, organizationId, path: scope.organization.path, now: scope.now() },
  );
}

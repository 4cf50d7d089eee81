// A batch of staged rows goes into the tables: one statement a table, unchanged rows left alone.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';
import { additions, names, type Stretch, weight, within } from './import-plan.sql.ts';
import { noted } from './provenance.sql.ts';

/** People who are known; the batch is open and judged. */
const fresh = `r as materialized (select * from pg_temp.import_batch where verdict = 'changed')`;

/** Whose word it is that was added to somebody known; a new person's record says it of all that it has. */
const fromList = `'import', cast(:importId as text), cast(:now as timestamptz)`;
const notedOf = (field: string): string =>
  noted(`select person_id, '${field}', id, ${fromList} from added`);
const ofPerson = `select distinct on (person_id) * from (${additions.person}) a order by person_id, line`;

/** A commit need not wait for the disk: where the run stands is lost or kept with the batch itself. */
const settings = `set_config('people.bulk', 'on', true), set_config('statement_timeout', '0', true),
  set_config('synchronous_commit', 'off', true), set_config('work_mem', '32MB', true),
  set_config('gin_pending_list_limit', '32768', true)`;

/** Imports write in turn, batch by batch: two at once would wait for each other for ever. */
export async function holdTurn(scope: Scope): Promise<void> {
  await scope.db.raw(`select pg_advisory_xact_lock(hashtext('people.import')), ${settings}`);
}

const place = `pg_advisory_xact_lock(hashtext('people.import.' || cast(:importId as text)), :line)`;

/** Takes the place of the batch after a line; waits while somebody is at it. */
export async function holdPlace(scope: Scope, importId: string, line: number): Promise<void> {
  await scope.db.raw(`select ${place}, ${settings}`, { importId, line });
}

/** Until whoever has that place has committed or given up; known to PostgreSQL, which sees who waits in a circle. */
export async function awaitPlace(scope: Scope, importId: string, line: number): Promise<void> {
  await scope.db.raw(`select ${place}`, { importId, line });
}

/** In order of address, as new people's are. */
export async function insertEmailAddresses(scope: Scope, importId: string): Promise<void> {
  await scope.db.raw(
    `with ${fresh}, one as (${additions.emailAddress}),
     first as (
       select distinct on (one.person_id) one.person_id, one.address from one
       where not exists (
         select from people.email_address e where e.person_id = one.person_id and e.is_primary)
       order by one.person_id, one.state <> 'ok', one.place),
     added as (insert into people.email_address (person_id, address, status, is_primary, created_at)
     select one.person_id, one.address, one.state, first.address is not null, cast(:now as timestamptz)
     from one left join first on first.person_id = one.person_id and first.address = one.address
     order by one.address on conflict (address) do nothing returning person_id, id)
     ${notedOf('emailAddress')}`,
    { ...bounds(scope), importId },
  );
}

/** Names, ways, address, relation, tags and what the list says of each; only what is missing. */
export async function insertAdditions(scope: Scope, importId: string): Promise<void> {
  const values = { ...bounds(scope), importId };
  const tell = (sql: string) => scope.db.raw(`with ${fresh} ${sql}`, values);
  const add = (field: string, insert: string) =>
    tell(`, added as (${insert} returning person_id, id) ${notedOf(field)}`);
  await tell(`, one as (${ofPerson}), told as (${noted(`
      select p.id, f.field, 0, ${fromList} from one join people.person p on p.id = one.person_id
      cross join lateral (values ('givenName', p.given_name is null and one.given_name is not null),
        ('familyName', p.family_name is null and one.family_name is not null),
        ('birthDate', p.birth_date is null and one.birth_date is not null)) f (field, is_filled)
      where f.is_filled`)})
    update people.person p set given_name = coalesce(p.given_name, one.given_name),
      family_name = coalesce(p.family_name, one.family_name),
      birth_date = coalesce(p.birth_date, one.birth_date)
    from one where p.id = one.person_id`);
  await tell(`update people.email_address e set status = one.state from (${additions.deadAddress}) one
    where e.id = one.id`);
  await add(
    'phoneNumber',
    `insert into people.phone_number (person_id, number, status, line, created_at)
    select person_id, number, state, kind, cast(:now as timestamptz) from (${additions.phoneNumber}) one
    order by line on conflict do nothing`,
  );
  await tell(`update people.phone_number n set status = one.state from (${additions.deadNumber}) one
    where n.id = one.id`);
  await add(
    'postalAddress',
    `insert into people.postal_address
      (person_id, line1, line2, postcode, locality, region, country, created_at)
    select distinct on (person_id) person_id, line1, line2, postcode, locality, region, country,
      cast(:now as timestamptz)
    from (${additions.postalAddress}) one order by person_id, line`,
  );
  await add(
    'relation',
    `insert into people.relation (person_id, kind, since, created_at)
    select distinct on (person_id) person_id, relation, cast(:now as timestamptz)::date,
      cast(:now as timestamptz)
    from (${additions.relation}) one order by person_id, line
    on conflict (person_id) where until is null do nothing`,
  );
  await tell(`insert into people.affiliation (organization_id, person_id, since)
    select distinct cast(:organizationId as bigint), person_id, cast(:now as timestamptz)
    from (${additions.affiliation}) one on conflict do nothing`);
  await tell(`insert into people.external_id (person_id, system, value, at)
    select person_id, 'nationbuilder', external, :now from (${additions.external}) one
    on conflict do nothing`);
  await tell(`insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
    select person_id, :organizationId, channel, :importId, :now from (${additions.claim}) one
    on conflict do nothing`);
}

/** Tags are made once for what is left of the file, then each has its people. */
export async function insertTags(scope: Scope, importId: string, after: number): Promise<void> {
  await scope.db.raw(
    `insert into people.tag (name, created_at)
     select distinct on (core.fold(name)) name, cast(:now as timestamptz)
     from (select distinct g.name from people.import_ready r cross join unnest(r.tags) as g (name)
       where r.import_id = :importId and r.line > :after
         and (r.verdict is null or r.verdict not in ('twin', 'unchanged'))) one
     order by core.fold(name), name on conflict (core.fold(name)) do nothing`,
    { ...bounds(scope), importId, after },
  );
}

export async function insertTaggings(scope: Scope, importId: string): Promise<void> {
  await scope.db.raw(
    `with ${fresh}, ${names}, added as (
     insert into people.tagging (tag_id, person_id, at)
     select id, person_id, cast(:now as timestamptz) from (${additions.tagging}) one order by 1, 2
     on conflict do nothing returning person_id, tag_id as id)
     ${notedOf('tag')}`,
    { ...bounds(scope), importId },
  );
}

/**
 * Of every line, refused ones too: who did not want to be reached is not reached. One that stands is never made
 * weaker.
 */
export async function insertStops(scope: Scope, stretch: Stretch): Promise<void> {
  await scope.db.raw(
    `with one as (
       select distinct on (s.kind, s.address) s.kind, s.address, s.reason, r.person_id
       from people.import_stop s left join pg_temp.import_batch r
         on r.line = s.line and r.verdict in ('new', 'changed', 'unchanged')
       where ${within('s')}
       order by s.kind, s.address, ${weight('s.reason')} desc),
     stopped as (
       insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
       select kind, people.keyed_hash(kind, address), person_id, :organizationId, reason, :now from one
       order by 2 on conflict (kind, hash) do update set reason = excluded.reason
         where ${weight('people.suppression.reason')} < ${weight('excluded.reason')}
       returning person_id, kind, reason)
     insert into people.timeline (person_id, organization_id, kind, params, at)
     select distinct person_id, cast(:organizationId as bigint), 'people.timeline.suppressed',
       jsonb_build_object('kind', kind), cast(:now as timestamptz)
     from stopped where person_id is not null and reason <> 'dead'`,
    { ...bounds(scope), ...stretch },
  );
}

export async function findStoppedEmails(scope: Scope, stretch: Stretch): Promise<string[]> {
  const found = await scope.db.raw(
    `select distinct s.address from people.import_stop s where ${within('s')} and s.kind = 'email'`,
    { ...stretch },
  );
  return found.rows.map(({ address }: { address: string }) => address);
}

/** The list stands in their story, and they are found by what was added. */
export async function tellPeople(scope: Scope, importId: string, origin: string): Promise<void> {
  const values = { ...bounds(scope), importId, params: JSON.stringify({ origin }) };
  await scope.db.raw(
    `with ${fresh} insert into people.timeline (person_id, organization_id, kind, params, at)
     select distinct person_id, cast(:organizationId as bigint), 'people.timeline.imported',
       cast(:params as jsonb), cast(:now as timestamptz) from r`,
    values,
  );
  await scope.db.raw(
    `with ${fresh} insert into people.import_person (import_id, person_id, is_new, digest, version)
     select distinct on (p.id) cast(:importId as bigint), p.id, false,
       case when r.claims = '{}' then r.digest end, p.version + 1
     from r join people.person p on p.id = r.person_id order by p.id, r.line on conflict do nothing`,
    values,
  );
  await scope.db.raw(
    `with ${fresh}, touched as (
       select array_agg(distinct person_id) as ids from r)
     select people.refresh(ids) from touched where ids is not null`,
    values,
  );
  await scope.db.raw(
    `with ${fresh} update people.person p set changed_at = :now, version = version + 1
     where p.id in (select person_id from r)`,
    values,
  );
}

/** Known to another part of the party alone: given back as they came. */
export async function refuseHidden(scope: Scope, importId: string): Promise<void> {
  await scope.db.raw(
    `insert into people.import_row_refused (import_id, line, cells, reason)
     select s.import_id, s.line, s.cells, 'people.fault.known-elsewhere'
     from pg_temp.import_batch r join people.import_staging s on s.import_id = :importId and s.line = r.line
     where r.verdict = 'refused' on conflict do nothing`,
    { importId },
  );
}

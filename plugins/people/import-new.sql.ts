// People whom a batch brings for the first time: nothing of theirs can be there yet, so nothing is looked for.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';

const fresh = `r as (select * from pg_temp.import_batch where verdict = 'new')`;

/** The batch is open and judged, and new people have their numbers. */
export async function insertNew(scope: Scope, importId: string, origin: string): Promise<void> {
  const params = JSON.stringify({ origin });
  const values = { ...bounds(scope), importId, params };
  const isAside = await holdKeys(scope, values);
  for (const sql of [people, ...ways, ...labels, ...story]) {
    await scope.db.raw(`with ${fresh} ${sql}`, values);
  }
  if (isAside) await scope.db.raw(`select set_config('session_replication_role', 'origin', true)`);
}

/**
 * Every row would ask for each row that it points to, which takes half as long again as to write it. It is safe not to
 * ask: a person is this transaction's own, unseen by others until it commits; the organization is locked here, the
 * import by `holdRun`, the tags as they are named; nothing else is pointed to. Checks and unique keys hold as ever; the
 * triggers that are off with it make the search text and the keyed hash, which are written here. Where we may not tell
 * PostgreSQL so, it asks.
 */
async function holdKeys(
  scope: Scope,
  values: ReturnType<typeof bounds> & { importId: string },
): Promise<boolean> {
  await scope.db.raw('select from core.organization where id = :organizationId for key share', {
    ...values,
  });
  const found = await scope.db.raw(
    `select set_config('session_replication_role', 'replica', true) is not null as "isAside"
     where has_parameter_privilege('session_replication_role', 'set')`,
  );
  return found.rows.length > 0;
}

/** Searchable at once, so that each is written once; of the words searched for, each is looked for by itself. */
const people = `
  insert into people.person (id, key, given_name, family_name, birth_date, source, sort_name, search, created_at,
    changed_at)
  overriding system value
  select r.person_id, gen_random_uuid(), r.given_name, r.family_name, r.birth_date, 'import',
    coalesce(nullif(r.name_key, ''), r.emails[1], (select min(n) from unnest(r.phones) as g (n)), ''),
    ' ' || concat_ws(' ', nullif(r.name_key, ''), nullif(array_to_string(r.emails, ' '), ''),
      nullif(array_to_string(r.phones, ' '), '')),
    :now, :now
  from r order by r.person_id`;

/** As people.keyed_hash makes it, of addresses in their plain form. */
function hashOf(kind: string, address: string): string {
  return `sha256((select outer_pad from people.key)
     || sha256((select inner_pad from people.key) || convert_to('${kind}:' || ${address}, 'UTF8')))`;
}

/**
 * In order of address, so that who signs up meanwhile is waited for and not run into; whose address went to somebody
 * else since we looked, is looked up again.
 */
const ways = [
  `insert into people.email_address (person_id, address, hash, status, is_primary, created_at)
   select r.person_id, g.address, ${hashOf('email', 'g.address')}, g.state,
     g.place = coalesce(array_position(r.email_states, 'ok'), 1), :now
   from r cross join unnest(r.emails, r.email_states) with ordinality as g (address, state, place)
   order by g.address`,
  `insert into people.phone_number (person_id, number, hash, status, line, created_at)
   select r.person_id, g.number, ${hashOf('phone', 'g.number')}, g.state, g.line, :now
   from r cross join unnest(r.phones, r.phone_states, r.phone_lines) as g (number, state, line)`,
  `insert into people.postal_address
     (person_id, line1, line2, postcode, locality, region, country, created_at)
   select person_id, line1, line2, postcode, locality, region, country, :now from r
   where coalesce(line1, line2, postcode, locality, region, country) is not null`,
];

const labels = [
  `insert into people.relation (person_id, kind, since, created_at)
   select person_id, relation, cast(:now as timestamptz)::date, :now from r where relation is not null`,
  `insert into people.affiliation (organization_id, person_id, since)
   select :organizationId, person_id, :now from r`,
  `, held as materialized (
     select one.name, t.id from (select distinct g.name from r cross join unnest(r.tags) as g (name)) one
     join people.tag t on core.fold(t.name) = core.fold(one.name) order by t.id for key share of t)
   insert into people.tagging (tag_id, person_id, at)
   select distinct held.id, r.person_id, cast(:now as timestamptz)
   from r cross join unnest(r.tags) as g (name) join held on held.name = g.name order by 1, 2`,
  `insert into people.external_id (person_id, system, value, at)
   select person_id, 'nationbuilder', external, :now from r where external is not null on conflict do nothing`,
  `insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
   select r.person_id, :organizationId, g.channel, :importId, :now from r cross join unnest(r.claims) as g (channel)`,
];

const story = [
  `insert into people.timeline (person_id, organization_id, kind, params, at)
   select person_id, :organizationId, 'people.timeline.imported', cast(:params as jsonb), :now from r`,
  `insert into people.import_person (import_id, person_id, is_new, digest, version)
   select :importId, person_id, true, digest, 1 from r`,
];

// What the staged rows would add to whom is known, and how far a file has been looked through.
import type { Scope } from 'rostra/plugin';
import { everyLine, type Lines } from './import-known.sql.ts';

/** Rows of a file: after one line, up to another. */
export interface Stretch {
  importId: string;
  after: number;
  upTo: number;
}

export const lineMost = 2_147_483_647;

export const within = (row: string) =>
  `${row}.import_id = :importId and ${row}.line > :after and ${row}.line <= :upTo`;

/**
 * All rows of a file in stretches of so many, by one look at the table: the planner knows little of a table that fills
 * and empties, and to ask for the next ones each time would read all those that are left.
 */
export async function findStretches(
  scope: Scope,
  importId: string,
  table: 'import_staging' | 'import_ready',
  { most, which = everyLine }: { most: number; which?: Lines },
): Promise<Stretch[]> {
  const found = await scope.db.raw(
    `select max(line) as "upTo" from (
       select line, (row_number() over (order by line) - 1) / :most as part
       from people.${table} where import_id = :importId and line <@ cast(:which as int4multirange)) one
     group by part order by part`,
    { importId, most, which },
  );
  const ends = found.rows.slice(0, -1).map((row: { upTo: number }) => row.upTo);
  return [...ends, lineMost].map((upTo, at) => ({ importId, after: ends[at - 1] ?? 0, upTo }));
}

/** A no for good beats having unsubscribed, and that an address which is merely dead. */
export const weight = (reason: string) =>
  `case ${reason} when 'dead' then 0 when 'unsubscribed' then 1 else 2 end`;

/** The tags that rows `r` name, each looked up once. */
export const names = `names as materialized (
  select one.name, t.id from (select distinct g.name from r cross join unnest(r.tags) as g (name)) one
  left join people.tag t on core.fold(t.name) = core.fold(one.name))`;

/** What the rows `r`, whose person is known, would add: a row a line of the table that it goes to. */
export const additions = {
  person: `select r.line, r.person_id, r.given_name, r.family_name, r.birth_date from r
    join people.person p on p.id = r.person_id
    where (p.given_name is null and r.given_name is not null)
      or (p.family_name is null and r.family_name is not null)
      or (p.birth_date is null and r.birth_date is not null)`,
  emailAddress: `select r.line, r.person_id, g.address, g.state, g.place
    from r cross join unnest(r.emails, r.email_states) with ordinality as g (address, state, place)
    where not exists (select from people.email_address e where e.address = g.address)`,
  deadAddress: `select r.line, e.id, g.state
    from r cross join unnest(r.emails, r.email_states) as g (address, state)
    join people.email_address e on e.address = g.address and e.person_id = r.person_id
    where r.email_states && '{bad,bounced}' and g.state <> 'ok' and e.status = 'ok'`,
  phoneNumber: `select r.line, r.person_id, g.number, g.state, g.kind
    from r cross join unnest(r.phones, r.phone_states, r.phone_lines) as g (number, state, kind)
    where not exists (select from people.phone_number n
      where n.person_id = r.person_id and n.number = g.number)`,
  deadNumber: `select r.line, n.id, g.state
    from r cross join unnest(r.phones, r.phone_states) as g (number, state)
    join people.phone_number n on n.person_id = r.person_id and n.number = g.number
    where r.phone_states && '{bad,bounced}' and g.state <> 'ok' and n.status = 'ok'`,
  postalAddress: `select r.line, r.person_id, r.line1, r.line2, r.postcode, r.locality, r.region, r.country from r
    where coalesce(r.line1, r.line2, r.postcode, r.locality, r.region, r.country) is not null
      and not exists (select from people.postal_address a where a.person_id = r.person_id)`,
  relation: `select r.line, r.person_id, r.relation from r
    where r.relation is not null
      and not exists (select from people.relation o where o.person_id = r.person_id and o.until is null)`,
  // "offset 0": otherwise the names are looked through anew for each row.
  tagging: `select g.line, g.person_id, g.name, n.id from (
      select r.line, r.person_id, one.name from r cross join unnest(r.tags) as one (name) offset 0) g
    left join names n on n.name = g.name
    where n.id is null or not exists (select from people.tagging k
      where k.tag_id = n.id and k.person_id = g.person_id)`,
  affiliation: `select r.line, r.person_id from r
    where not exists (select from people.affiliation a
      where a.person_id = r.person_id and a.organization_id = :organizationId)`,
  external: `select r.line, r.person_id, r.external from r
    where r.external is not null
      and not exists (select from people.external_id x where x.system = 'nationbuilder' and x.value = r.external)`,
  claim: `select r.line, r.person_id, g.channel from r cross join unnest(r.claims) as g (channel)
    where not exists (select from people.consent_claim c where c.person_id = r.person_id
      and c.organization_id = :organizationId and c.channel = g.channel)`,
  stop: `select r.line, r.person_id, s.kind, s.address, s.reason
    from r join people.import_stop s on s.import_id = :importId and s.line = r.line
    where not exists (select from people.suppression o
      where o.kind = s.kind and o.hash = people.keyed_hash(s.kind, s.address)
        and ${weight('o.reason')} >= ${weight('s.reason')})`,
} as const;

/** Addresses that are not to be reached any more, once each. */
export async function countStops(
  scope: Scope,
  importId: string,
): Promise<{ dead: number; stopped: number; stoppedBefore: number }> {
  const found = await scope.db.raw(
    `select count(*) filter (where reason = 'dead')::int as dead, count(*)::int as stopped,
       count(*) filter (where is_known)::int as "stoppedBefore"
     from (select case when bool_or(reason <> 'dead') then '' else 'dead' end as reason,
         people.is_suppressed(kind, address) as is_known
       from people.import_stop where import_id = :importId group by kind, address) one`,
    { importId },
  );
  return found.rows[0];
}

export async function countRefused(
  scope: Scope,
  importId: string,
): Promise<Record<string, number>> {
  const found = await scope.db.raw(
    `select reason, count(*)::int as count from people.import_row_refused where import_id = :importId
     group by reason order by reason`,
    { importId },
  );
  return Object.fromEntries(
    found.rows.map((row: { reason: string; count: number }) => [row.reason, row.count]),
  );
}

/** The planner has not met this list yet, and would take it for empty; and a long one takes its time. */
export async function analyzeReady(scope: Scope): Promise<void> {
  await scope.db.raw(
    `select set_config('statement_timeout', '0', true), set_config('work_mem', '32MB', true)`,
  );
  await scope.db.raw(
    'analyze people.import_ready (import_id, line, label, external, name_key), people.import_stop',
  );
}

/** How many rows of the file are still in staging. */
export async function countReady(
  scope: Scope,
  importId: string,
): Promise<{ staged: number; ready: number }> {
  const found = await scope.db.raw(
    `select (select count(*)::int from people.import_staging where import_id = :importId) as staged,
       (select count(*)::int from people.import_ready where import_id = :importId) as ready`,
    { importId },
  );
  return found.rows[0];
}

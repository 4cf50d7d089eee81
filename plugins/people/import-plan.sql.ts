// Who of the staged rows is known, and what each would add: asked by the dry run and, batch by batch, by the run.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
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

/** What the dry run said for good. */
export const settled: readonly Verdict[] = ['twin', 'unchanged'];

/** The rows of a stretch for this transaction alone, counted, so that the planner knows them. */
export async function openBatch(
  scope: Scope,
  stretch: Stretch,
  without: readonly Verdict[],
): Promise<void> {
  await scope.db.raw('drop table if exists pg_temp.import_batch');
  await scope.db.raw(
    `create temp table import_batch on commit drop as
     select * from people.import_ready r where ${within('r')} 
       and (verdict is null or verdict <> all (:without))`,
    { ...stretch, without },
  );
  // What is joined by; to look at the lists in the other columns takes longer than to match them.
  await scope.db.raw('analyze pg_temp.import_batch (line, person_id, external, name_key)');
}

/**
 * By its number in the old system (if the name or an address agrees: two systems may count alike), by e-mail
 * address, else by name and one more thing that is the same.
 */
export async function matchBatch(scope: Scope): Promise<void> {
  await scope.db.raw(
    `with r as materialized (
       select line, external, emails, phones, name_key, line1, postcode, birth_date from pg_temp.import_batch),
     by_external as (
       select r.line, p.id from r join people.external_id x on x.system = 'nationbuilder' and x.value = r.external
       join people.person p on p.id = x.person_id and p.erased_at is null
       where p.sort_name = r.name_key or exists (
         select from people.email_address e where e.person_id = p.id and e.address = any (r.emails))),
     by_email as (
       select distinct on (r.line) r.line, e.person_id as id
       from r cross join unnest(r.emails) with ordinality as g (address, place)
       join people.email_address e on e.address = g.address order by r.line, g.place),
     by_name as (
       select r.line, min(p.id) as id from r
       join people.person p on p.sort_name = r.name_key and p.erased_at is null and ${seen(scope, 'p.id')}
       where r.emails = '{}' and r.name_key <> '' and ${isSame} group by r.line),
     found as (
       select r.line, coalesce(x.id, e.id, n.id) as id
       from r left join by_external x on x.line = r.line left join by_email e on e.line = r.line
         left join by_name n on n.line = r.line)
     update pg_temp.import_batch t set person_id = found.id from found
     where t.line = found.line and t.person_id is distinct from found.id`,
    bounds(scope),
  );
}

const isSame = `not exists (select from people.external_id x where x.person_id = p.id
    and x.system = 'nationbuilder' and x.value <> r.external)
  and case when r.phones <> '{}' then exists (
      select from people.phone_number n where n.person_id = p.id and n.number = any (r.phones))
    when coalesce(r.line1, r.postcode) is not null then exists (
      select from people.postal_address a where a.person_id = p.id
        and core.fold(a.line1) is not distinct from core.fold(r.line1)
        and a.postcode is not distinct from r.postcode)
    when r.birth_date is not null then p.birth_date = r.birth_date
    else p.birth_date is null
      and not exists (select from people.email_address e where e.person_id = p.id)
      and not exists (select from people.phone_number n where n.person_id = p.id)
      and not exists (select from people.postal_address a where a.person_id = p.id
        and coalesce(a.line1, a.postcode) is not null) end`;

/** Those who are known stay until the transaction ends; answers how many have gone meanwhile. */
export async function holdMatched(scope: Scope): Promise<number> {
  const found = await scope.db.raw(
    `with held as (
       select p.id from people.person p where p.erased_at is null and p.id in (
         select person_id from pg_temp.import_batch)
       order by p.id for key share)
     select count(*)::int as gone from pg_temp.import_batch
     where person_id is not null and person_id not in (select id from held)`,
  );
  return found.rows[0].gone;
}

/** Marks each row; the staff of a chapter does not learn of whom it does not see. */
export async function judgeBatch(
  scope: Scope,
  importId: string,
  { isNumbered = false } = {},
): Promise<void> {
  const number = `case when t.person_id is null
    then nextval((select pg_get_serial_sequence('people.person', 'id'))::regclass) else t.person_id end`;
  const list = Object.values(additions).map((sql) => `select line from (${sql}) one`);
  if (!(await knowsAnybody(scope))) {
    const numbered = isNumbered ? `, person_id = ${number}` : '';
    const which = isNumbered ? '' : `where verdict is distinct from 'new'`;
    await scope.db.raw(`update pg_temp.import_batch t set verdict = 'new'${numbered} ${which}`);
    return;
  }
  await scope.db.raw(
    `with r as materialized (
       select * from pg_temp.import_batch b where person_id is not null and ${seen(scope, 'b.person_id')}),
     ${names}, more as materialized (${list.join(' union all ')})
     update pg_temp.import_batch t set ${isNumbered ? `person_id = ${number},` : ''} verdict =
       case when t.person_id is null then 'new'
         when not ${seen(scope, 't.person_id')} then 'refused'
         when t.line in (select line from more) then 'changed' else 'unchanged' end`,
    { ...bounds(scope), importId },
  );
}

async function knowsAnybody(scope: Scope): Promise<boolean> {
  const found = await scope.db.raw(
    'select exists (select from pg_temp.import_batch where person_id is not null) as "isKnown"',
  );
  return found.rows[0].isKnown;
}

/** For the page that shows the dry run, and to join two rows that were found to be one person. */
export async function keepVerdicts(scope: Scope, stretch: Stretch): Promise<void> {
  await scope.db.raw(
    `update people.import_ready r set verdict = b.verdict, person_id = b.person_id from pg_temp.import_batch b
     where ${within('r')} and r.line = b.line
       and (r.verdict is distinct from b.verdict or r.person_id is distinct from b.person_id)`,
    { ...stretch },
  );
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
  phoneNumber: `select r.line, r.person_id, g.number, g.state
    from r cross join unnest(r.phones, r.phone_states) as g (number, state)
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

export type Verdict = 'new' | 'changed' | 'unchanged' | 'twin' | 'refused';
export type Verdicts = Record<Verdict, number>;

/** What becomes of the rows of a stretch, of which the batch is open. */
export async function countVerdicts(
  scope: Scope,
  stretch: Stretch,
  without: readonly Verdict[],
): Promise<Verdicts> {
  const found = await scope.db.raw(
    `select verdict, count(*)::int as count from (
       select verdict from pg_temp.import_batch
       union all select verdict from people.import_ready r where ${within('r')} and verdict = any (:without)) one
     group by verdict`,
    { ...stretch, without },
  );
  const none: Verdicts = { new: 0, changed: 0, unchanged: 0, twin: 0, refused: 0 };
  return found.rows.reduce(
    (all: Verdicts, row: { verdict: string; count: number }) => ({
      ...all,
      [row.verdict]: row.count,
    }),
    none,
  );
}

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

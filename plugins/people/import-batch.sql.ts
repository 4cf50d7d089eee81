// A batch of staged rows: who of them is known, and what becomes of each; asked by the dry run and, batch by batch, by the run.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';
import { additions, names, type Stretch, within } from './import-plan.sql.ts';

export type Verdict = 'new' | 'changed' | 'unchanged' | 'twin' | 'refused';
export type Verdicts = Record<Verdict, number>;

/** What the dry run said for good. */
export const settled: readonly Verdict[] = ['twin', 'unchanged'];

const columns = `line, verdict, external, given_name, family_name, birth_date, emails, email_states, phones, phone_states, phone_lines,
  line1, line2, postcode, locality, region, country, relation, tags, claims, digest, name_key`;

/** Given as the rows are copied: to write it into each afterwards takes as long again. */
const number = `nextval((select pg_get_serial_sequence('people.person', 'id'))::regclass)`;

/**
 * The rows of a stretch for this transaction alone, counted, so that the planner knows them. `isNumbered`: each has
 * the number of the person that it makes, which goes unused where it makes none.
 */
export async function openBatch(
  scope: Scope,
  stretch: Stretch,
  without: readonly Verdict[],
  { isNumbered = false } = {},
): Promise<void> {
  await scope.db.raw('drop table if exists pg_temp.import_batch');
  await scope.db.raw(
    `create temp table import_batch on commit drop as
     select ${columns}, ${isNumbered ? number : 'cast(null as bigint)'} as person_id, false as is_known
     from people.import_ready r where ${within('r')} and (verdict is null or verdict <> all (:without))`,
    { ...stretch, without },
  );
  // What is joined by; to look at the lists in the other columns takes longer than to match them.
  await scope.db.raw('analyze pg_temp.import_batch (line, external, name_key)');
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
       select distinct on (line) line, id from (
         select 1 as way, line, id from by_external union all select 2, line, id from by_email
         union all select 3, line, id from by_name) one
       order by line, way)
     update pg_temp.import_batch t set person_id = found.id, is_known = true from found where t.line = found.line`,
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
    `with known as materialized (select person_id from pg_temp.import_batch where is_known),
     held as (
       select p.id from people.person p where p.erased_at is null and p.id in (select person_id from known)
       order by p.id for key share)
     select count(*)::int as gone from known where person_id not in (select id from held)`,
  );
  return found.rows[0].gone;
}

/** Marks each row; the staff of a chapter does not learn of whom it does not see. */
export async function judgeBatch(scope: Scope, importId: string): Promise<void> {
  if (!(await knowsAnybody(scope))) {
    await scope.db.raw(
      `update pg_temp.import_batch set verdict = 'new' where verdict is distinct from 'new'`,
    );
    return;
  }
  const list = Object.values(additions).map((sql) => `select line from (${sql}) one`);
  await scope.db.raw(
    `with r as materialized (
       select * from pg_temp.import_batch b where is_known and ${seen(scope, 'b.person_id')}),
     ${names}, more as materialized (${list.join(' union all ')})
     update pg_temp.import_batch t set verdict =
       case when not t.is_known then 'new'
         when not ${seen(scope, 't.person_id')} then 'refused'
         when t.line in (select line from more) then 'changed' else 'unchanged' end`,
    { ...bounds(scope), importId },
  );
}

async function knowsAnybody(scope: Scope): Promise<boolean> {
  const found = await scope.db.raw(
    'select exists (select from pg_temp.import_batch where is_known) as "isKnown"',
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

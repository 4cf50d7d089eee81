// Numbers for the admin's home.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';
import { distinct, peopleOf } from './list-filter.ts';

export interface Numbers {
  people: number;
  newThisWeek: number;
  subscribers: number;
}

export async function countPeople(scope: Scope, weekAgo: Date): Promise<Numbers> {
  const found = await scope.db.raw(
    `select
       (select count(${distinct(scope)} p.id)::int from ${hereOf(scope)} p) as people,
       (select count(*)::int from ${peopleOf(scope)} p where p.erased_at is null and p.created_at > :weekAgo
         and ${isHere(scope)}) as "newThisWeek",
       (select count(distinct s.person_id)::int from ${subscribed(scope)} s.until is null) as subscribers`,
    { ...bounds(scope), weekAgo },
  );
  return found.rows[0];
}

/** People who came in, day by day, in the party's own days; days without anyone are there too. */
export async function countByDay(
  scope: Scope,
  since: Date,
): Promise<{ day: string; people: number }[]> {
  const found = await scope.db.raw(
    `with came as (
       select (p.created_at at time zone :zone)::date as day, count(*)::int as people
       from ${peopleOf(scope)} p
       where p.erased_at is null and ${isHere(scope)}
         and p.created_at > cast(:since as timestamptz) - interval '1 day'
       group by 1)
     select to_char(d.day, 'YYYY-MM-DD') as day, coalesce(came.people, 0) as people
     from generate_series((cast(:since as timestamptz) at time zone :zone)::date,
       (cast(:now as timestamptz) at time zone :zone)::date, interval '1 day') as d (day)
     left join came on came.day = d.day::date order by 1`,
    { ...bounds(scope), since, zone: scope.organization.timeZone },
  );
  return found.rows;
}

/** Whether there are more than the few that one types by hand. */
export async function hasMoreThan(scope: Scope, few: number): Promise<boolean> {
  const found = await scope.db.raw(
    `select count(distinct few.id)::int as count from (select p.id from ${hereOf(scope)} p limit :most) few`,
    { ...bounds(scope), most: few + 1 },
  );
  return found.rows[0].count > few;
}

/** Who is erased is affiliated with nobody. */
function hereOf(scope: Scope): string {
  if (!scope.bound) return '(select id from people.person where erased_at is null)';
  return `(select a.person_id as id from people.affiliation a
    where a.organization_id = any (cast(:bound as bigint[])))`;
}

/** Asked of each who came lately, not gathered for the whole chapter. */
function isHere(scope: Scope): string {
  if (!scope.bound) return 'true';
  return `exists (select from people.affiliation a where a.person_id = p.id
    and a.organization_id = any (cast(:bound as bigint[])) offset 0)`;
}

function subscribed(scope: Scope): string {
  if (!scope.bound) return 'people.subscription s where';
  return 'people.seen_subscription s where s.seen_by = any (cast(:bound as bigint[])) and';
}

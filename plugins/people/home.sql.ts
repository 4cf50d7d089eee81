// Numbers for the admin's home.
import type { Scope } from 'rostra/plugin';
import { bounds, seen } from './bound.ts';

export interface Numbers {
  people: number;
  newThisWeek: number;
  subscribers: number;
}

export async function countPeople(scope: Scope, weekAgo: Date): Promise<Numbers> {
  const found = await scope.db.raw(
    `select
       (select count(*)::int from people.person p where p.erased_at is null and ${seen(scope, 'p.id')}) as people,
       (select count(*)::int from people.person p where p.erased_at is null and p.created_at > :weekAgo
         and ${seen(scope, 'p.id')}) as "newThisWeek",
       (select count(distinct s.person_id)::int from people.subscription s
         where s.until is null and ${seen(scope, 's.person_id')}) as subscribers`,
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
       from people.person p
       where p.erased_at is null and ${seen(scope, 'p.id')}
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
    `select count(*)::int as count from (select from people.person p
       where p.erased_at is null and ${seen(scope, 'p.id')} limit :most) few`,
    { ...bounds(scope), most: few + 1 },
  );
  return found.rows[0].count > few;
}

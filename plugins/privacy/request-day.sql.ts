// Days of a deadline, counted where the organization is.
import type { Scope } from 'rostra/plugin';

/** The midnight with which a day (`2026-11-24`) begins where the organization is. */
export async function findStart(scope: Scope, day: string): Promise<Date> {
  const found = await scope.db.raw(
    'select cast(cast(:day as date) as timestamp) at time zone :zone as at',
    { day, zone: scope.organization.timeZone },
  );
  return found.rows[0].at;
}

/** Until when, from then on: a length of days, months or years ends with its last day where the organization is. */
export async function findEnd(scope: Scope, from: Date, length: string): Promise<Date> {
  const found = await scope.db.raw(
    `select case when :length like '%T%' then cast(:from as timestamptz) + cast(:length as interval)
       else (date_trunc('day', cast(:from as timestamptz) at time zone :zone) + cast(:length as interval)
         + interval '1 day') at time zone :zone - interval '1 second' end as at`,
    { from, length, zone: scope.organization.timeZone },
  );
  return found.rows[0].at;
}

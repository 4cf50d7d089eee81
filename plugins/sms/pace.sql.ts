// When each account will be free of the messages before, in all processes together.
import type { Scope } from 'rostra/plugin';
import { lineOf, usable } from './bound.ts';

export interface SlotsWanted {
  accountId: string;
  count: number;
  perSecond: number;
}

/** Milliseconds since 1970 of the first of so many slots in a row. `undefined`: no account that the scope may use. */
export async function reserveSlots(
  scope: Scope,
  { accountId, count, perSecond }: SlotsWanted,
): Promise<number | undefined> {
  // Nobody reserves a minute ahead: that was a clock that went wrong.
  const { rows } = await scope.db.raw(
    `with wanted as (
       select a.id, cast(:now as timestamptz) as now, make_interval(secs => :seconds) as length
       from sms.account a where a.id = :accountId and ${usable('a')}
     )
     insert into sms.pace as pace (account_id, free_at) select id, now + length from wanted
     on conflict (account_id) do update set free_at = make_interval(secs => :seconds) + case
       when pace.free_at between :now and cast(:now as timestamptz) + interval '1 minute' then pace.free_at
       else cast(:now as timestamptz) end
     returning cast(1000 * extract(epoch from free_at - make_interval(secs => :seconds)) as double precision) as first`,
    { accountId, seconds: count / perSecond, ...lineOf(scope), now: scope.now() },
  );
  return rows[0]?.first;
}

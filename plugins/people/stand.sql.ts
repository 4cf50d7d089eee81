// What was noted at stands: entries to count, nothing of the people.
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';

const kept = '30 days';

/** Answers false when this very form was noted before. */
export async function insertStandEntry(
  scope: Scope,
  entry: { key: string; place: string | undefined },
): Promise<boolean> {
  const found = await scope.db.raw(
    `with old as (delete from people.stand_entry where organization_id = :organizationId
       and at < cast(:now as timestamptz) - interval '${kept}')
     insert into people.stand_entry (organization_id, key, by_account, place, at)
     values (:organizationId, cast(:key as uuid), :account, :place, :now)
     on conflict (key) do nothing`,
    { ...bounds(scope), key: entry.key, place: entry.place ?? null, account: accountOf(scope) },
  );
  return found.rowCount === 1;
}

export interface StandDay {
  /** Noted today by the whoever acts, and by everybody of the organization. */
  mine: number;
  all: number;
  /** Where they stood when they last noted somebody today. */
  place: string | null;
}

/** Of today, in the organization's own time. */
export async function findStandDay(scope: Scope): Promise<StandDay> {
  const found = await scope.db.raw(
    `with today as (
       select s.by_account = :account as "isMine", s.place, s.id from people.stand_entry s
       where s.organization_id = :organizationId
         and s.at >= date_trunc('day', cast(:now as timestamptz) at time zone :zone) at time zone :zone)
     select count(*) filter (where "isMine")::int as mine, count(*)::int as all,
       (select place from today where "isMine" order by id desc limit 1) as place
     from today`,
    { ...bounds(scope), account: accountOf(scope), zone: scope.organization.timeZone },
  );
  return found.rows[0];
}

function accountOf(scope: Scope): string {
  return scope.actor.kind === 'staff' ? scope.actor.accountId : scope.actor.kind;
}

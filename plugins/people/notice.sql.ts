// Whom a list brought in and nobody has told: by when it must be, and that it was.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import { countryOf } from './person.sql.ts';

const isNew = `p.source = 'import' and p.erased_at is null
  and not exists (select from people.notice x where x.person_id = p.id)`;

/** Where those live who have no day yet, as far as it is known: whose law is asked. */
export async function findUnaskedCountries(scope: Scope): Promise<(string | null)[]> {
  const found = await scope.db.raw(
    `select distinct ${countryOf('p.id')} as country from people.person p where ${isNew}`,
  );
  return found.rows.map(({ country }: { country: string | null }) => country);
}

/** Gives them their day; answers how many they are. */
export async function insertNotices(
  scope: Scope,
  { within, country }: { within: string; country: string | null },
): Promise<number> {
  const found = await scope.db.raw(
    `insert into people.notice (person_id, due_on)
     select p.id, (p.created_at at time zone :zone + cast(:within as interval))::date from people.person p
     where ${isNew} and ${countryOf('p.id')} is not distinct from :country
     on conflict (person_id) do nothing`,
    { within, country, zone: scope.organization.timeZone },
  );
  return found.rowCount ?? 0;
}

/** Of the scope, in order of their ids, after one. */
export async function findUntold(scope: Scope, after: string, most: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select x.person_id as id from people.notice x
     where x.told_at is null and x.person_id > :after and ${seen(scope, 'x.person_id')}
     order by x.person_id limit :most`,
    { ...bounds(scope), after, most },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

export interface Told {
  personId: string;
  at: Date;
  how: 'message' | 'mail' | 'staff';
}

/** Once: who was told before stays as they are. Answers how many are new. */
export async function settleNotices(scope: Scope, told: readonly Told[]): Promise<number> {
  const those = told.filter(({ personId }) => isId(personId));
  const found = await scope.db.raw(
    `update people.notice x set told_at = each.at, how = each.how
     from unnest(cast(:ids as bigint[]), cast(:ats as timestamptz[]), cast(:hows as text[])) as each (id, at, how)
     where x.person_id = each.id and x.told_at is null and ${seen(scope, 'x.person_id')}`,
    {
      ...bounds(scope),
      ids: those.map(({ personId }) => personId),
      ats: those.map(({ at }) => at),
      hows: those.map(({ how }) => how),
    },
  );
  return found.rowCount ?? 0;
}

export interface NoticeRow {
  id: string;
  name: string;
  /** ISO date. */
  dueOn: string;
  /** An address of theirs is open to mail. */
  hasMail: boolean;
}

/** The scope's who are still to be told, soonest first, after a place in that order. */
export async function findNotices(
  scope: Scope,
  page: { after?: { day: string; id: string }; limit: number },
): Promise<NoticeRow[]> {
  const found = await scope.db.raw(
    `select x.person_id as id, to_char(x.due_on, 'YYYY-MM-DD') as "dueOn",
       coalesce(nullif(concat_ws(' ', p.given_name, p.family_name), ''), p.sort_name) as name,
       exists (select from people.email_address e where e.person_id = x.person_id and e.status = 'ok'
         and not people.is_suppressed('email', e.address)) as "hasMail"
     from people.notice x join people.person p on p.id = x.person_id
     where x.told_at is null and ${seen(scope, 'x.person_id')}
       and (cast(:day as date) is null or (x.due_on, x.person_id) > (cast(:day as date), cast(:id as bigint)))
     order by x.due_on, x.person_id limit :limit`,
    {
      ...bounds(scope),
      day: page.after?.day ?? null,
      id: page.after?.id ?? null,
      limit: page.limit,
    },
  );
  return found.rows;
}

/** How many are still to be told, how many of them later than the law says, and when the next is due. */
export async function countNotices(
  scope: Scope,
  today: string,
): Promise<{ people: number; late: number; next: string | null }> {
  const found = await scope.db.raw(
    `select count(*)::int as people, count(*) filter (where x.due_on < cast(:today as date))::int as late,
       to_char(min(x.due_on) filter (where x.due_on >= cast(:today as date)), 'YYYY-MM-DD') as next
     from people.notice x where x.told_at is null and ${seen(scope, 'x.person_id')}`,
    { ...bounds(scope), today },
  );
  return found.rows[0];
}

// Occasional contacts whose time ends: found, listed, and no longer so once they have become something more.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';
import { countryOf } from './person.sql.ts';

/**
 * Nothing but an occasional contact: whose relation says so, who gets no newsletter, and whose last word on no
 * channel is yes: that their reading may be counted brings no message. Of `x.person_id`, one by one ("offset 0"): the planner expects a handful and would read all subscriptions
 * for each.
 */
const isOccasional = `exists (select from people.relation o
    where o.person_id = x.person_id and o.until is null and o.kind = 'occasional_contact' offset 0)
  and not exists (select from people.subscription s
    where s.person_id = x.person_id and s.until is null offset 0)
  and not exists (select from (
      select distinct on (c.organization_id, c.channel, c.purpose) c.given from people.consent c
      where c.person_id = x.person_id and c.purpose <> 'measure' order by c.organization_id, c.channel, c.purpose, c.id desc) last where last.given offset 0)`;

/** Where occasional contacts live, as far as it is known: whose law is asked. */
export async function findOccasionalCountries(scope: Scope): Promise<(string | null)[]> {
  const found = await scope.db.raw(
    `select distinct ${countryOf('o.person_id')} as country from people.relation o
     where o.until is null and o.kind = 'occasional_contact'`,
  );
  return found.rows.map(({ country }: { country: string | null }) => country);
}

export interface Keeping {
  rule: string;
  /** ISO 8601, e.g. `P2M`. */
  keep: string;
  country: string | null;
  /** ISO date, the last whose people are told of now. */
  until: string;
}

/** Writes down whose time ends until then; nobody goes before `until`. Answers how many are new. */
export async function insertExpiries(scope: Scope, keeping: Keeping): Promise<number> {
  const found = await scope.db.raw(
    `insert into people.expiry (person_id, rule, due_on, goes_on, warned_at)
     select x.person_id, :rule, x.due_on, greatest(x.due_on, cast(:until as date)), :now
     from (select o.person_id, (o.since + cast(:keep as interval))::date as due_on from people.relation o
       where o.until is null and o.kind = 'occasional_contact') x
     where x.due_on <= cast(:until as date) and ${countryOf('x.person_id')} is not distinct from :country
       and ${isOccasional}
     on conflict (person_id) do nothing`,
    { ...keeping, now: scope.now() },
  );
  return found.rowCount ?? 0;
}

export async function deleteOutlived(scope: Scope): Promise<void> {
  await scope.db.raw(`delete from people.expiry x where not (${isOccasional})`);
}

export async function findExpired(
  scope: Scope,
  { today, after }: { today: string; after: string },
  most: number,
): Promise<string[]> {
  const found = await scope.db.raw(
    `select x.person_id as id from people.expiry x where x.goes_on <= cast(:today as date)
       and x.person_id > :after order by x.person_id limit :most`,
    { today, after, most },
  );
  return found.rows.map(({ id }: { id: string }) => id);
}

/** Once more, under the person's lock: they may have signed up a moment ago. */
export async function isStillExpired(
  scope: Scope,
  personId: string,
  today: string,
): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from people.expiry x where x.person_id = :personId
       and x.goes_on <= cast(:today as date) and ${isOccasional}) as answer`,
    { personId, today },
  );
  return found.rows[0].answer;
}

export interface ExpiryRow {
  id: string;
  name: string;
  goesOn: string;
  rule: string;
}

/** The scope's, soonest first, after a place in that order. */
export async function findExpiries(
  scope: Scope,
  page: { after?: { day: string; id: string }; limit: number },
): Promise<ExpiryRow[]> {
  const found = await scope.db.raw(
    `select x.person_id as id, x.rule, to_char(x.goes_on, 'YYYY-MM-DD') as "goesOn",
       coalesce(nullif(concat_ws(' ', p.given_name, p.family_name), ''), p.sort_name) as name
     from people.expiry x join people.person p on p.id = x.person_id
     where ${seen(scope, 'x.person_id')}
       and (cast(:day as date) is null or (x.goes_on, x.person_id) > (cast(:day as date), cast(:id as bigint)))
     order by x.goes_on, x.person_id limit :limit`,
    {
      ...bounds(scope),
      day: page.after?.day ?? null,
      id: page.after?.id ?? null,
      limit: page.limit,
    },
  );
  return found.rows;
}

/** How many, and when the first go. */
export async function countExpiries(
  scope: Scope,
): Promise<{ people: number; first: string | null }> {
  const found = await scope.db.raw(
    `select count(*)::int as people, to_char(min(x.goes_on), 'YYYY-MM-DD') as first
     from people.expiry x where ${seen(scope, 'x.person_id')}`,
    bounds(scope),
  );
  return found.rows[0];
}

export async function deleteExpiry(scope: Scope, personId: string): Promise<number> {
  if (!isId(personId)) return 0;
  const found = await scope.db.raw(
    `delete from people.expiry x where x.person_id = :personId and ${seen(scope, 'x.person_id')}`,
    { ...bounds(scope), personId },
  );
  return found.rowCount ?? 0;
}

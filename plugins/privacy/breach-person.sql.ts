// Whom a breach concerned by name: added and taken out by the organization, shown to them, gone with them.
import type { Scope } from 'rostra/plugin';

/** Answers whether they were not in it yet; a closed breach takes nobody. */
export async function insertBreachPerson(
  scope: Scope,
  breachId: string,
  personId: string,
): Promise<boolean> {
  const done = await scope.db.raw(
    `insert into privacy.breach_person (organization_id, breach_id, person_id, added_at)
     select b.organization_id, b.id, :personId, :now from privacy.breach b
     where b.id = :breachId and b.organization_id = :organizationId and b.closed_at is null
     on conflict do nothing`,
    { breachId, personId, organizationId: scope.organization.id, now: scope.now() },
  );
  return done.rowCount === 1;
}

export async function deleteBreachPerson(
  scope: Scope,
  breachId: string,
  personId: string,
): Promise<boolean> {
  const done = await scope.db.raw(
    `delete from privacy.breach_person p using privacy.breach b
     where p.breach_id = :breachId and p.person_id = :personId and b.id = p.breach_id
       and b.organization_id = :organizationId and b.closed_at is null`,
    { breachId, personId, organizationId: scope.organization.id },
  );
  return done.rowCount === 1;
}

/** The first so many, as they were added. */
export async function findBreachPeople(
  scope: Scope,
  breachId: string,
  most: number,
): Promise<string[]> {
  const found = await scope.db.raw(
    `select p.person_id as id from privacy.breach_person p
     where p.breach_id = :breachId and ${ours(scope)} order by p.added_at, p.person_id limit :most`,
    { breachId, most, bound: [...(scope.bound ?? [])] },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

export async function findBreachesOf(
  scope: Scope,
  personId: string,
): Promise<{ id: string; reference: string; knownAt: Date; isOpen: boolean }[]> {
  const found = await scope.db.raw(
    `select b.id, b.reference, b.known_at as "knownAt", b.closed_at is null as "isOpen"
     from privacy.breach_person p join privacy.breach b on b.id = p.breach_id
     where p.person_id = :personId and ${ours(scope)} order by b.id desc limit 50`,
    { personId, bound: [...(scope.bound ?? [])] },
  );
  return found.rows;
}

/** For their own copy: what it was, and what was done about it. */
export async function* readBreachesOf(scope: Scope, personId: string) {
  const found = await scope.db.raw(
    `select b.reference, o.name as organization, b.happened_at, b.known_at, b.what, b.kinds as kind, b.data,
       b.data_more, b.consequences, b.measures, b.reported_at, b.told_at, b.told_how
     from privacy.breach_person p join privacy.breach b on b.id = p.breach_id
     join core.organization o on o.id = b.organization_id
     where p.person_id = :personId order by b.id`,
    { personId },
  );
  for (const row of found.rows) yield { table: 'privacy.breach_person', row };
}

/** That somebody was named stays as a number: it is evidence of how many there were. */
export async function emptyBreachesOf(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw(
    `with gone as (delete from privacy.breach_person where person_id = :personId returning breach_id)
     update privacy.breach b set named_erased = b.named_erased + 1 from gone where b.id = gone.breach_id`,
    { personId },
  );
}

export async function moveBreachesOf(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw(
    `insert into privacy.breach_person (organization_id, breach_id, person_id, added_at)
     select organization_id, breach_id, :into, added_at from privacy.breach_person where person_id = :from
     on conflict do nothing`,
    { from, into },
  );
  await scope.db.raw('delete from privacy.breach_person where person_id = :from', { from });
}

/** Who was named in breaches closed before then; their number stays. */
export async function forgetBreachPeople(scope: Scope, before: Date): Promise<number> {
  const gone = await scope.db.raw(
    `with gone as (delete from privacy.breach_person p using privacy.breach b
       where b.id = p.breach_id and b.closed_at < :before returning p.breach_id),
     told as (update privacy.breach b set named_erased = b.named_erased + g.count
       from (select breach_id, count(*)::int as count from gone group by breach_id) g where b.id = g.breach_id)
     select count(*)::int as count from gone`,
    { before },
  );
  return gone.rows[0].count;
}

/** Of an invented party: all of invented chapters, and invented people wherever they are named. */
export async function deleteInventedBreaches(
  scope: Scope,
  chapters: readonly string[],
): Promise<void> {
  const values = { chapters: [...chapters] };
  const isTheirs = 'organization_id = any (cast(:chapters as bigint[]))';
  await scope.db.raw(
    `delete from privacy.breach_person
     where person_id in (select cast(id as bigint) from core.demo_row where kind = 'person') or ${isTheirs}`,
    values,
  );
  await scope.db.raw(`delete from privacy.breach_change where ${isTheirs}`, values);
  await scope.db.raw(`delete from privacy.breach where ${isTheirs}`, values);
}

function ours(scope: Scope): string {
  return scope.bound ? 'p.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

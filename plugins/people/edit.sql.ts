// Writing one person: fields, ways to reach, relation, chapters.
import type { Scope } from 'rostra/plugin';
import { bounds, ofOwn, seen } from './bound.ts';
import type { PostalValues } from './postal.ts';
import { moveOrigin } from './provenance.sql.ts';
import { lineOf } from './telephone-line.ts';

export interface PersonValues {
  givenName: string | null;
  familyName: string | null;
  birthDate: string | null;
}

/** Answers 0 when somebody else changed the person since this version was read. */
export async function updatePerson(
  scope: Scope,
  personId: string,
  version: number,
  values: PersonValues,
): Promise<number> {
  const found = await scope.db.raw(
    `update people.person p set given_name = :givenName, family_name = :familyName,
       birth_date = cast(:birthDate as date), version = version + 1, changed_at = :now
     where p.id = :personId and p.version = :version and p.erased_at is null and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), personId, version, ...values },
  );
  return found.rowCount ?? 0;
}

/** For changes that no form holds whole: tags, notes of the system, ways that were added. */
export async function touchPeople(scope: Scope, ids: readonly string[]): Promise<void> {
  await scope.db.raw(
    `update people.person p set changed_at = :now, version = version + 1
     where p.id = any (cast(:ids as bigint[])) and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), ids: [...ids] },
  );
}

/** The first is the primary one; those that are not in the list go. Answers addresses that others have. */
export async function replaceEmailAddresses(
  scope: Scope,
  personId: string,
  addresses: readonly string[],
): Promise<string[]> {
  const values = { ...bounds(scope), personId, addresses: [...addresses] };
  await scope.db.raw(
    `delete from people.email_address e where e.person_id = :personId and ${seen(scope, 'e.person_id')}
       and not e.address = any (cast(:addresses as text[]))`,
    values,
  );
  await scope.db.raw(
    `update people.email_address e set is_primary = false
     where e.person_id = :personId and e.is_primary and ${seen(scope, 'e.person_id')}`,
    values,
  );
  await scope.db.raw(
    `insert into people.email_address (person_id, address, created_at)
     select :personId, address, :now from unnest(cast(:addresses as text[])) as wanted (address)
     order by address on conflict (address) do nothing`,
    values,
  );
  const found = await scope.db.raw(
    `select e.address from people.email_address e
     where e.address = any (cast(:addresses as text[])) and e.person_id <> :personId`,
    values,
  );
  await scope.db.raw(
    `update people.email_address e set is_primary = true
     where e.person_id = :personId and e.address = :first and ${seen(scope, 'e.person_id')}`,
    { ...values, first: addresses[0] ?? '' },
  );
  return found.rows.map((row: { address: string }) => row.address);
}

/** In this order: the oldest row is the main number. One that stays keeps what is known of it. */
export async function replacePhoneNumbers(
  scope: Scope,
  personId: string,
  numbers: readonly string[],
): Promise<void> {
  const values = { ...bounds(scope), personId };
  const unheard = { status: 'ok', returnedAt: null, returnedWhy: null, createdAt: values.now };
  const gone = await scope.db.raw(
    `delete from people.phone_number n where n.person_id = :personId and ${seen(scope, 'n.person_id')}
     returning n.id, n.number, n.status, n.line, n.returned_at as "returnedAt", n.returned_why as "returnedWhy",
       n.created_at as "createdAt"`,
    values,
  );
  for (const number of numbers) {
    const kept = gone.rows.find((row: { number: string }) => row.number === number);
    const made = await scope.db.raw(
      `insert into people.phone_number (person_id, number, status, line, returned_at, returned_why, created_at)
       values (:personId, :number, :status, :line, :returnedAt, :returnedWhy, :createdAt) returning id`,
      { ...values, ...(kept ?? unheard), number, line: kept?.line ?? lineOf(number) },
    );
    if (kept) {
      const ids = { from: kept.id, into: made.rows[0].id };
      await moveOrigin(scope, personId, 'phoneNumber', ids);
    }
  }
}

/** In this order: the oldest row is the main address. Rows stay as long as there are addresses for them; answers their ids. */
export async function replacePostalAddresses(
  scope: Scope,
  personId: string,
  addresses: readonly PostalValues[],
): Promise<string[]> {
  const values = { ...bounds(scope), personId };
  const found = await scope.db.raw(
    `select a.id from people.postal_address a
     where a.person_id = :personId and ${seen(scope, 'a.person_id')} order by a.id`,
    values,
  );
  const ids: string[] = found.rows.map((row: { id: string }) => row.id);
  const kept: string[] = [];
  for (const [index, address] of addresses.entries()) {
    const id = ids[index];
    if (id) await updatePostalAddress(scope, id, address);
    kept.push(id ?? (await insertPostalAddress(scope, personId, address)));
  }
  await scope.db.raw(
    'delete from people.postal_address where id = any (cast(:ids as bigint[])) and person_id = :personId',
    { personId, ids: ids.slice(addresses.length) },
  );
  return kept;
}

function updatePostalAddress(scope: Scope, id: string, address: PostalValues): Promise<unknown> {
  return scope.db.raw(
    `update people.postal_address set line1 = :line1, line2 = :line2, postcode = :postcode,
       locality = :locality, region = :region, country = :country where id = :id`,
    { ...address, id },
  );
}

async function insertPostalAddress(
  scope: Scope,
  personId: string,
  address: PostalValues,
): Promise<string> {
  const made = await scope.db.raw(
    `insert into people.postal_address
       (person_id, line1, line2, postcode, locality, region, country, created_at)
     values (:personId, :line1, :line2, :postcode, :locality, :region, :country, :now) returning id`,
    { ...bounds(scope), personId, ...address },
  );
  return made.rows[0].id;
}

/** Ends the relation that there is and begins another, whose id it answers; a mistake of the same day is written over. */
export async function replaceRelation(
  scope: Scope,
  personId: string,
  kind: string | undefined,
  since: string,
): Promise<string | undefined> {
  const values = { ...bounds(scope), personId, kind: kind ?? null, since };
  await scope.db.raw(
    `delete from people.relation r where r.person_id = :personId and r.until is null
       and r.since >= cast(:since as date) and ${seen(scope, 'r.person_id')}`,
    values,
  );
  await scope.db.raw(
    `update people.relation r set until = cast(:since as date)
     where r.person_id = :personId and r.until is null and ${seen(scope, 'r.person_id')}`,
    values,
  );
  if (!kind) return undefined;
  const made = await scope.db.raw(
    `insert into people.relation (person_id, kind, since, created_at)
     values (:personId, :kind, cast(:since as date), :now) returning id`,
    values,
  );
  return made.rows[0].id;
}

/** Ends what the chapters may see; the party goes on seeing the person. */
export async function replaceAffiliations(
  scope: Scope,
  personId: string,
  organizationIds: readonly string[],
): Promise<void> {
  const values = { ...bounds(scope), personId, wanted: [...organizationIds] };
  await scope.db.raw(
    `insert into people.affiliation (organization_id, person_id, since)
     select o.id, :personId, :now from core.organization o
     where o.id = any (cast(:wanted as bigint[])) and ${ofOwn(scope, 'o.id')}
     on conflict do nothing`,
    values,
  );
  await scope.db.raw(
    `delete from people.affiliation where person_id = :personId and ${ofOwn(scope, 'organization_id')}
       and not organization_id = any (cast(:wanted as bigint[]))`,
    values,
  );
}

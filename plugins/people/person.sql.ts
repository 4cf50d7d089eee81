// Finding people: by id, by e-mail address, by when they changed.
import { prepared, type Scope } from 'rostra/plugin';
import { bounds, isId, seen } from './bound.ts';

export interface PersonRow {
  id: string;
  key: string;
  givenName: string | null;
  familyName: string | null;
  birthDate: string | null;
  locale: string | null;
  source: string;
  version: number;
  createdAt: Date;
  changedAt: Date;
  emailAddresses: string[];
  phoneNumbers: string[];
  country: string | null;
}

/** Of the first address that has one: whose law is asked. */
export function countryOf(person: string): string {
  return `(select a.country from people.postal_address a
    where a.person_id = ${person} and a.country is not null order by a.id limit 1)`;
}

export const columns = `
  p.id, p.key, p.given_name as "givenName", p.family_name as "familyName", p.birth_date as "birthDate",
  p.locale, p.source, p.version, p.created_at as "createdAt", p.changed_at as "changedAt",
  array(select e.address from people.email_address e where e.person_id = p.id
    order by e.is_primary desc, e.id) as "emailAddresses",
  array(select n.number from people.phone_number n where n.person_id = p.id order by n.id) as "phoneNumbers",
  ${countryOf('p.id')} as country`;

/** The person, or the one whom the person was merged into. */
export async function findPerson(scope: Scope, id: string): Promise<PersonRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await findById(scope, id);
  if (found) return found;
  const alias = await scope.db.raw('select new_id as id from people.alias where old_id = :id', {
    id,
  });
  return alias.rows[0] && findById(scope, alias.rows[0].id);
}

async function findById(scope: Scope, id: string): Promise<PersonRow | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from people.person p
     where p.id = :id and p.erased_at is null and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), id },
  );
  return found.rows[0];
}

export async function findPeople(scope: Scope, ids: readonly string[]): Promise<PersonRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from people.person p
     where p.id = any (cast(:ids as bigint[])) and p.erased_at is null and ${seen(scope, 'p.id')}
     order by p.sort_name, p.id`,
    { ...bounds(scope), ids: ids.filter(isId) },
  );
  return found.rows;
}

export async function findPersonByEmail(
  scope: Scope,
  address: string,
): Promise<PersonRow | undefined> {
  const found = await scope.db.raw(
    `select ${columns} from people.email_address w join people.person p on p.id = w.person_id
     where w.address = lower(btrim(:address)) and p.erased_at is null and ${seen(scope, 'p.id')}`,
    { ...bounds(scope), address },
  );
  return found.rows[0];
}

/** Keeps them from being erased or merged until the transaction ends; answers who was not yet. */
export async function holdPeople(scope: Scope, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await scope.db.raw(
    `select id from people.person where id = any (cast(:ids as bigint[])) and erased_at is null
     order by id for key share`,
    { ids: [...ids] },
  );
  return new Set(found.rows.map((row: { id: string }) => row.id));
}

/** As `findPerson`, for what is written on them in this transaction: an erasure meanwhile is waited for. */
export async function holdPerson(scope: Scope, id: string): Promise<PersonRow | undefined> {
  const person = await findPerson(scope, id);
  return person && (await holdPeople(scope, [person.id])).size > 0 ? person : undefined;
}

/** Alone with the person until the transaction ends: whatever is being written on them comes first. */
/** A household may share one. */
export async function findPeopleByNumber(scope: Scope, number: string): Promise<PersonRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from people.phone_number w join people.person p on p.id = w.person_id
     where w.number = :number and p.erased_at is null and ${seen(scope, 'p.id')} order by p.id`,
    { ...bounds(scope), number },
  );
  return found.rows;
}

export async function lockPerson(scope: Scope, id: string): Promise<void> {
  await scope.db.raw('select from people.person where id = :id for update', { id });
}

export async function findChanges(
  scope: Scope,
  since: Date,
  most: number,
): Promise<{ id: string; at: Date }[]> {
  const found = await scope.db.raw(
    `select p.id, p.changed_at as at from people.person p
     where p.changed_at > :since and ${seen(scope, 'p.id')}
     order by p.changed_at, p.id limit :most`,
    { ...bounds(scope), since, most },
  );
  return found.rows;
}

/** Who has these addresses anywhere in the party: what a unique address is checked against. */
export async function findOwners(
  scope: Scope,
  addresses: readonly string[],
): Promise<{ address: string; personId: string; isSeen: boolean }[]> {
  const found = await prepared(
    scope.db,
    `select w.address, w.person_id as "personId", ${seen(scope, 'w.person_id')} as "isSeen"
     from people.email_address w where w.address = any (cast(:addresses as text[]))`,
    { ...bounds(scope), addresses: [...addresses] },
  );
  return found.rows;
}

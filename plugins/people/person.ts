// The people of the party for other plugins: found, made, noted.
import { invalid, notFound, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { touchPeople } from './edit.sql.ts';
import type { People, Person, PersonFields } from './index.ts';
import {
  findChanges,
  findPeople,
  findPeopleByNumber,
  findPerson,
  findPersonByEmail,
  holdPerson,
  type PersonRow,
} from './person.sql.ts';
import { dialledFrom, numberOf, prepare } from './prepare.ts';
import { insertTimeline } from './story.sql.ts';
import { parseNumber } from './telephone.ts';
import { affiliateBelow } from './upsert.sql.ts';
import { demandUpserted, upsertPrepared } from './upsert.ts';

export function makePeople(deps: Deps): People {
  return {
    async find(scope, id) {
      const row = await findPerson(scope, id);
      return row && personOf(row);
    },
    findMany: async (scope, ids) => (await findPeople(scope, ids)).map(personOf),
    async findByEmail(scope, emailAddress) {
      const row = await findPersonByEmail(scope, emailAddress);
      return row && personOf(row);
    },
    findByNumber: async (scope, number) => (await findPeopleByNumber(scope, number)).map(personOf),
    async upsert(scope, fields) {
      const [made] = await upsertPeople(scope, deps, [fields]);
      if (!made) throw new Error('One person went in and none came out.');
      return made;
    },
    upsertMany: (scope, many) => upsertPeople(scope, deps, many),
    changes: (scope, since, most) => findChanges(scope, since, Math.min(most, 10_000)),
    readNumber: async (scope, typed) => numberOf(typed, dialledFrom(scope, null)),
    note: (scope, personId, entry) =>
      scope.write(async (own) => {
        const person = await holdPerson(own, personId);
        if (!person) throw notFound('person', personId);
        await insertTimeline(own, [person.id], entry);
      }),
  };
}

/** Emits what happened to each; the batch is one transaction. */
export function upsertPeople(
  scope: Scope,
  deps: Deps,
  many: readonly PersonFields[],
  byNumber = true,
): Promise<{ id: string; isNew: boolean }[]> {
  const list = many.map((fields) => {
    const preparation = prepare(scope, fields);
    if (!preparation.ok) throw invalid(preparation.faults);
    return preparation.prepared;
  });
  return scope.write(async (own) => {
    const made = (await upsertPrepared(own, list, byNumber)).map(demandUpserted);
    for (const [index, one] of made.entries()) {
      const { organizationId } = many[index] ?? {};
      if (organizationId) await affiliateBelow(own, one.id, organizationId);
      if (one.isNew) {
        await deps.events.emit(own, 'people.person.created', { personId: one.id });
      } else if (one.isChanged) {
        await touchPeople(own, [one.id]);
        await deps.events.emit(own, 'people.person.changed', { personId: one.id });
      }
    }
    return made.map(({ id, isNew }) => ({ id, isNew }));
  });
}

export function personOf(row: PersonRow): Person {
  return {
    id: row.id,
    givenName: row.givenName ?? undefined,
    familyName: row.familyName ?? undefined,
    displayName: displayName(row),
    emailAddresses: row.emailAddresses,
    phoneNumbers: row.phoneNumbers,
    country: row.country ?? undefined,
    birthDate: row.birthDate ?? undefined,
  };
}

/** Given and family name, else an address, else the number that staff know the record by. */
export function displayName(row: {
  id: string;
  givenName: string | null;
  familyName: string | null;
  emailAddresses: readonly string[];
  phoneNumbers: readonly string[];
}): string {
  const name = [row.givenName, row.familyName].filter(Boolean).join(' ');
  return name || row.emailAddresses[0] || row.phoneNumbers[0] || `#${row.id}`;
}

/** As one reads it aloud: `+33 6 12 34 56 78`. */
export function phoneName(number: string): string {
  return parseNumber(number)?.formatInternational() ?? number;
}

// Makes people or finds them by what they gave, in batches; fills what is empty and overwrites nothing.
import { type Fault, refused, type Scope } from 'rostra/plugin';
import { findOwners, holdPeople } from './person.sql.ts';
import { postFields } from './postal.ts';
import { insertTaggingPairs, upsertTags } from './tag.sql.ts';
import {
  affiliate,
  deleteNewPeople,
  fillNames,
  fillPhoneNumbers,
  fillPostalAddresses,
  fillRelations,
  findByNumberAndName,
  insertPeople,
  noteConfirmed,
  type Placed,
  type Prepared,
} from './upsert.sql.ts';

export type Upserted =
  | { id: string; isNew: boolean; isChanged: boolean }
  /** Staff of a chapter gave an address that the rest of the party knows, and they do not. */
  | { fault: Fault };

/**
 * Runs in the caller's transaction. Answers in the order of the list. `byNumber`: the same number and name are taken
 * for the same person.
 */
export async function upsertPrepared(
  scope: Scope,
  list: readonly Prepared[],
  byNumber: boolean,
): Promise<Upserted[]> {
  const known = await findKnown(scope, list, byNumber);
  const isHidden = (one: Prepared) => known.get(matchKey(one))?.isSeen === false;
  const fitting = list.filter((one) => !isHidden(one));
  const { ids, fresh } = await findOrInsert(scope, fitting, known);
  const placed = fitting.map((one): Placed => ({ ...one, personId: ids.get(matchKey(one)) ?? '' }));
  const changed = await fill(scope, placed, fresh);
  const isFirst = firstOf(fitting);
  return list.map((one) => {
    const id = isHidden(one) ? undefined : ids.get(matchKey(one));
    if (!id) return { fault: { path: '/emailAddress', message: 'people.fault.known-elsewhere' } };
    return { id, isNew: fresh.has(id) && isFirst(one), isChanged: changed.has(id) };
  });
}

export function demandUpserted(one: Upserted | undefined): Exclude<Upserted, { fault: Fault }> {
  if (!one || 'fault' in one) throw refused('people.known-elsewhere', {});
  return one;
}

/** Two records with one e-mail address are one person; without, each stands for itself. */
function matchKey(one: Prepared): string {
  return one.emailAddress ?? one.key;
}

function firstOf(list: readonly Prepared[]): (one: Prepared) => boolean {
  const first = new Map<string, Prepared>();
  for (const one of list) if (!first.has(matchKey(one))) first.set(matchKey(one), one);
  return (one) => first.get(matchKey(one)) === one;
}

type Known = Map<string, { id: string; isSeen: boolean }>;

async function findKnown(
  scope: Scope,
  list: readonly Prepared[],
  byNumber: boolean,
): Promise<Known> {
  // A visitor proves to own their addresses, and a job acts for one who did.
  const isTyped = scope.actor.kind === 'staff';
  const addresses = list.map((one) => one.emailAddress).filter((address) => address !== null);
  const owners = await findOwners(scope, addresses);
  const known: Known = new Map(
    owners.map(({ address, personId, isSeen }) => [
      address,
      { id: personId, isSeen: isSeen || !isTyped },
    ]),
  );
  const named = await findByNumberAndName(
    scope,
    list.filter(
      (one) =>
        byNumber && !one.emailAddress && one.phoneNumber && (one.givenName ?? one.familyName),
    ),
  );
  for (const [key, id] of named) known.set(key, { id, isSeen: true });
  // Who is erased or merged meanwhile is waited for, and then no more known.
  const held = await holdPeople(
    scope,
    [...known.values()].map(({ id }) => id),
  );
  return new Map([...known].filter(([, { id }]) => held.has(id)));
}

async function findOrInsert(scope: Scope, list: readonly Prepared[], known: Known) {
  const isFirst = firstOf(list);
  const missing = list.filter((one) => !known.has(matchKey(one)) && isFirst(one));
  const made = await insertPeople(scope, missing);
  const madeOf = (one: Prepared) => made.get(one.key)?.id ?? '';
  const late = missing.filter((one) => made.get(one.key)?.isLate);
  const winners = await settleRace(scope, late, madeOf);
  const ids = new Map([...known].map(([key, { id }]) => [key, id]));
  for (const one of missing) ids.set(matchKey(one), winners.get(matchKey(one)) ?? madeOf(one));
  const fresh = new Set(missing.filter((one) => !late.includes(one)).map(madeOf));
  return { ids, fresh };
}

/** Another transaction took these addresses between our look and our insert: theirs count. */
async function settleRace(
  scope: Scope,
  late: Prepared[],
  madeOf: (one: Prepared) => string,
): Promise<Map<string, string>> {
  if (late.length === 0) return new Map();
  await deleteNewPeople(scope, late.map(madeOf));
  const owners = await findOwners(
    scope,
    late.map((one) => one.emailAddress ?? ''),
  );
  return new Map(owners.map(({ address, personId }) => [address, personId]));
}

/** Answers those who were there and have changed. Of whom was made just now all is written, but for tags. */
async function fill(scope: Scope, placed: Placed[], fresh: Set<string>): Promise<Set<string>> {
  const there = placed.filter((one) => !fresh.has(one.personId));
  const isFirst = firstOf(placed);
  const more = placed.filter((one) => !fresh.has(one.personId) || !isFirst(one));
  const withPost = more.filter((one) => postFields.some((field) => one[field] !== null));
  // All that a form of the person shows counts: an edit that has not seen it must not take it back.
  const changed = new Set([
    ...(await affiliate(
      scope,
      there.map((one) => one.personId),
    )),
    ...(await fillNames(scope, there)),
    ...(await fillPhoneNumbers(
      scope,
      more.filter((one) => one.phoneNumber),
    )),
    ...(await fillPostalAddresses(scope, withPost)),
    ...(await fillRelations(
      scope,
      more.filter((one) => one.relation),
    )),
  ]);
  await noteConfirmed(scope, there);
  const pairs = placed.flatMap(({ tags, personId, source }) =>
    tags.map((tag) => ({ tag, personId, source })),
  );
  if (pairs.length > 0) {
    await upsertTags(
      scope,
      pairs.map((pair) => pair.tag),
    );
    await insertTaggingPairs(scope, pairs);
  }
  for (const id of fresh) changed.delete(id);
  return changed;
}

// Editing a person by hand: every change in the history, and never over what somebody else just wrote.
import { isDeepStrictEqual } from 'node:util';
import { type Fault, invalid, notFound, type Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import type { Deps } from './deps.ts';
import {
  replaceAffiliations,
  replaceEmailAddresses,
  replacePhoneNumbers,
  replacePostalAddresses,
  replaceRelation,
  updatePerson,
} from './edit.sql.ts';
import type { Relation } from './index.ts';
import { findPerson, type PersonRow } from './person.sql.ts';
import { lineOfPost, type PostalValues, postFields } from './postal.ts';
import { countryOf, emailOf, line, phoneOf, prepare } from './prepare.ts';
import { findAffiliations, findRelations, findWays } from './profile.sql.ts';
import { noteWritten, type Written } from './provenance.sql.ts';
import { type Change, insertHistory } from './story.sql.ts';
import { refreshSearch } from './upsert.sql.ts';

/** A person as the form shows them: of each kind of address a list, the main one first. */
export interface Card {
  givenName: string;
  familyName: string;
  birthDate: string;
  emailAddresses: string[];
  phoneNumbers: string[];
  postalAddresses: Post[];
  relation: string;
  /** Ids, in order, with commas. */
  chapters: string;
}
export type Post = Record<(typeof postFields)[number], string>;
export type Saved =
  | { saved: true }
  /** Somebody saved in between; `theirs` is what stands now. */
  | { saved: false; theirs: Card; version: number };

export async function readCard(
  scope: Scope,
  personId: string,
): Promise<{ person: PersonRow; card: Card } | undefined> {
  const person = await findPerson(scope, personId);
  if (!person) return undefined;
  const ways = await findWays(scope, person.id);
  const [relation] = await findRelations(scope, person.id);
  const chapters = await findAffiliations(scope, person.id);
  const card: Card = {
    givenName: person.givenName ?? '',
    familyName: person.familyName ?? '',
    birthDate: person.birthDate ?? '',
    emailAddresses: ways.emailAddresses.map((way) => way.address),
    phoneNumbers: ways.phoneNumbers.map((way) => way.address),
    postalAddresses: ways.postalAddresses.map(asTyped),
    relation: relation && !relation.until ? relation.kind : '',
    chapters: listOf(chapters.map((chapter) => chapter.id)),
  };
  return { person, card };
}

export function saveCard(
  scope: Scope,
  deps: Deps,
  personId: string,
  edit: { version: number; card: Card; isTold?: boolean | undefined },
): Promise<Saved> {
  return scope.write(async (own) => {
    const current = await readCard(own, personId);
    if (!current) throw notFound('person', personId);
    const { person, card: before } = current;
    const wanted = check(own, { ...edit.card, chapters: edit.card.chapters || before.chapters });
    const updated = await updatePerson(own, person.id, edit.version, wanted.values);
    if (updated === 0) return { saved: false, theirs: before, version: person.version };
    const written = await writeWays(own, person.id, before, wanted);
    await noteWritten(own, person.id, written, edit.isTold ? told : { kind: 'staff' });
    await refreshSearch(own, [person.id]);
    await tell(own, deps, person.id, changesOf(before, wanted.card), edit.isTold);
    return { saved: true };
  });
}

type Wanted = ReturnType<typeof check>;

/** The person said so, and staff wrote it down. */
const told = { kind: 'person', reference: 'told' } as const;

/** Answers what is written now and was not before. */
async function writeWays(
  scope: Scope,
  personId: string,
  before: Card,
  wanted: Wanted,
): Promise<Written[]> {
  const { card } = wanted;
  const isSame = (field: keyof Card) => isDeepStrictEqual(before[field], card[field]);
  if (!isSame('emailAddresses')) {
    const taken = await replaceEmailAddresses(scope, personId, card.emailAddresses);
    if (taken.length > 0) throw invalid(wanted.rowsOf(taken));
  }
  if (!isSame('phoneNumbers')) await replacePhoneNumbers(scope, personId, card.phoneNumbers);
  const written = newIn(before, card);
  if (!isSame('postalAddresses')) {
    const posts = card.postalAddresses.map(asKept);
    const ids = await replacePostalAddresses(scope, personId, posts);
    written.push(
      ...ids
        .filter((_, at) => !isDeepStrictEqual(before.postalAddresses[at], card.postalAddresses[at]))
        .map((item) => ({ field: 'postalAddress', item })),
    );
  }
  if (!isSame('relation')) {
    const today = scope.now().toISOString().slice(0, 10);
    const item = await replaceRelation(scope, personId, card.relation || undefined, today);
    if (item) written.push({ field: 'relation', item });
  }
  if (!isSame('chapters')) await replaceAffiliations(scope, personId, card.chapters.split(','));
  return written;
}

/** Names, and addresses that were not there. */
function newIn(before: Card, card: Card): Written[] {
  const fields = (['givenName', 'familyName', 'birthDate'] as const)
    .filter((field) => card[field] !== before[field])
    .map((field) => ({ field }));
  const added = (field: string, now: readonly string[], then: readonly string[]) =>
    now.filter((value) => !then.includes(value)).map((value) => ({ field, value }));
  return [
    ...fields,
    ...added('emailAddress', card.emailAddresses, before.emailAddresses),
    ...added('phoneNumber', card.phoneNumbers, before.phoneNumbers),
  ];
}

async function tell(
  scope: Scope,
  deps: Deps,
  personId: string,
  changes: Change[],
  isTold = false,
): Promise<void> {
  if (changes.length === 0) return;
  await insertHistory(scope, personId, changes);
  await deps.audit.record(scope, {
    act: 'person.changed',
    subject: { type: 'person', id: personId },
    personId,
    details: { fields: changes.map((change) => change.field), ...(isTold && { told: true }) },
  });
  await deps.events.emit(scope, 'people.person.changed', { personId });
}

/** The card in its final form; throws `invalid` with every fault at once, each at its row. */
function check(scope: Scope, card: Card) {
  const faults: Fault[] = [];
  const posts = card.postalAddresses.map((post, row) => postOf(post, row, faults));
  const country = posts.find((post) => post?.country)?.country ?? null;
  const emails = eachRow(card.emailAddresses, 'emailAddress', faults, emailOf);
  const phones = eachRow(card.phoneNumbers, 'phoneNumber', faults, (text, wrong) =>
    phoneOf(scope, text, country, wrong),
  );
  const preparation = prepare(scope, {
    givenName: card.givenName,
    familyName: card.familyName,
    birthDate: card.birthDate,
    emailAddress: faults.length === 0 ? emails.find(Boolean) : undefined,
    phoneNumber: faults.length === 0 ? phones.find(Boolean) : undefined,
    relation: (card.relation || undefined) as Relation | undefined,
    source: 'staff',
  });
  if (!preparation.ok) faults.push(...preparation.faults.map(inForm));
  if (!preparation.ok || faults.length > 0) throw invalid(faults);
  const { prepared } = preparation;
  return {
    values: prepared,
    /** Where the form has these addresses, which somebody else has already. */
    rowsOf: (taken: readonly string[]): Fault[] =>
      taken.map((address) => {
        const path = `/emailAddress-${Math.max(0, emails.indexOf(address))}`;
        return { path, message: 'people.fault.taken' };
      }),
    card: {
      ...card,
      givenName: prepared.givenName ?? '',
      familyName: prepared.familyName ?? '',
      birthDate: prepared.birthDate ?? '',
      emailAddresses: once(emails),
      phoneNumbers: once(phones),
      postalAddresses: posts.filter((post) => post !== undefined),
      chapters: listOf(card.chapters.split(',')),
    } as Card,
  };
}

/** An empty row stays in its place, so that the rows after it keep their numbers. */
function eachRow(
  texts: readonly string[],
  field: string,
  faults: Fault[],
  read: (text: string, faults: Fault[]) => string | null,
): string[] {
  return texts.map((text, row) => {
    const own: Fault[] = [];
    const value = read(text, own);
    faults.push(...own.map((fault) => ({ ...fault, path: `/${field}-${row}` })));
    return value ?? '';
  });
}

function postOf(typed: Post, row: number, faults: Fault[]): Post | undefined {
  const [country = ''] = eachRow([typed.country], 'country', [], countryOf);
  if (typed.country && !country) {
    faults.push({ path: `/country-${row}`, message: 'people.fault.country' });
  }
  const entries = postFields.map((field) => [field, line(typed[field]) ?? '']);
  const post = { ...Object.fromEntries(entries), country } as Post;
  return postFields.some((field) => post[field] !== '') ? post : undefined;
}

/** A person without a name and without an address is told so at the first field. */
function inForm(fault: Fault): Fault {
  return fault.path === '' ? { ...fault, path: '/givenName' } : fault;
}

export function changesOf(before: Card, after: Card): Change[] {
  return (Object.keys(before) as (keyof Card)[])
    .map((field) => ({ field, before: inText(before[field]), after: inText(after[field]) }))
    .filter((change) => change.before !== change.after);
}

/** As the history and the two texts of a conflict show it: a line for each address. */
function inText(value: Card[keyof Card]): string | null {
  if (typeof value === 'string') return value || null;
  return value.map(lineOf).filter(Boolean).join('\n') || null;
}

function lineOf(one: string | Post): string {
  return typeof one === 'string' ? one : lineOfPost(one);
}

function asTyped(kept: PostalValues): Post {
  return Object.fromEntries(postFields.map((field) => [field, kept[field] ?? ''])) as Post;
}

function asKept(post: Post): PostalValues {
  return Object.fromEntries(postFields.map((field) => [field, post[field] || null])) as never;
}

function once(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(Boolean);
}

function listOf(ids: readonly string[]): string {
  return [...ids].filter(isId).sort().join(',');
}

// Editing a person by hand: every change in the history, and never over what somebody else just wrote.
import { type Fault, invalid, notFound, type Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import type { Deps } from './deps.ts';
import {
  replaceAffiliations,
  replaceEmailAddresses,
  replacePhoneNumbers,
  replacePostalAddress,
  replaceRelation,
  updatePerson,
} from './edit.sql.ts';
import type { Relation } from './index.ts';
import { findPerson, type PersonRow } from './person.sql.ts';
import { emailOf, phoneOf, prepare } from './prepare.ts';
import { findAffiliations, findRelations, findWays } from './profile.sql.ts';
import { type Change, insertHistory } from './story.sql.ts';
import { refreshSearch } from './upsert.sql.ts';

/** A person as the form shows them: every field a text. */
export interface Card {
  givenName: string;
  familyName: string;
  birthDate: string;
  /** A line each, the first is the one we write to. */
  emailAddresses: string;
  phoneNumbers: string;
  line1: string;
  line2: string;
  postcode: string;
  locality: string;
  region: string;
  country: string;
  relation: string;
  /** Ids, in order, with commas. */
  chapters: string;
}
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
  const post = ways.postalAddresses[0];
  const card: Card = {
    givenName: person.givenName ?? '',
    familyName: person.familyName ?? '',
    birthDate: person.birthDate ?? '',
    emailAddresses: ways.emailAddresses.map((way) => way.address).join('\n'),
    phoneNumbers: ways.phoneNumbers.map((way) => way.address).join('\n'),
    line1: post?.line1 ?? '',
    line2: post?.line2 ?? '',
    postcode: post?.postcode ?? '',
    locality: post?.locality ?? '',
    region: post?.region ?? '',
    country: post?.country ?? '',
    relation: relation && !relation.until ? relation.kind : '',
    chapters: listOf(chapters.map((chapter) => chapter.id)),
  };
  return { person, card };
}

export function saveCard(
  scope: Scope,
  deps: Deps,
  personId: string,
  edit: { version: number; card: Card },
): Promise<Saved> {
  return scope.write(async (own) => {
    const current = await readCard(own, personId);
    if (!current) throw notFound('person', personId);
    const { person, card: before } = current;
    const wanted = check(own, { ...edit.card, chapters: edit.card.chapters || before.chapters });
    const updated = await updatePerson(own, person.id, edit.version, wanted.values);
    if (updated === 0) return { saved: false, theirs: before, version: person.version };
    await writeWays(own, person.id, before, wanted);
    await refreshSearch(own, [person.id]);
    await tell(own, deps, person.id, changesOf(before, wanted.card));
    return { saved: true };
  });
}

type Wanted = ReturnType<typeof check>;

async function writeWays(scope: Scope, personId: string, before: Card, wanted: Wanted) {
  const { card } = wanted;
  const isSame = (...fields: (keyof Card)[]) => fields.every((f) => before[f] === card[f]);
  if (!isSame('emailAddresses')) {
    const taken = await replaceEmailAddresses(scope, personId, wanted.emails);
    if (taken.length > 0) {
      throw invalid([{ path: '/emailAddresses', message: 'people.fault.taken' }]);
    }
  }
  if (!isSame('phoneNumbers')) await replacePhoneNumbers(scope, personId, wanted.phones);
  if (!isSame(...postalFields)) await replacePostalAddress(scope, personId, wanted.post);
  if (!isSame('relation')) {
    const today = scope.now().toISOString().slice(0, 10);
    await replaceRelation(scope, personId, card.relation || undefined, today);
  }
  if (!isSame('chapters')) await replaceAffiliations(scope, personId, card.chapters.split(','));
}

async function tell(scope: Scope, deps: Deps, personId: string, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await insertHistory(scope, personId, changes);
  await deps.audit.record(scope, {
    act: 'person.changed',
    subject: { type: 'person', id: personId },
    personId,
    details: { fields: changes.map((change) => change.field) },
  });
  await deps.events.emit(scope, 'people.person.changed', { personId });
}

const postalFields = ['line1', 'line2', 'postcode', 'locality', 'region', 'country'] as const;

/** The card in its final form; throws `invalid` with every fault at once. */
function check(scope: Scope, card: Card) {
  const faults: Fault[] = [];
  const country = card.country || null;
  const emails = lines(card.emailAddresses).map((text) => emailOf(text, faults) ?? '');
  const phones = lines(card.phoneNumbers).map(
    (text) => phoneOf(scope, text, country, faults) ?? '',
  );
  const post = Object.fromEntries(postalFields.map((field) => [field, card[field]]));
  const preparation = prepare(scope, {
    givenName: card.givenName,
    familyName: card.familyName,
    birthDate: card.birthDate,
    postalAddress: post,
    emailAddress: faults.length === 0 ? emails[0] : undefined,
    phoneNumber: faults.length === 0 ? phones[0] : undefined,
    relation: (card.relation || undefined) as Relation | undefined,
    source: 'staff',
  });
  if (!preparation.ok) faults.push(...preparation.faults);
  if (!preparation.ok || faults.length > 0) throw invalid(faults.map(inForm));
  const { prepared } = preparation;
  const final = (field: (typeof postalFields)[number] | 'givenName' | 'familyName' | 'birthDate') =>
    prepared[field] ?? '';
  return {
    values: prepared,
    emails: [...new Set(emails)],
    phones: [...new Set(phones)],
    post: postalFields.some((field) => prepared[field] !== null) ? prepared : undefined,
    card: {
      ...card,
      ...Object.fromEntries(postalFields.map((field) => [field, final(field)])),
      givenName: final('givenName'),
      familyName: final('familyName'),
      birthDate: final('birthDate'),
      emailAddresses: [...new Set(emails)].join('\n'),
      phoneNumbers: [...new Set(phones)].join('\n'),
      chapters: listOf(card.chapters.split(',')),
    } as Card,
  };
}

/** The form has one field for all addresses of a kind. */
function inForm(fault: Fault): Fault {
  const fields: Record<string, string> = {
    '/emailAddress': '/emailAddresses',
    '/phoneNumber': '/phoneNumbers',
    '': '/givenName',
  };
  return { ...fault, path: fields[fault.path] ?? fault.path };
}

export function changesOf(before: Card, after: Card): Change[] {
  return (Object.keys(before) as (keyof Card)[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: before[field] || null, after: after[field] || null }));
}

function lines(text: string): string[] {
  return text
    .split(/[\r\n,;]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function listOf(ids: readonly string[]): string {
  return [...ids].filter(isId).sort().join(',');
}

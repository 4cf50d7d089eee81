// Fills the file with invented people: some thousands at a time, each table in one COPY.
import { randomBytes } from 'node:crypto';
import type { DemoPlan, Scope } from 'rostra/plugin';
import { canonical, digestOf } from '../consent-chain.ts';
import { findNewsletters, insertNewsletter } from '../newsletter.sql.ts';
import { findTags, upsertTags } from '../tag.sql.ts';
import { lineOf } from '../telephone-line.ts';
import { refreshSearch } from '../upsert.sql.ts';
import {
  type Cell,
  columns,
  copyRows,
  findTakenAddresses,
  holdSearch,
  insertSuppressions,
  type NewSuppression,
  reserveIds,
  type Table,
} from './demo.sql.ts';
import { type Invented, inventPeople } from './invent.ts';
import type { Newsletter } from './invent-story.ts';
import { plain, type Words, wordsOf } from './words.ts';

const batch = 5_000;

export async function fill(scope: Scope, plan: DemoPlan): Promise<void> {
  const ground = await prepareGround(scope, plan, wordsOf(plan.country));
  const { country } = plan;
  const areas = plan.chapters.map(({ place }) => place);
  await scope.write(async (own) => {
    const taken = await findTakenAddresses(own);
    let people: Invented[] = [];
    let done = 0;
    for await (const one of inventPeople({ country, now: own.now(), areas, taken })) {
      people.push(one);
      const isLast = done + people.length >= plan.people;
      if (people.length < batch && !isLast) continue;
      await write(own, plan, ground, people);
      done += people.length;
      people = [];
      plan.tell(done, plan.people);
      if (isLast) break;
    }
  });
}

interface Ground {
  tags: Map<string, string>;
  newsletterOf(to: Newsletter, chapter: number | undefined): { id: string; name: string };
  organizationOf(chapter: number | undefined): string;
}

/** Committed by itself, and marked: a fill that fails later is taken out like one that did not. */
async function prepareGround(scope: Scope, plan: DemoPlan, words: Words): Promise<Ground> {
  const tags = await scope.write((own) => addTags(own, plan, words.tags));
  const [first] = await findNewsletters(scope);
  const theme = await addNewsletter(scope, plan, words.themeNewsletter);
  const chapters: { id: string; name: string }[] = [];
  for (const [at, chapter] of plan.chapters.entries()) {
    const said = words.chapterNewsletters[at] ?? words.themeNewsletter;
    chapters.push(await addNewsletter(chapter.scope, plan, said));
  }
  const party = first ?? theme;
  return {
    tags,
    newsletterOf(to, chapter) {
      if (to === 'theme') return theme;
      return to === 'chapter' ? (chapters[chapter ?? -1] ?? party) : party;
    },
    organizationOf: (chapter) =>
      plan.chapters[chapter ?? -1]?.scope.organization.id ?? scope.organization.id,
  };
}

async function addTags(
  scope: Scope,
  plan: DemoPlan,
  names: readonly string[],
): Promise<Map<string, string>> {
  const before = new Set((await findTags(scope)).map(({ id }) => id));
  const tags = await upsertTags(scope, names);
  const fresh = tags.filter(({ id }) => !before.has(id)).map(({ id }) => id);
  await plan.mark(scope, 'tag', fresh);
  const byName = new Map(tags.map(({ id, name }) => [plain(name), id]));
  return new Map(names.map((name) => [name, byName.get(plain(name)) ?? '']));
}

function addNewsletter(
  scope: Scope,
  plan: DemoPlan,
  said: { name: string; description: string },
): Promise<{ id: string; name: string }> {
  return scope.write(async (own) => {
    for (let n = 1; ; n += 1) {
      const key = `${plain(said.name).replaceAll('.', '-')}${n === 1 ? '' : `-${n}`}`;
      const id = await insertNewsletter(own, { ...said, key });
      if (!id) continue;
      await plan.mark(own, 'newsletter', [id]);
      return { id, name: said.name };
    }
  });
}

async function write(
  scope: Scope,
  plan: DemoPlan,
  ground: Ground,
  people: readonly Invented[],
): Promise<void> {
  const ids = await reserveIds(scope, 'person', people.length);
  const said = people.reduce((sum, { consents }) => sum + consents.length, 0);
  const consentIds = (await reserveIds(scope, 'consent', said)).values();
  const rows = Object.fromEntries(tables.map((table) => [table, []])) as unknown as Rows;
  const suppressions: NewSuppression[] = [];
  for (const [at, person] of people.entries()) {
    const placed = { person, id: ids[at] ?? '', ground, locale: plan.locale };
    addPerson(rows, placed);
    addStory(rows, placed);
    for (const consent of person.consents) {
      const consentId = consentIds.next().value ?? '';
      addConsent(rows, placed, consent, consentId);
    }
    suppressions.push(...suppressionsOf(placed));
  }
  await plan.mark(scope, 'person', ids);
  await holdSearch(scope);
  for (const table of tables) await copyRows(scope, table, rows[table]);
  await refreshSearch(scope, ids);
  await insertSuppressions(scope, suppressions);
}

const tables = Object.keys(columns) as Table[];
type Rows = Record<Table, Cell[][]>;
interface Placed {
  person: Invented;
  id: string;
  ground: Ground;
  locale: string;
}

function addPerson(rows: Rows, { person, id, ground, locale }: Placed): void {
  const { createdAt, place, street } = person;
  const { key, givenName, familyName, birthDate, source } = person;
  const changedAt = [...person.history.map(({ at }) => at), createdAt].reduce((a, b) =>
    a > b ? a : b,
  );
  rows.person.push([
    id,
    key,
    givenName,
    familyName,
    birthDate,
    locale,
    source,
    createdAt,
    changedAt,
    ' ',
  ]);
  for (const [at, { address, status }] of person.emails.entries()) {
    rows.email_address.push([id, address, status, at === 0, createdAt]);
  }
  for (const number of person.phones) {
    rows.phone_number.push([id, number, lineOf(number), createdAt]);
  }
  const country = place.region ? 'US' : 'FR';
  rows.postal_address.push([
    id,
    street,
    place.postcode,
    place.locality,
    place.region,
    country,
    createdAt,
  ]);
  rows.affiliation.push([ground.organizationOf(person.chapter), id, createdAt]);
}

function addStory(rows: Rows, { person, id, ground }: Placed): void {
  const { chapter, createdAt, note } = person;
  const organization = ground.organizationOf(chapter);
  for (const { kind, since, until } of person.relations) {
    rows.relation.push([id, kind, since, until, createdAt]);
  }
  for (const tag of person.tags) rows.tagging.push([ground.tags.get(tag) ?? null, id, createdAt]);
  if (note) rows.note.push([id, organization, note.text, note.by, note.at]);
  for (const { kind, params, to, at } of person.timeline) {
    const named = to ? { ...params, newsletter: ground.newsletterOf(to, chapter).name } : params;
    rows.timeline.push([id, organization, kind, JSON.stringify(named), at]);
  }
  for (const { field, before, after, by, at } of person.history) {
    rows.history.push([id, organization, field, before, after, by, at]);
  }
  for (const { to, since, until } of person.subscriptions) {
    rows.subscription.push([ground.newsletterOf(to, chapter).id, id, since, until]);
  }
}

/** As a real one is written, but never sealed: it proves nothing. */
function addConsent(
  rows: Rows,
  { id, ground, locale }: Placed,
  consent: Invented['consents'][number],
  consentId: string,
): void {
  const { channel, purpose, given, source, at, wording } = consent;
  const salt = randomBytes(32);
  const evidence = canonical(consent.evidence);
  const digest = digestOf(salt, id, wording, evidence);
  const organization = ground.organizationOf(undefined);
  rows.consent.push([
    consentId,
    organization,
    id,
    channel,
    purpose,
    given,
    locale,
    source,
    at,
    digest,
    true,
  ]);
  rows.consent_detail.push([consentId, id, wording, evidence, salt]);
}

function suppressionsOf({ person, id }: Placed): NewSuppression[] {
  return person.suppressed.flatMap(({ kind, reason, at }) => {
    const all = kind === 'email' ? person.emails.map(({ address }) => address) : person.phones;
    return all.map((address) => ({ kind, address, personId: id, reason, at }));
  });
}

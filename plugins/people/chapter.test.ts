import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Actor, Scope } from 'rostra/plugin';
import { makeApp, until } from 'rostra/testing';
import * as askSql from './ask.sql.ts';
import * as consentSql from './consent.sql.ts';
import { makeConsents } from './consent.ts';
import * as chainSql from './consent-chain.sql.ts';
import { seal } from './consent-chain.ts';
import * as contactSql from './contact.sql.ts';
import { depsOf } from './deps.ts';
import * as editSql from './edit.sql.ts';
import * as expirySql from './expiry.sql.ts';
import * as exportSql from './export.sql.ts';
import * as homeSql from './home.sql.ts';
import * as importSql from './import.sql.ts';
import { startImport } from './import.ts';
import * as listSql from './list.sql.ts';
import * as refusalsSql from './mail-refusals.sql.ts';
import * as newsletterSql from './newsletter.sql.ts';
import { createNewsletter, makeNewsletters } from './newsletter.ts';
import { writeNote } from './note.ts';
import * as noticeSql from './notice.sql.ts';
import * as personSql from './person.sql.ts';
import { makePeople } from './person.ts';
import * as profileSql from './profile.sql.ts';
import * as provenanceSql from './provenance.sql.ts';
import * as reachSql from './reach.sql.ts';
import * as reachListSql from './reach-list.sql.ts';
import { planOf } from './reach-plan.ts';
import * as reachedSql from './reached.sql.ts';
import * as returnedSql from './returned.sql.ts';
import * as numberSql from './returned-number.sql.ts';
import { erasePerson } from './rights.ts';
import { stageFile } from './stage.ts';
import * as standSql from './stand.sql.ts';
import * as storySql from './story.sql.ts';
import * as suppressionSql from './suppression.sql.ts';
import { suppress } from './suppression.ts';
import * as tagSql from './tag.sql.ts';
import { tagPeople } from './tag.ts';
import * as tagSaidSql from './tag-said.sql.ts';
import * as lineSql from './telephone-line.sql.ts';

const staff: Actor = {
  kind: 'staff',
  accountId: '1',
  name: 'Sam',
  permissions: new Set(['people.person.read']),
};

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const lyon = app.scope(await app.chapter('Lyon'));
  const lille = app.scope(await app.chapter('Lille'));
  const people = makePeople(deps);
  const { id } = await people.upsert(lyon, {
    emailAddress: 'ana@example.org',
    givenName: 'Ana',
    familyName: 'Dupont',
    phoneNumber: '06 12 34 56 78',
    postalAddress: { locality: 'Lyon', country: 'FR' },
    relation: 'member',
    tags: ['x'],
    source: 'test',
  });
  await writeNote(lyon, deps, id, 'A note');
  await storySql.insertHistory(lyon, id, [{ field: 'givenName', before: null, after: 'Ana' }]);
  await makeConsents(deps).give(lyon, {
    ...{ personId: id, channel: 'email', purpose: 'campaign', wording: 'Yes', locale: 'fr' },
    ...{ source: 'test', evidence: { form: '1' } },
  });
  await seal(app.scope());
  const letter = await createNewsletter(lyon, deps, { name: 'Lettre' });
  await makeNewsletters(deps).subscribe(lyon, id, letter);
  await suppress(lyon, deps, {
    personId: id,
    kind: 'phone',
    address: '+33612345678',
    reason: 'objection',
  });
  const importId = await lyon.write((own) =>
    importSql.insertImport(own, { fileName: 'f', columns: ['a'] }),
  );
  await app.house.database.db.raw(
    `insert into people.consent_claim (person_id, organization_id, channel, import_id, at, asked_at)
     values (:id, :lyon, 'email', :importId, timestamptz '2026-12-01', timestamptz '2026-12-01')`,
    { id, importId, lyon: lyon.organization.id },
  );
  await standSql.insertStandEntry(lyon, { key: randomUUID(), place: 'Market' });
  await app.house.database.db.raw(
    `insert into people.expiry (person_id, rule, due_on, goes_on, warned_at)
     values (:id, 'retention.occasional_contact', date '2027-01-01', date '2027-01-01', timestamptz '2026-12-01')`,
    { id },
  );
  await app.house.database.db.raw(
    `insert into people.notice (person_id, due_on) values (:id, date '2027-01-01')`,
    { id },
  );
  await app.house.database.db.raw('update people.phone_number set line = null');
  const [tag] = await tagSql.findTags(lyon);
  await tagPeople(lyon, deps, [id], 'x');
  return { app, deps, lyon, lille, people, id, letter, importId, tagId: tag?.id ?? '' };
}

type Scene = Awaited<ReturnType<typeof scene>>;

const mail = { channel: 'email', purpose: 'campaign' } as const;
const everybody = { after: '0', until: '999999999' };

/** What each query finds: something in the person's own chapter, nothing in a sister's. */
const reads: Record<string, (scope: Scope, s: Scene) => Promise<unknown>> = {
  findPerson: (scope, s) => personSql.findPerson(scope, s.id),
  findPeople: (scope, s) => personSql.findPeople(scope, [s.id]),
  findPersonByEmail: (scope) => personSql.findPersonByEmail(scope, 'ana@example.org'),
  findPeopleByNumber: (scope) => personSql.findPeopleByNumber(scope, '+33612345678'),
  findChanges: (scope) => personSql.findChanges(scope, new Date(0), 10),
  findListPage: (scope) => listSql.findListPage(scope, { q: 'dupont' }, { size: 10 }),
  findListPageOfTag: (scope, s) => listSql.findListPage(scope, { tag: s.tagId }, { size: 10 }),
  findListPageOfAll: (scope) => listSql.findListPage(scope, {}, { size: 10 }),
  findListPageOfRelation: (scope) =>
    listSql.findListPage(scope, { q: 'dup', relation: 'member', sort: 'newest' }, { size: 10 }),
  findListPageOfLetter: (scope, s) =>
    listSql.findListPage(scope, { newsletter: s.letter }, { size: 10 }),
  findListPageOfConsent: (scope) => listSql.findListPage(scope, { consent: 'email' }, { size: 10 }),
  countList: (scope) => listSql.countList(scope, {}, 10),
  findExpiries: (scope) => expirySql.findExpiries(scope, { limit: 9 }),
  countExpiries: async (scope) => (await expirySql.countExpiries(scope)).people,
  findUntold: (scope) => noticeSql.findUntold(scope, '0', 9),
  findNotices: (scope) => noticeSql.findNotices(scope, { limit: 9 }),
  countNotices: async (scope) => (await noticeSql.countNotices(scope, '2026-11-24')).people,
  findListIds: (scope) => listSql.findListIds(scope, {}, '0', 10),
  findExportRows: (scope, s) => exportSql.findExportRows(scope, [s.id], ['givenName']),
  findWays: async (scope, s) => {
    const ways = await profileSql.findWays(scope, s.id);
    return [...ways.emailAddresses, ...ways.phoneNumbers, ...ways.postalAddresses];
  },
  findRelations: (scope, s) => profileSql.findRelations(scope, s.id),
  findPersonTags: (scope, s) => profileSql.findPersonTags(scope, s.id),
  findAffiliations: (scope, s) => profileSql.findAffiliations(scope, s.id),
  findNotes: (scope, s) => storySql.findNotes(scope, s.id, 10),
  findTimeline: (scope, s) => storySql.findTimeline(scope, s.id, 10),
  findHistory: (scope, s) => storySql.findHistory(scope, s.id, 10),
  findAnswers: async (scope) => (await askSql.findAnswers(scope)).asked,
  findCurrentConsents: (scope, s) => consentSql.findCurrentConsents(scope, s.id),
  findConsents: (scope, s) => consentSql.findConsents(scope, s.id),
  findLastWords: (scope, s) =>
    consentSql.findLastWords(scope, [s.id], { ...mail, to: s.lyon.organization.id }),
  findSealed: (scope) => chainSql.findSealed(scope, { chain: '0', position: '0' }, 10),
  findChainEnds: async (scope) => [...(await chainSql.findChainEnds(scope)).keys()],
  findOrigins: (scope, s) => provenanceSql.findOrigins(scope, s.id),
  findContacts: (scope, s) => contactSql.findContacts(scope, s.id),
  findStops: (scope, s) => contactSql.findStops(scope, s.id),
  countByAnswer: (scope) => reachSql.countByAnswer(scope, planOf(scope.law, mail)),
  findReachable: (scope) => reachSql.findReachable(scope, planOf(scope.law, mail), everybody),
  findMailReaders: async (scope, s) =>
    (await refusalsSql.findMailReaders(scope, [{ to: 'ana@example.org', personId: s.id }])).filter(
      ({ isTheirs }) => isTheirs,
    ),
  findPlaces: (scope) => reachSql.findPlaces(scope, planOf(scope.law, mail), everybody),
  findUnreadNumbers: (scope) => lineSql.findUnreadNumbers(scope, 10),
  findWaysTo: (scope, s) => reachedSql.findWaysTo(scope, mail, [s.id]),
  findNextStretch: (scope) => reachSql.findNextStretch(scope, '0', 10),
  findNextMembers: (scope, s) =>
    reachListSql.findNextMembers(scope, { ...mail, tagId: s.tagId }, '0', { most: 10, near: 1 }),
  findSubscriptions: (scope, s) => newsletterSql.findSubscriptions(scope, s.id),
  // The party's own is everybody's to see.
  findNewsletters: async (scope, s) =>
    (await newsletterSql.findNewsletters(scope)).filter((one) => one.id === s.letter),
  findNewsletter: (scope, s) => newsletterSql.findNewsletter(scope, s.letter),
  findCountedNewsletters: async (scope, s) =>
    (await newsletterSql.findCountedNewsletters(scope)).filter((one) => one.id === s.letter),
  findUsedTags: (scope) => tagSql.findUsedTags(scope, 10),
  hasTag: (scope, s) => tagSql.hasTag(scope, s.tagId),
  findCountedTags: (scope) => tagSql.findCountedTags(scope, 10),
  findGround: (scope, s) => tagSaidSql.findGround(scope, s.id),
  findStandDay: async (scope) => (await standSql.findStandDay(scope)).all,
  findImport: (scope, s) => importSql.findImport(scope, s.importId),
  findImports: (scope) => importSql.findImports(scope, 10),
  countPeople: async (scope) => (await homeSql.countPeople(scope, new Date(0))).people,
  hasMoreThan: (scope) => homeSql.hasMoreThan(scope, 0),
  countByDay: async (scope) => {
    const days = await homeSql.countByDay(scope, new Date(scope.now().getTime() - 86_400_000));
    return days.filter((one) => one.people > 0);
  },
};

const isNothing = (found: unknown) =>
  found === undefined ||
  found === 0 ||
  found === false ||
  (Array.isArray(found) && found.length === 0);

test.serial('a sister chapter reads nothing of a person, through either wall', async (t) => {
  const s = await scene(t);
  const { scopes } = s.app.house;
  const asStaff = <T>(organizationId: string, fn: (scope: Scope) => Promise<T>) =>
    scopes.with({ organizationId, actor: staff }, fn);
  for (const [name, read] of Object.entries(reads)) {
    t.false(isNothing(await read(s.lyon, s)), `${name}: own`);
    t.true(isNothing(await read(s.lille, s)), `${name}: sister`);
    const own = await asStaff(s.lyon.organization.id, (scope) => read(scope, s));
    t.false(isNothing(own), `${name}: own staff`);
    const sister = await asStaff(s.lille.organization.id, (scope) => read(scope, s));
    t.true(isNothing(sister), `${name}: sister staff`);
    t.false(isNothing(await read(s.app.scope(), s)) && !name.startsWith('find'), `${name}: party`);
  }
});

test.serial('the second wall holds where a bound is forgotten', async (t) => {
  const s = await scene(t);
  const tables = await s.app.house.database.db.raw(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'people' and (c.relkind = 'r' and relrowsecurity or c.relkind = 'v')`,
  );
  const organizationId = s.lille.organization.id;
  for (const { name } of tables.rows) {
    const seen = await s.app.house.scopes.with({ organizationId, actor: staff }, async (scope) => {
      const found = await scope.db.raw('select count(*)::int as count from people.??', [name]);
      return found.rows[0].count;
    });
    t.is(seen, 0, name);
  }
});

test.serial('a sister chapter changes nothing of a person', async (t) => {
  const s = await scene(t);
  const { lille, id, deps } = s;
  const values = { givenName: 'Eve', familyName: null, birthDate: null };
  const address = 'ana@example.org';
  const back = { personId: id, address, why: 'full' as const, at: lille.now() };
  const nothing = [
    editSql.updatePerson(lille, id, 1, values),
    tagSql.deleteTagging(lille, s.tagId, id),
    tagSql.clearHand(lille, s.tagId, id),
    tagSql.insertTaggings(lille, [s.tagId], [id]),
    storySql.deleteNote(lille, id, '1'),
    expirySql.deleteExpiry(lille, id),
    noticeSql.settleNotices(lille, [{ personId: id, at: lille.now(), how: 'staff' }]),
    newsletterSql.endSubscription(lille, id, s.letter),
    newsletterSql.updateNewsletter(lille, s.letter, { name: 'Mine', description: '' }),
    suppressionSql.deleteSuppression(lille, id, 'phone', '+33612345678'),
    returnedSql.notePutOff(lille, back, lille.now()),
    returnedSql.markReturned(lille, back, 'bad'),
    lineSql.saveLines(lille, [{ id: '1', line: 'fixed' }]),
    importSql.deleteImport(lille, s.importId),
    importSql.beginImport(lille, s.importId),
    importSql.beginCheck(lille, s.importId, {
      ...{ fields: [], origin: 'x', relation: null, tag: null, isWanted: false },
    }),
    importSql.reopenImport(lille, s.importId),
  ];
  t.deepEqual(
    await Promise.all(nothing),
    nothing.map(() => 0),
  );
  t.is(await returnedSql.lockAddress(lille, id, address), undefined);
  const { number, ...text } = {
    number: '+33612345678',
    why: 'no-number' as const,
    at: lille.now(),
  };
  t.deepEqual(await numberSql.markNumber(lille, { number, ...text }), []);
  t.deepEqual(await numberSql.markNumber(s.lyon, { number, ...text }), [id]);
  t.deepEqual(await numberSql.freeNumber(lille, number), []);
  const [way] = (await profileSql.findWays(s.lyon, id)).phoneNumbers;
  const phone = { kind: 'phone' as const, id: way?.id ?? '' };
  t.false(await numberSql.restoreWay(lille, id, phone));
  t.true(await numberSql.restoreWay(s.lyon, id, phone));
  const names = [{ field: 'givenName' }];
  await provenanceSql.noteWritten(lille, id, names, { kind: 'staff' });
  const move = { from: '0', into: '9' };
  await provenanceSql.moveOrigin(lille, id, 'givenName', move);
  await editSql.replaceEmailAddresses(lille, id, []);
  await editSql.replacePhoneNumbers(lille, id, []);
  await editSql.replaceRelation(lille, id, undefined, '2026-11-24');
  await editSql.replacePostalAddresses(lille, id, []);
  await editSql.replaceAffiliations(lille, id, []);
  await t.throwsAsync(erasePerson(lille, deps, id, { suppress: false }), { message: /not-found/ });
  t.like(await personSql.findPerson(s.lyon, id), {
    givenName: 'Ana',
    emailAddresses: ['ana@example.org'],
    phoneNumbers: ['+33612345678'],
    country: 'FR',
  });
  t.is((await profileSql.findRelations(s.lyon, id))[0]?.until, null);
  const [name] = await provenanceSql.findOrigins(s.lyon, id);
  t.like(name, { field: 'givenName', kind: 'plugin', reference: 'test' });
});

test.serial('staff of a chapter do not get a person by typing their address', async (t) => {
  const s = await scene(t);
  const typing = s.app.scope(s.lille.organization.id, staff);
  const fields = { emailAddress: 'ana@example.org', source: 'staff' };
  await t.throwsAsync(s.people.upsert(typing, fields), { message: /known-elsewhere/ });
  t.is(await personSql.findPerson(s.lille, s.id), undefined);
  await s.people.upsert(s.lille, fields);
  t.truthy(await personSql.findPerson(s.lille, s.id), 'who confirmed by mail is seen by both');
  t.is(await erasePerson(s.lille, s.deps, s.id, { suppress: false }), 'left');
  t.truthy(await personSql.findPerson(s.lyon, s.id));
});

test.serial('a list that a chapter brings in does not get it people of the rest', async (t) => {
  const s = await scene(t);
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, 'email\nana@example.org\nbo@example.org\n');
  const id = await stageFile(s.lille, { path, name: 'list.csv' });
  await startImport(s.lille, s.deps, id, { fields: ['emailAddress'], origin: 'paper forms' });
  await s.app.drain();
  t.is(await personSql.findPerson(s.lille, s.id), undefined);
  t.truthy(await personSql.findPersonByEmail(s.lille, 'bo@example.org'));
  const [refused] = await importSql.findRefused(s.lille, id, 0, 10);
  t.is(refused?.reason, 'people.fault.known-elsewhere');
});

test.serial('a chapter does not take away what others noted', async (t) => {
  const s = await scene(t);
  const { id, deps, lyon, app } = s;
  const theirs = await writeNote(app.scope(), deps, id, 'Of the party');
  const ours = await writeNote(lyon, deps, id, 'Of Lyon');
  t.is(await storySql.deleteNote(lyon, id, theirs), 0);
  t.is(await storySql.deleteNote(lyon, id, ours), 1);
});

test.serial(
  'a copy for a person, from a chapter, tells nothing that another chapter wrote',
  async (t) => {
    const s = await scene(t);
    await s.people.upsert(s.lille, { emailAddress: 'ana@example.org', source: 'staff' });
    await writeNote(s.lille, s.deps, s.id, 'Of Lille');
    const staffOfLyon = await s.app.staff('data-protection', s.lyon.organization.id);
    const { status, body } = await staffOfLyon.post(`/admin/@lyon/people/${s.id}/copy`, {});
    t.is(status, 200);
    t.regex(body, /A note/);
    t.notRegex(body, /Of Lille/);
    const list = await staffOfLyon.post('/admin/@lyon/people/export', {
      ...{ columns: ['givenName', 'emailAddress'], reason: 'a letter' },
    });
    t.regex(list.body, /ana@example\.org/);
    const pool = s.app.house.database.db.client.pool;
    t.true(await until(() => pool.numUsed() === 0), 'the connection is given back');
  },
);

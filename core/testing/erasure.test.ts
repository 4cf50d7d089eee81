// Somebody who came in by every entrance there is, and asked to be erased: nothing finds them any more, whatever comes back.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { Consents, People } from 'rostra/people';
import { Jobs } from 'rostra/plugin';
import { keepEvidence } from '../../plugins/fundraising/batch.ts';
import { depsOf as moneyDeps } from '../../plugins/fundraising/deps.ts';
import { aroundOf, makeRecipient, offerOf } from '../../plugins/fundraising/fixture.ts';
import { pledge, record } from '../../plugins/fundraising/pledge.ts';
import { writeScan } from '../../plugins/fundraising/testing/scan.ts';
import { depsOf } from '../../plugins/people/deps.ts';
import { checkImport, planImport, startImport } from '../../plugins/people/import.ts';
import { stageFile } from '../../plugins/people/stage.ts';
import { assemble } from '../assemble.ts';
import { backUp } from '../backup/backup.ts';
import { restore } from '../backup/restore.ts';
import { examine } from '../cli/doctor.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { Db } from '../database/connect.ts';
import { makeLog } from '../log.ts';
import { type App, makeApp } from './app.ts';
import type { Client } from './client.ts';
import { cloneEmpty } from './database.ts';
import { outsider } from './outsider.ts';

const zoe = {
  givenName: 'Zoéline',
  familyName: 'Quéffelèc',
  email: 'zoeline.queffelec@unique.example',
  phone: '06 98 76 54 32',
};
const second = 'zq.other@unique.example';
/** E-mail, telephone in three notations, name with and without accents; also as a page or an address would write it. */
const traces = [
  ...['zoeline.queffelec', 'zq.other', 'unique.example', 'unique%2Eexample'],
  ...['+33698765432', '0698765432', '06 98 76 54 32', '698765432', '6 98 76 54 32'],
  ...['zoéline', 'zoeline', 'quéffelèc', 'queffelec', 'zo%c3%a9line', 'zo\\u00e9line'],
];

/** Tables with a row that tells of her, by the catalogue; unlogged ones and the queue's too. */
async function foundIn(db: Db): Promise<string[]> {
  const { rows: tables } = await db.raw(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables as { name: string }[]) {
    const { rows } = await db.raw(
      `select one::text as row from ${name} one
       where exists (select from unnest(cast(:traces as text[])) as trace (text)
         where strpos(lower(one::text), trace.text) > 0)`,
      { traces },
    );
    for (const { row } of rows) found.push(`${name}: ${row}`);
  }
  return found;
}

function foundBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const isNamed = traces.some((trace) => entry.name.toLowerCase().includes(trace));
    if (!entry.isFile()) return isNamed ? [path] : [];
    const bytes = readFileSync(path);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (isPacked ? gunzipSync(bytes) : bytes).toString().toLowerCase();
    return isNamed || traces.some((trace) => text.includes(trace)) ? [path] : [];
  });
}

async function newestLink(db: Db, pattern: RegExp): Promise<string> {
  const { rows } = await db.raw('select text from core.outbox order by id desc limit 1');
  return pattern.exec(rows[0]?.text ?? '')?.[0] ?? '';
}

async function comesInBySignUp(app: App): Promise<void> {
  const { db } = app.house.database;
  const { rows } = await db.raw(`select path from website.page where kind = 'sign_up'`);
  const { givenName, familyName, email, phone } = zoe;
  const form = { givenName, familyName, email, phone, emailConsent: 'true' };
  const visitor = app.visitor();
  await visitor.post(rows[0].path, form);
  await visitor.post(await newestLink(db, /\/confirm\/[\w-]+/), {});
  // And once more, never confirmed.
  await visitor.post(rows[0].path, form);
}

async function comesInByImport(t: ExecutionContext, app: App): Promise<void> {
  const deps = depsOf(app.get('people'));
  const folder = mkdtempSync(join(tmpdir(), 'rostra-erasure-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'list.csv');
  const { givenName, familyName, email, phone } = zoe;
  writeFileSync(
    path,
    `Given name,Family name,E-mail,Phone,Birth date\n${givenName},${familyName},${email},${phone},1980-01-02\n${givenName},${familyName},${email},${phone},99/99/1990\n`,
  );
  const id = await stageFile(app.scope(), { path, name: 'list.csv' });
  const fields = ['givenName', 'familyName', 'emailAddress', 'phoneNumber', 'birthDate'] as const;
  await planImport(app.scope(), deps, id, {
    ...{ fields: [...fields], origin: 'A list', relation: 'regular_contact' },
  });
  await checkImport(app.scope(), id);
  await startImport(app.scope(), deps, id);
  await app.drain();
}

/** What staff write on her: notes, changes, consents, a second record that becomes hers. */
async function isWrittenOn(t: ExecutionContext, app: App, staff: Client): Promise<string> {
  const people = app.get('website')(People);
  const { id } = (await people.findByEmail(app.scope(), zoe.email)) ?? { id: '' };
  const page = `/admin/people/${id}`;
  const post = async (path: string, form: Record<string, string>) => {
    t.is((await staff.post(`${page}${path}`, form)).status, 303, path);
  };
  await post('/notes', { text: `${zoe.givenName} ${zoe.familyName} brings cake, ${zoe.phone}` });
  await post('/consent', {
    ...{ deed: 'give', channel: 'sms', purpose: 'campaign', wording: 'Yes' },
    evidence: `signed by ${zoe.familyName}`,
  });
  await post('/tags', { label: 'cake' });
  const { rows: letters } = await app.house.database.db.raw('select id from people.newsletter');
  const met = await staff.post('/admin/people/stand', {
    ...{ givenName: zoe.givenName, familyName: zoe.familyName, emailAddress: zoe.email },
    ...{ phoneNumber: zoe.phone, place: 'Market', newsletter: letters[0].id },
  });
  t.is(met.status, 303, 'met at a stand');
  const twin = await people.upsert(app.scope(), {
    ...{ givenName: 'Zoe', familyName: 'Queffelec', emailAddress: second, source: 'test' },
  });
  await app.house.subjects.merge(app.scope(), twin.id, id);
  await staff.get(page);
  await staff.get(`/admin/people?q=${encodeURIComponent(zoe.familyName)}`);
  const columns = ['familyName', 'emailAddress'];
  await staff.post('/admin/people/export', { columns, reason: 'labels' });
  await staff.post(`${page}/copy`, {});
  await app.get('people')(Jobs).add(app.scope(), 'seal', {}, { key: 'seal' });
  await app.house.audit.record(app.scope(), {
    act: 'thing.done',
    personId: id,
    details: { name: zoe.familyName, phone: zoe.phone },
  });
  return id;
}

/** By cheque, with the scan of it; and once more on the site, never paid. */
async function gives(app: App): Promise<void> {
  const scope = app.scope();
  const deps = moneyDeps(app.get('fundraising'));
  const recipient = await makeRecipient(scope);
  const { givenName, familyName, email: emailAddress } = zoe;
  const identity = { ...offerOf(scope).identity, givenName, familyName, emailAddress };
  const cheque = offerOf(scope, { method: 'cheque', identity });
  const { id: donationId } = await record(scope, deps, recipient, cheque, aroundOf());
  await keepEvidence(scope, deps, writeScan(`%PDF-1.4 ${familyName}`), { donationId });
  const card = offerOf(scope, { method: 'card', identity });
  await pledge(scope, deps, recipient, card, aroundOf({ source: 'page' }));
}

/** By the link in her mailbox, with a request that staff answered before. */
async function asks(app: App, staff: Client, path: string): Promise<string> {
  const { db } = app.house.database;
  const visitor = app.visitor();
  await visitor.post('/my-data', { email: zoe.email });
  const link = await newestLink(db, /\/my-data\/[\w-]{43}/);
  await visitor.post(`${link}/correct`, { words: `I am ${zoe.givenName}, ${zoe.phone}` });
  const { rows } = await db.raw('select id from privacy.request order by id desc limit 1');
  await staff.post(`/admin/privacy/${rows[0].id}/done`, { text: `Dear ${zoe.givenName}` });
  await visitor.post(`${link}/file`, {});
  await visitor.get(`${link}/file`);
  await visitor.post(`${link}/copy`, {});
  const sent = await visitor.post(`${link}/${path}`, { sure: 'true', neverAgain: 'true' });
  return sent.location ?? '';
}

const secret = 'a secret that only this test knows, long enough';
const log = makeLog('silent');

async function restored(t: ExecutionContext, file: string, journal: string) {
  const { url } = await cloneEmpty(t);
  const data = mkdtempSync(join(tmpdir(), 'rostra-erased-'));
  t.teardown(() => rmSync(data, { recursive: true, force: true }));
  const config = readConfig({ ROSTRA_SECRET: secret, ROSTRA_DATA: data, DATABASE_URL: url });
  await restore({ config, log, clock: systemClock, file, erasures: [journal] });
  const house = await assemble(config, { log, clock: systemClock, owner: false });
  t.teardown(async () => {
    await house.end();
  });
  await house.loadPlugins();
  return { house, data };
}

test.serial(
  'who came in by every entrance and is erased is found nowhere, nor by a restore',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const { db } = app.house.database;
    await comesInBySignUp(app);
    await comesInByImport(t, app);
    await gives(app);
    const staff = await app.staff();
    const id = await isWrittenOn(t, app, staff);
    await app.drain();
    const before = await foundIn(db);
    for (const table of [
      'people.person',
      'people.import_row_refused',
      'people.note',
      'core.outbox',
      'fundraising.donation',
    ]) {
      t.true(
        before.some((row) => row.startsWith(`${table}:`)),
        `she is in ${table}, or this proves nothing`,
      );
    }
    const { file } = await backUp({ ...app.house, clock: app.clock });
    app.clock.set(new Date(app.clock.now().getTime() + 3 * 3600 * 1000));

    const page = await asks(app, staff, 'erase');
    await app.drain();
    await app.drain();
    t.deepEqual(await foundIn(db), []);
    t.regex((await app.visitor().get(page)).body, /Nothing of you is left/);
    rmSync(file);
    await backUp({ ...app.house, clock: app.clock });
    t.deepEqual(foundBelow(app.house.config.data), []);
    const { rows } = await db.raw('select erased_at from people.person where id = :id', { id });
    t.truthy(rows[0].erased_at);
    const consents = app.get('website')(Consents);
    t.true(await consents.isSuppressedForGood(app.scope(), 'email', zoe.email));
    t.true(await consents.isSuppressedForGood(app.scope(), 'phone', '+33698765432'));
    const ill = (await examine(app.house)).filter((one) => one.faults.length > 0 && !one.isHint);
    t.deepEqual(ill, []);
  },
);

test.serial('yesterday’s backup erases again who asked for it since', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { db } = app.house.database;
  await comesInBySignUp(app);
  const staff = await app.staff();
  await isWrittenOn(t, app, staff);
  const { file } = await backUp({ ...app.house, clock: app.clock });
  app.clock.set(new Date(app.clock.now().getTime() + 3 * 3600 * 1000));
  await asks(app, staff, 'erase');
  await app.drain();
  await app.drain();
  t.deepEqual(await foundIn(db), []);
  const journal = join(app.house.config.backups, 'erasures.log');
  const { house, data } = await restored(t, file, journal);
  t.deepEqual(await foundIn(house.database.db), []);
  t.deepEqual(foundBelow(join(data, 'uploads')), []);
});

/** Keeps a copy of everybody elsewhere; how its erasure ends stands in a table, so that the test can change it. */
const cloud = `
export default {
  contribute: () => ({
    subject: {
      async *export() {},
      async merge() {},
      async erase(scope, personId) {
        const { rows } = await scope.db.raw('select says from cloud.mood');
        if (rows[0]?.says === 'throws') throw new Error('Key (email)=(zoe@unique.example) is odd');
        await scope.db.raw('delete from cloud.copy where person_id = :personId', { personId });
        return rows[0]?.says === 'waits' ? { done: false, waitingFor: 'Nuage SA' } : { done: true };
      },
    },
  }),
};
`;
const cloudTables = `
export async function up(db) {
  await db.raw(\`create table cloud.copy (person_id bigint not null references people.person on delete restrict, text text);
    create table cloud.mood (says text);
    select core.secure('cloud.copy', 'false')\`);
}
export async function down(db) { await db.raw('drop table cloud.copy, cloud.mood'); }
`;

async function withCloud(t: ExecutionContext, says: string) {
  const practice = { data: 'user', purpose: 'cloud.x', basis: 'consent', source: 'person' };
  const folder = outsider(t, {
    ...{ id: 'cloud', plugin: cloud, requires: ['people'] },
    manifest: {
      dataPractices: [{ ...practice, keep: 'P1Y', tables: ['cloud.copy'], processors: [] }],
      impersonal: ['cloud.mood'],
    },
    files: { 'migrations/0001_copy.ts': cloudTables },
  });
  const app = await makeApp(t, { jurisdiction: 'fr', plugins: [folder] });
  const { db } = app.house.database;
  const people = app.get('website')(People);
  const fields = { givenName: zoe.givenName, emailAddress: zoe.email, source: 'test' };
  const { id } = await people.upsert(app.scope(), fields);
  await db.raw('insert into cloud.copy values (:id, :email)', { id, email: zoe.email });
  await db.raw('insert into cloud.mood values (:says)', { says });
  const visitor = app.visitor();
  await visitor.post('/my-data', { email: zoe.email });
  const link = await newestLink(db, /\/my-data\/[\w-]{43}/);
  const page = (await visitor.post(`${link}/erase`, { sure: 'true' })).location ?? '';
  await app.drain();
  const seen = async () => (await visitor.get(page)).body;
  const state = async () => {
    const { rows } = await db.raw(
      'select id, state, person_id as person, waiting_for as waiting, next_at as next from privacy.request',
    );
    return rows[0];
  };
  /** Its cron, so much later. */
  const later = async (minutes: number) => {
    app.clock.set(new Date(app.clock.now().getTime() + minutes * 60_000));
    const job = app.house.registry.find('privacy')?.contributions.jobs?.[0];
    await job?.run(app.scope(), {}).catch(() => undefined);
  };
  return { app, db, id, seen, state, later };
}

test.serial(
  'an erasure that waits for somebody else is tried again, and closes on proof',
  async (t) => {
    const { app, db, id, seen, state, later } = await withCloud(t, 'waits');
    t.like(await state(), { state: 'waiting', waiting: ['Nuage SA'], person: id });
    t.regex(await seen(), /Nuage SA/);
    t.deepEqual(await foundIn(db), [], 'here she is gone already');
    const staff = await app.staff();
    t.regex((await staff.get('/admin/privacy')).body, /Nuage SA/);
    const next = (await state()).next;
    await later(0);
    t.deepEqual((await state()).next, next, 'not before its time');
    await later(2);
    t.true((await state()).next > next);
    await db.raw(`update cloud.mood set says = 'done'`);
    await later(60 * 24);
    t.like(await state(), { state: 'done', waiting: [], person: null });
    t.regex(await seen(), /Nothing of you is left/);
  },
);

test.serial(
  'an erasure that fails in a plugin erases nothing, stays open and is seen',
  async (t) => {
    const { app, db, seen, state, later } = await withCloud(t, 'throws');
    t.like(await state(), { state: 'waiting', waiting: [] });
    t.regex(await seen(), /not done everywhere yet/);
    t.true((await foundIn(db)).some((row) => row.startsWith('people.person:')));
    const staff = await app.staff();
    const { id } = await state();
    t.regex((await staff.get(`/admin/privacy/${id}`)).body, /A part of the program failed/);
    t.true(
      app.house.registry.faults().some((one) => one.plugin === 'cloud' && one.where === 'erase'),
    );
    await db.raw(`update cloud.mood set says = 'done'`);
    await later(60);
    t.like(await state(), { state: 'done', person: null });
    await app.drain();
    t.deepEqual(await foundIn(db), []);
  },
);

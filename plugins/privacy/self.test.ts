// What somebody does with the link in their mailbox, from the first page to the last.
import test from 'ava';
import { Consents, Newsletters, Reach } from 'rostra/people';
import { type App, makeApp } from 'rostra/testing';
import { askLink, linkTo, personOf, requestsOf, unzipped } from './fixture.ts';

let app: App;
const ends: (() => unknown)[] = [];
test.before(async () => {
  app = await makeApp({ teardown: (end) => void ends.push(end) }, { jurisdiction: 'fr' });
});
test.after.always(async () => {
  for (const end of ends.reverse()) await end();
});

test.serial('whoever asks gets the same answer, and a mail only who is known', async (t) => {
  await personOf(app, 'ana@example.org', { givenName: 'Ana', familyName: 'Żółć' });
  const visitor = app.visitor();
  const known = await visitor.post('/my-data', { email: 'Ana@Example.org' });
  const unknown = await visitor.post('/my-data', { email: 'nobody@example.org' });
  t.like(known, { status: 303, location: '/my-data/sent' });
  t.deepEqual([unknown.status, unknown.location], [known.status, known.location]);
  t.is(unknown.body, known.body);
  t.regex(await linkTo(app, 'ana@example.org'), /^\/my-data\//);
  t.is(await linkTo(app, 'nobody@example.org'), '');
  t.is((await visitor.get('/my-data/sent')).status, 200);
  const wrong = await visitor.post('/my-data', { email: 'not an address' });
  t.is(wrong.status, 422);
  const machine = { email: 'ana@example.org', homepage: 'x' };
  const { rows: before } = await app.scope().db.raw('select from core.outbox');
  t.is((await visitor.post('/my-data', machine)).location, '/my-data/sent');
  const { rows: after } = await app.scope().db.raw('select from core.outbox');
  t.is(after.length, before.length, 'a machine sends nothing');
});

test.serial('a mailbox is not filled, and what comes from elsewhere is refused', async (t) => {
  await personOf(app, 'often@example.org');
  for (let n = 0; n < 5; n += 1) await askLink(app, 'often@example.org');
  const { rows } = await app
    .scope()
    .db.raw(`select from core.outbox where to_address = 'often@example.org'`);
  t.is(rows.length, 3);
  const from = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
  const path = await linkTo(app, 'often@example.org');
  t.is((await app.visitor().post(`${path}/object`, {}, from)).status, 403);
  t.is((await app.visitor().post('/my-data', { email: 'x@example.org' }, from)).status, 403);
});

test.serial('a link opens nothing once its mailbox is not the person’s any more', async (t) => {
  await personOf(app, 'wrong@example.org', { givenName: 'Cléo' });
  const link = await askLink(app, 'wrong@example.org');
  t.is((await app.visitor().get(link)).status, 200);
  await app.house.database.db.raw(
    `update people.email_address set address = 'right@example.org' where address = 'wrong@example.org'`,
  );
  t.is((await app.visitor().get(link)).status, 410);
});

test.serial('an objection holds for post and for a number that comes later', async (t) => {
  const id = await personOf(app, 'dora@example.org', {
    postalAddress: { country: 'FR', line1: '1' },
  });
  const may = async (channel: 'post' | 'call') =>
    (await app.get('people')(Reach).may(app.scope(), id, { channel, purpose: 'campaign' }))?.may;
  t.true(await may('post'));
  const link = await askLink(app, 'dora@example.org');
  await app.visitor().post(`${link}/object`, {});
  await app.drain();
  await personOf(app, 'dora@example.org', { phoneNumber: '+33612345678' });
  t.deepEqual([await may('post'), await may('call')], [false, false]);
});

test.serial('the link opens that person’s page alone, for a day, until it is closed', async (t) => {
  await personOf(app, 'bea@example.org', { givenName: 'Bea', familyName: 'Blanc' });
  const link = await askLink(app, 'bea@example.org');
  const visitor = app.visitor();
  const first = await visitor.get(link);
  t.regex(first.body, /Hello Bea/);
  t.notRegex(first.body, /bea@example|Blanc/, 'a program that opens links reads nothing');
  t.is(first.headers.get('cache-control'), 'no-store');
  t.is(visitor.cookies.size, 0);
  t.is((await visitor.get(`${link}/file`)).status, 200);
  t.like(await visitor.post(`${link}/file`, {}), { location: `${link}/file` });
  const { body } = await visitor.get(`${link}/file`);
  t.regex(body, /Blanc/);
  t.regex(body, /bea@example.org/);
  t.notRegex(body, /ana@example|Żółć/);
  t.like((await requestsOf(app)).at(-1), { kind: 'access', state: 'done', outcome: 'given' });
  const other = await askLink(app, 'bea@example.org');
  await visitor.post(`${other}/close`, {});
  t.is((await visitor.get(other)).status, 410);
  t.is((await visitor.get('/my-data/unknown')).status, 410);
  app.clock.set(new Date(app.clock.now().getTime() + 25 * 3600 * 1000));
  t.is((await visitor.get(link)).status, 410);
});

test.serial('the copy is one archive with JSON and a table a file', async (t) => {
  await personOf(app, 'cleo@example.org', { givenName: 'Cléo', phoneNumber: '06 12 34 56 78' });
  const link = await askLink(app, 'cleo@example.org');
  const response = await fetch(`${app.url}${link}/copy`, {
    method: 'POST',
    headers: { Origin: app.url, 'Sec-Fetch-Site': 'same-origin' },
  });
  t.is(response.headers.get('content-type'), 'application/zip');
  t.regex(response.headers.get('content-disposition') ?? '', /my-data\.zip/);
  const copy = unzipped(Buffer.from(await response.arrayBuffer()));
  const records = JSON.parse(copy['data.json'] ?? '');
  const tables = records.map(({ table }: { table: string }) => table);
  t.true(tables.includes('people.person') && tables.includes('core.outbox'));
  const csv = copy['csv/people.phone_number.csv'] ?? '';
  t.regex(csv, /"number","status","line",[^\r]*\r\n"\+33612345678","ok","mobile"/);
  t.regex(copy['read-me.txt'] ?? '', /Parti de l’Exemple/);
  t.like((await requestsOf(app)).at(-1), { kind: 'copy', state: 'done' });
});

test.serial(
  'a correction waits for staff, with the words and the day by which it is due',
  async (t) => {
    app.clock.set('2026-11-30T22:30:00Z');
    await personOf(app, 'dana@example.org');
    const link = await askLink(app, 'dana@example.org');
    const visitor = app.visitor();
    t.is((await visitor.post(`${link}/correct`, { words: '' })).status, 422);
    const sent = await visitor.post(`${link}/correct`, { words: 'My name is Dana Martin' });
    const request = (await requestsOf(app)).at(-1);
    t.like(request, { kind: 'correction', state: 'open', words: 'My name is Dana Martin' });
    // Asked on the 30th in Paris: a month later the day ends at 23:00 UTC.
    t.deepEqual(request?.['due'], new Date('2026-12-30T22:59:59Z'));
    t.is(sent.location, `/my-data/request/${request?.['reference']}`);
    const { body } = await visitor.get(sent.location ?? '');
    t.regex(body, /December 30, 2026/);
    t.notRegex(body, /Martin|dana@/, 'the page of a request tells nothing of the person');
  },
);

test.serial('an objection holds at once, and the page can still be asked for', async (t) => {
  const id = await personOf(app, 'eve@example.org', { phoneNumber: '06 11 22 33 44' });
  const [consents, newsletters] = [app.get('privacy')(Consents), app.get('privacy')(Newsletters)];
  const scope = app.scope();
  const lyon = await app.chapter('Lyon');
  const yes = {
    personId: id,
    channel: 'email',
    purpose: 'newsletter',
    locale: 'fr',
    source: 'test',
  };
  const proof = { wording: 'Yes', evidence: { form: '1' } };
  await consents.give(scope, { ...yes, ...proof });
  await consents.give(scope, { ...yes, ...proof, organizationId: lyon });
  const [letter] = await newsletters.list(scope);
  await newsletters.subscribe(scope, id, letter?.id ?? '');
  const link = await askLink(app, 'eve@example.org');
  await app.visitor().post(`${link}/object`, {});
  await app.drain();
  t.like((await requestsOf(app)).at(-1), { kind: 'objection', state: 'done', outcome: 'stopped' });
  t.false(await consents.holds(scope, id, 'email', 'newsletter'));
  t.true(await consents.isSuppressedForGood(scope, 'email', 'eve@example.org'));
  t.true(await consents.isSuppressedForGood(scope, 'phone', '+33611223344'));
  const { rows } = await scope.db.raw(
    `select count(*) filter (where until is null) as reads from people.subscription where person_id = :id`,
    { id },
  );
  t.is(rows[0].reads, '0');
  const { rows: given } = await scope.db.raw(
    `select given from (select distinct on (organization_id) given from people.consent
       where person_id = :id order by organization_id, id desc) last where given`,
    { id },
  );
  t.deepEqual(given, [], 'nor to the chapter');
  app.clock.set(new Date(app.clock.now().getTime() + 3600 * 1000));
  t.regex(await askLink(app, 'eve@example.org'), /^\/my-data\//);
});

test.serial(
  'who asks to be erased is, and the reference tells it when nothing else does',
  async (t) => {
    await personOf(app, 'flo@example.org', { givenName: 'Flo' });
    const link = await askLink(app, 'flo@example.org');
    const visitor = app.visitor();
    t.is((await visitor.post(`${link}/erase`, {})).status, 422, 'not by one careless touch');
    const sent = await visitor.post(`${link}/erase`, { sure: 'true', neverAgain: 'true' });
    t.regex((await visitor.get(sent.location ?? '')).body, /You asked to be erased/);
    t.is((await visitor.post(`${link}/erase`, { sure: 'true' })).location, sent.location, 'once');
    await app.drain();
    const found = (await requestsOf(app)).at(-1);
    t.like(found, { kind: 'erasure', state: 'done', outcome: 'erased', person: null, words: null });
    t.regex((await visitor.get(sent.location ?? '')).body, /Nothing of you is left/);
    t.is((await visitor.get(link)).status, 410);
    const consents = app.get('privacy')(Consents);
    t.true(await consents.isSuppressedForGood(app.scope(), 'email', 'flo@example.org'));
    const staff = await app.staff('data-protection');
    const list = await staff.get('/admin/privacy?show=all&q=flo@example.org');
    t.regex(list.body, /Erasure/);
    t.is(
      (await staff.get('/admin/privacy?show=all&q=flow@example.org')).body.includes('Erasure</a>'),
      false,
    );
  },
);

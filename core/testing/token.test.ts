// Programs come in with a token: what they may, until when, where, and how it ends. The docs' own example is run.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { People } from 'rostra/people';
import { type App, makeApp } from './app.ts';
import { openBrowser } from './browser.ts';
import { type Answer, type Client, makeClient } from './client.ts';
import { read } from './tree.ts';

const list = '/admin/tokens';
const wanted = { name: 'CRM', permissions: ['people.person.read'], until: '2026-12-31' };

const tokenIn = ({ body }: Answer): string => /value="(rostra_[\w-]{43})"/.exec(body)?.[1] ?? '';

async function made(staff: Client, base = list, form = wanted): Promise<string> {
  return tokenIn(await staff.post(base, form));
}

/** A person of this organization; answers where a program asks after them. */
async function askingAbout(app: App, organizationId?: string): Promise<string> {
  const { id } = await app
    .get('people')(People)
    .upsert(app.scope(organizationId), {
      ...{ emailAddress: 'ana@x.example', givenName: 'Ana', source: 'test' },
    });
  return `/people/${id}/contactability`;
}

const ask = (app: App, path: string, token: string, headers = {}): Promise<Answer> =>
  app.visitor().get(path, { Authorization: `Bearer ${token}`, ...headers });
const codeOf = ({ status, body }: Answer) => [status, JSON.parse(body).code];

async function start(t: ExecutionContext) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  return { app, staff: await app.staff(), path: `/api/v1${await askingAbout(app)}` };
}

test('the example of the docs asks, with a token made on its page, how somebody may be reached', async (t) => {
  const { app, staff, path } = await start(t);
  const page = await staff.post(list, wanted);
  t.is(page.status, 200);
  const token = tokenIn(page);
  const [, example = ''] =
    /```sh\n(curl [^`]*contactability[^`]*)```/.exec(read('docs/operator.md')) ?? [];
  const id = /people\/(\d+)/.exec(path)?.[1] ?? '';
  const command = example.replace('people/42/', `people/${id}/`);
  t.not(command, example);
  const env = { ...process.env, ROSTRA_TOKEN: token, ROSTRA_URL: app.url };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
  const told = JSON.parse(stdout);
  t.is(told.person, id);
  t.is(told.answers.length, 10);
  t.true(told.answers.some((one: { rules: unknown[] }) => one.rules.length > 0));
  const audit = await staff.get('/admin/audit');
  t.regex(audit.body, /Token for a program made/);
  t.regex(audit.body, /Staff \d+ \(CRM\)/, 'what the program did, under both names');
});

test('it is kept as a digest, shown once, and the page says when it was last used', async (t) => {
  const { app, staff, path } = await start(t);
  const token = await made(staff);
  t.regex((await staff.get(list)).body, /CRM[\s\S]*Never/);
  t.is((await ask(app, path, token)).status, 200);
  const { rows } = await app.house.database.db.raw('select t::text as whole from core.token t');
  t.false(rows[0].whole.includes(token) || rows[0].whole.includes(token.slice(7)));
  const { body } = await staff.get(list);
  t.false(body.includes(token));
  t.regex(body, /November 24, 2026/);
});

test('a token may what was ticked, of what its maker still may, and nothing by cookie or in the admin', async (t) => {
  const { app, staff, path } = await start(t);
  const token = await made(staff);
  t.deepEqual(codeOf(await ask(app, '/api/v1/fundraising/recipients', token)), [
    403,
    'core.forbidden',
  ]);
  t.is((await ask(app, '/admin/people', token)).status, 303, 'the admin asks to log in');
  const cookie = makeClient(app.url, token);
  t.is((await cookie.get(path)).status, 403, 'as a cookie it is nothing');
  const session = staff.cookies.get('rostra') ?? '';
  t.is((await ask(app, path, session)).status, 401, 'a session is no token');
  const both = await staff.get(path, { Authorization: `Bearer ${token}x` });
  t.is(both.status, 401, 'a good cookie does not help a bad token');
  t.is(both.headers.get('WWW-Authenticate'), 'Bearer');
  t.is((await ask(app, path, token, { 'Sec-Fetch-Site': 'cross-site' })).status, 200);
  const { db } = app.house.database;
  await db.raw(`update core.account_role set role = 'web-editor' where account_id in
    (select account_id from core.token)`);
  t.deepEqual(codeOf(await ask(app, path, token)), [403, 'core.forbidden']);
});

test('it ends on its day, when it is ended, and with the account that made it', async (t) => {
  const { app, staff, path } = await start(t);
  const status = async (token: string) => (await ask(app, path, token)).status;
  const [ended, closed, over] = [await made(staff), await made(staff), await made(staff)];
  t.is(await status(ended), 200);
  const id = /tokens\/(\d+)\/revoke/.exec((await staff.get(list)).body)?.[1] ?? '';
  const { db } = app.house.database;
  const newest = (
    await db.raw('select max(id)::text as id, min(id)::text as first from core.token')
  ).rows[0];
  t.is(id, newest.id, 'the newest stands first');
  t.is((await staff.post(`${list}/${newest.first}/revoke`, {})).status, 303);
  t.is(await status(ended), 401);
  t.is((await staff.post(`${list}/${newest.first}/revoke`, {})).status, 404);
  app.clock.set(new Date('2026-12-31T22:59:59Z'));
  t.is(await status(over), 200, 'in Paris a second before midnight');
  app.clock.set(new Date('2026-12-31T23:00:00Z'));
  t.is(await status(over), 401);
  app.clock.set(new Date('2026-11-25T10:00:00Z'));
  const { rows } = await db.raw('select account_id::text as id from core.token limit 1');
  const ada = await app.staff();
  t.is((await ada.post(`/admin/staff/${rows[0].id}/disable`, {})).status, 303);
  t.is(await status(closed), 401);
  t.is((await ada.post(`/admin/staff/${rows[0].id}/enable`, {})).status, 303);
  t.is(await status(closed), 401, 'and stays ended when the account is opened again');
});

test('a chapter’s token works at the chapter and below, and shows nobody of its sister', async (t) => {
  const { app } = await start(t);
  const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const path = await askingAbout(app, lyon);
  const local = await app.staff('administrator', lyon);
  const token = await made(local, '/admin/@lyon/tokens');
  t.is((await ask(app, `/api/v1/@lyon${path}`, token)).status, 200);
  t.deepEqual(codeOf(await ask(app, `/api/v1${path}`, token)), [403, 'accounts.token-elsewhere']);
  t.deepEqual(codeOf(await ask(app, `/api/v1/@lille${path}`, token)), [
    403,
    'accounts.token-elsewhere',
  ]);
  const sister = await made(await app.staff('administrator', lille), '/admin/@lille/tokens');
  t.is((await ask(app, `/api/v1/@lille${path}`, sister)).status, 404);
  const party = await made(await app.staff());
  t.is((await ask(app, `/api/v1/@lyon${path}`, party)).status, 200);
  t.notRegex((await local.get('/admin/@lyon/tokens')).body, /Lille/);
});

test('nobody lends what they may not, and a form with faults comes back as it was typed', async (t) => {
  const { app, staff } = await start(t);
  const strange = { ...wanted, permissions: ['fundraising.money.enter', 'core.staff.manage'] };
  t.is((await staff.post(list, strange)).status, 403);
  const bare = await staff.post(list, { name: 'CRM', until: '2026-12-31' });
  t.is(bare.status, 422);
  t.regex(bare.body, /value="CRM"/);
  t.regex(bare.body, /Tick at least one/);
  for (const until of ['2026-11-23', '2028-01-01', '']) {
    const late = await staff.post(list, { ...wanted, until });
    t.is(late.status, 422, until);
    t.regex(late.body, /value="people.person.read" checked/);
  }
  const organiser = await app.staff('organiser');
  t.is((await organiser.get(list)).status, 403);
  t.is((await organiser.post(list, wanted)).status, 403);
  t.is((await app.house.database.db.raw('select from core.token')).rowCount, 0);
});

test('one that asks too fast is told to wait, the others are not', async (t) => {
  const { app, staff, path } = await start(t);
  const [fast, slow] = [await made(staff), await made(staff)];
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.all(Array.from({ length: 30 }, () => ask(app, '/api/v1/people/x', fast)));
  }
  t.deepEqual(codeOf(await ask(app, path, fast)), [429, 'accounts.token-too-fast']);
  t.is((await ask(app, path, slow)).status, 200);
  app.clock.set(new Date('2026-11-24T10:01:00Z'));
  t.is((await ask(app, path, fast)).status, 200);
});

for (const way of [
  { width: 1440, dark: false, locale: 'en-US' },
  { width: 360, height: 780, dark: true, locale: 'fr-FR' },
]) {
  test(`the screens of tokens at ${way.width} pixels break no rule and fit`, async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: way.locale.slice(0, 2) });
    const staff = await app.staff();
    await app
      .scope()
      .db('core.account')
      .update({ locale: way.locale.slice(0, 2) });
    const browser = await openBrowser(t, way);
    const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    const look = async (name: string) => {
      await browser.shot(`tokens-${name}-${way.width}`);
      t.deepEqual(await browser.violations(), [], name);
      t.is(await browser.overflow(), 0, name);
    };
    await browser.page.goto(`${app.url}${list}`);
    await look('none');
    await browser.page.fill('[name=name]', 'Fichier des adhérents');
    await browser.page.check('[value="people.person.read"]');
    await browser.page.click('main form button');
    await browser.page.waitForSelector('[name=token]');
    await look('made');
    await browser.page.goto(`${app.url}${list}`);
    await look('one');
  });
}

import { statSync } from 'node:fs';
import test from 'ava';
import { makeApp, openBrowser } from '../testing/index.ts';
import { makePlugin } from './fixture.ts';

const pages = [
  ...['', '/plugins', '/law', '/organizations', '/organizations/new', '/gallery', '/demo'],
  ...['/audit', '/outbox', '/settings', '/backups', '/jobs', '/look', '/look/history'],
  ...['/account', '/staff', '/staff/roles'],
  ...['/law/rules', '/law/rules?show=lapsed&pack=us', '/law/packs', '/law/packs/de'],
  '/law/ask?word=newsletter.send&country=DE&age=15&day=2027-01-01',
  '/law/ask?word=messaging.quiet',
];

for (const [width, dark] of [
  [1440, false],
  [390, true],
] as const) {
  test(`every page of the admin can be used by all, ${width} pixels wide${dark ? ', at night' : ''}`, async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const { page, violations } = await openBrowser(t, { width, dark });
    const complaints: string[] = [];
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    const { cookies } = await app.staff();
    await page
      .context()
      .addCookies([...cookies].map(([name, value]) => ({ name, value, url: app.url })));
    for (const path of pages) {
      const answer = await page.goto(`${app.url}/admin${path}`);
      t.is(answer?.status(), 200, path);
      t.regex(await page.title(), /.+ · /, `${path} says which page it is`);
      t.deepEqual(await violations(), [], path);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      t.is(overflow, 0, `${path} is wider than the screen`);
    }
    t.deepEqual(complaints, []);
  });
}

test('a plugin is switched off and on again, and the page says so', async (t) => {
  const app = await makeApp(t, { plugins: [makePlugin(t, 'greeter')] });
  const staff = await app.staff();
  t.is((await staff.get('/admin/greeter')).body, 'hello');
  const off = await staff.post('/admin/plugins/greeter/switch', { on: 'false' });
  t.is(off.status, 303);
  const page = await staff.get(off.location ?? '');
  t.regex(page.body, /The greeter is off\. Its data is kept\./);
  t.notRegex(page.body, /href="\/admin\/greeter"/);
  t.is((await staff.get('/admin/greeter')).status, 404);
  await staff.post('/admin/plugins/greeter/switch', { on: 'true' });
  t.is((await staff.get('/admin/greeter')).status, 200);
});

test('what the law denies cannot be switched on, and its source is named', async (t) => {
  const plugin = makePlugin(t, 'seeker', ['enrich.social']);
  const app = await makeApp(t, { jurisdiction: 'fr', plugins: [plugin] });
  const staff = await app.staff();
  const { body } = await staff.get('/admin/plugins');
  const card =
    /<section[^>]*id="seeker">([\s\S]*?)<\/section>\s*<p class="small quiet">/.exec(body)?.[1] ??
    '';
  t.regex(card, /Off by law/);
  t.regex(card, /CNIL/);
  t.notRegex(body, /seeker\/switch/);
});

test('a chapter is added, and takes from above what it leaves empty', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const form = { name: 'Lyon', slug: 'lyon', hosts: 'lyon.parti.example' };
  const added = await staff.post('/admin/organizations/new', form);
  t.is(added.status, 303);
  const lyon = app.house.organizations.bySlug('lyon');
  t.is(lyon?.jurisdiction, 'fr');
  t.is(app.house.organizations.byHost('lyon.parti.example')?.id, lyon?.id);
});

test('saving a chapter unchanged does not make its own what it has from above', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await app.chapter('Lyon');
  const staff = await app.staff();
  const { legal } = app.house.organizations.root() ?? {};
  const shown = { name: 'Lyon', jurisdiction: 'fr', locale: 'en', timeZone: 'Europe/Paris' };
  const saved = await staff.post(`/admin/organizations/${id}`, { ...shown, ...legal });
  t.is(saved.status, 303);
  const { rows } = await app.house.database.db.raw(
    'select jurisdiction, legal from core.organization where id = ?',
    [id],
  );
  t.deepEqual(rows, [{ jurisdiction: null, legal: {} }]);
});

test('a party that lives by UTC is not moved to another time zone by its form', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  await app.house.database.db.raw(`update core.organization set time_zone = 'UTC'`);
  await app.house.organizations.reload();
  const staff = await app.staff();
  const root = app.house.organizations.root();
  const form = await staff.get(`/admin/organizations/${root?.id}`);
  t.regex(form.body, /<option value="UTC" selected/);
});

test('what is wrong with a chapter is said beside the field, and what was typed is kept', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  const form = { name: 'Lyon', slug: 'Lyon !', hosts: 'not a host/' };
  const answer = await staff.post('/admin/organizations/new', form);
  t.is(answer.status, 422);
  t.regex(answer.body, /href="#f-slug"/);
  t.regex(answer.body, /aria-invalid="true"/);
  t.regex(answer.body, /value="Lyon !"/);
  await app.chapter('Lyon');
  const twice = await staff.post('/admin/organizations/new', { name: 'Lyon', slug: 'lyon' });
  t.is(twice.status, 422);
  t.regex(twice.body, /id="f-slug-fault"/);
});

test('the frame leads only where the reader may go', async (t) => {
  const app = await makeApp(t);
  const editor = await app.staff('web-editor');
  const { body, status } = await editor.get('/admin');
  t.is(status, 200);
  t.notRegex(body, /href="\/admin\/staff"/);
  t.regex(body, /href="\/admin\/law"/);
  t.is((await editor.get('/admin/plugins')).status, 403);
});

test('law and hosts of a chapter are for its staff to read, and the rest is theirs to change', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await app.chapter('Lyon');
  await (await app.staff()).post(`/admin/organizations/${id}`, {
    name: 'Lyon',
    hosts: 'l.example',
  });
  const staff = await app.staff('administrator', id);
  const address = `/admin/@lyon/organizations/${id}`;
  const { body } = await staff.get(address);
  t.notRegex(body, /name="(jurisdiction|hosts)"/);
  t.regex(body, /<dd>France<\/dd>[\s\S]*<dd>l\.example<\/dd>/);
  t.notRegex(
    (await staff.get('/admin/@lyon/organizations/new')).body,
    /name="(jurisdiction|hosts)"/,
  );
  t.is((await staff.post(address, { name: 'Lyon-Centre' })).status, 303);
  t.like(app.house.organizations.find(id), { name: 'Lyon-Centre' });
  t.deepEqual(app.house.organizations.hostsOf(id), ['l.example']);
  t.is((await staff.post(address, { name: 'Lyon', hosts: 'parti.example' })).status, 422);
});

test('a chapter that names a mail server of the house is told beside the field', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff('administrator', await app.chapter('Lyon'));
  const form = { theme: 'plain', mailServer: 'smtp://10.0.0.7', mailFromName: 'Lyon' };
  const { status, body } = await staff.post('/admin/@lyon/settings', form);
  t.is(status, 422);
  t.regex(body, /id="f-mailServer-fault"/);
  t.regex(body, /A chapter names a public mail server/);
  t.regex(body, /value="Lyon"/);
});

test('the stylesheet of the admin weighs less than 30 kB', (t) => {
  t.true(statSync(new URL('assets/admin.css', import.meta.url)).size < 30_000);
});

// The screen of the look without scripts: drafts, publication, what was before, chapters, faults.
import test from 'ava';
import { jpeg, svg } from '../store/fixture.ts';
import { type App, makeApp } from '../testing/app.ts';
import type { Client } from '../testing/client.ts';
import { until } from '../testing/until.ts';

type Fields = Record<string, string>;
const usual = { headerGround: 'accent', headerAlign: 'start', footerAlign: 'start', dark: 'true' };

/** As a browser sends it: the whole form, with the revision that it was shown with. */
async function send(
  staff: Client,
  fields: Fields,
  files: Record<string, Blob> = {},
  to = '',
  base = '/admin',
) {
  const { body } = await staff.get(`${base}/look`);
  const form = new FormData();
  const revision = /name="revision" value="(\d+)"/.exec(body)?.[1] ?? '';
  for (const [name, value] of Object.entries({ revision, ...usual, ...fields }))
    form.append(name, value);
  for (const [name, file] of Object.entries(files)) form.append(name, file, `${name}.svg`);
  return staff.post(`${base}/look${to}`, form);
}

async function cssOf(app: App): Promise<string> {
  const visitor = app.visitor();
  const { body } = await visitor.get('/');
  const links = [...body.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, href = '']) => href);
  return (await Promise.all(links.map(async (href) => (await visitor.get(href)).body))).join('\n');
}

const logo = (): Blob => new Blob([svg('<path d="M0 0h160v40z"/>')]);

test('a draft is seen by nobody, a published look by all, and the one before comes back', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff('web-editor');
  t.is((await send(staff, { accent: '#aa0000' })).status, 303);
  t.notRegex(await cssOf(app), /--accent: #aa0000/);
  t.regex((await staff.get('/admin/look')).body, /This is a draft/);
  t.is((await send(staff, { accent: '#aa0000' }, { logo: logo() }, '/publish')).status, 303);
  t.regex(await cssOf(app), /--accent: #aa0000/);
  t.regex(
    (await app.visitor().get('/')).body,
    /<img src="\/uploads\/\w{64}\.svg"[^>]*width="160" height="40"/,
  );
  await send(staff, { accent: '#00aa00', without: 'logo' }, {}, '/publish');
  t.regex(await cssOf(app), /--accent: #00aa00/);
  t.notRegex((await app.visitor().get('/')).body, /\/uploads\//);
  const history = (await staff.get('/admin/look/history')).body;
  t.regex(history, /Staff \d+/);
  const [before = ''] = /\/admin\/look\/history\/\d+/.exec(history) ?? [];
  t.is((await staff.post(before, {})).status, 303);
  t.regex(await cssOf(app), /--accent: #aa0000/);
  t.regex((await app.visitor().get('/')).body, /\/uploads\/\w{64}\.svg/, 'its logo was kept');
  const { rows } = await app.house.database.db.raw(
    `select act from core.audit where act like 'core.look%' order by id`,
  );
  t.deepEqual(
    rows.map(({ act }: { act: string }) => act),
    [...['core.look.published', 'core.look.published', 'core.look.restored']],
  );
});

test('a draft that is thrown away takes its files with it', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  await send(staff, {}, { logo: logo() });
  t.is((await app.house.store('core').list(app.scope())).length, 1);
  await staff.post('/admin/look/discard', {});
  t.deepEqual(await app.house.store('core').list(app.scope()), []);
});

test('a chapter wears the party’s look until it says otherwise, and only where it does', async (t) => {
  const app = await makeApp(t);
  const lyonId = await app.chapter('Lyon');
  const lyon = app.house.organizations.find(lyonId);
  if (!lyon) return t.fail();
  const staff = await app.staff();
  await send(staff, { accent: '#aa0000', tagline: 'Ensemble' }, {}, '/publish');
  t.like(app.house.looks.of(lyon), {
    tokens: { accent: '#aa0000' },
    dress: { header: { tagline: 'Ensemble' } },
  });
  const theirs = await app.staff('web-editor', lyonId);
  await send(theirs, { accent: '#0000aa', tagline: 'Ensemble' }, {}, '/publish', '/admin/@lyon');
  await send(staff, { accent: '#aa0000', tagline: 'Autrement' }, {}, '/publish');
  t.like(app.house.looks.of(lyon), {
    tokens: { accent: '#0000aa' },
    dress: { header: { tagline: 'Autrement' } },
  });
  t.not((await theirs.get('/admin/look')).status, 200, 'the party’s own is not theirs to see');
});

test('what is wrong is said beside its field, and nothing is saved', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  const wrong: [Fields, Record<string, Blob>, RegExp][] = [
    [{ accent: 'red' }, {}, /is no colour/],
    [{ css: '@import "https://x.example/x.css";' }, {}, /@import/],
    [{ css: 'a { background: url(https://x.example/x.png) }' }, {}, /from elsewhere/],
    [{ link1Label: 'Here', link1Href: 'javascript:alert(1)' }, {}, /whole address/],
    [{}, { logo: new Blob([svg('<script/>')]) }, /could run \(script\)/],
    [{}, { headingFont: new Blob([jpeg]) }, /A font is asked for/],
    [{}, { icon: new Blob([jpeg]) }, /Please choose one of these: SVG, PNG, ICO/],
  ];
  for (const [fields, files, sentence] of wrong) {
    const got = await send(staff, fields, files);
    t.is(got.status, 422);
    t.regex(got.body, sentence);
  }
  t.notRegex((await staff.get('/admin/look')).body, /This is a draft/);
  t.deepEqual(await app.house.store('core').list(app.scope()), []);
});

test('of two who draft at once the second is told, and what he typed stays', async (t) => {
  const app = await makeApp(t);
  const [ada, bob] = [await app.staff(), await app.staff()];
  await send(ada, { accent: '#aa0000' });
  const form = { ...usual, revision: '0', accent: '#00aa00' };
  const refused = await bob.post('/admin/look', form);
  t.is(refused.status, 422);
  t.regex(refused.body, /Somebody else saved this draft meanwhile/);
  t.regex(refused.body, /value="#00aa00"/);
  t.is((await send(bob, { accent: '#00aa00' })).status, 303);
});

test('two of one name are two, and one’s own saves may overlap', async (t) => {
  const app = await makeApp(t);
  const [ada, bob] = [await app.staff(), await app.staff()];
  await app.house.database.db.raw(`update core.account set name = 'Sam'`);
  await send(ada, { accent: '#aa0000' });
  const form = { ...usual, revision: '0', accent: '#00aa00' };
  t.is((await bob.post('/admin/look', form)).status, 422);
  t.is((await ada.post('/admin/look', form)).status, 303);
});

test('what was before is told in French too, with what was brought back', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const staff = await app.staff('web-editor');
  const { db } = app.house.database;
  await db.raw(`update core.account set locale = 'fr'`);
  await send(staff, { accent: '#aa0000' }, {}, '/publish');
  await send(staff, { accent: '#00aa00' }, {}, '/publish');
  const [, first = ''] =
    /\/admin\/look\/history\/(\d+)/.exec((await staff.get('/admin/look/history')).body) ?? [];
  await staff.post(`/admin/look/history/${first}`, {});
  const { status, body } = await staff.get('/admin/look/history');
  t.is(status, 200);
  t.regex(body, /Reprise de celle du \d+ \p{L}/u);
});

test('address and accounts elsewhere stand at the foot of every page, as text', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  const elsewhere = { link6Label: 'Us & <b>them</b>', link6Href: 'https://social.example/@us' };
  const fields = { footerText: '1 rue du Lac\n<script>1</script>', ...elsewhere };
  t.is((await send(staff, { ...fields, link6Href: 'http://social.example/@us' })).status, 422);
  t.is((await send(staff, { ...fields, footerText: 'x'.repeat(601) })).status, 422);
  await send(staff, fields, {}, '/publish');
  const { body } = await app.visitor().get('/');
  t.regex(body, /1 rue du Lac\s+&lt;script&gt;/);
  t.regex(body, /rel="me noopener" href="https:\/\/social\.example\/@us">Us &amp; &lt;b&gt;them/);
});

test('the site’s own rules reach the site and not the admin; dark can be switched off; mails and the door wear the colour', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  const fields = { accent: '#aa0000', css: '.hero { outline: 3px solid }' };
  const { dark: _, ...light } = usual;
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...light, ...fields })) form.append(name, value);
  form.append('logo', logo(), 'logo.svg');
  await staff.post('/admin/look/publish', form);
  const css = await cssOf(app);
  t.true(css.includes(fields.css));
  t.regex(css, /color-scheme: light;/);
  const door = (await app.visitor().get('/account/log-in')).body;
  t.regex(door, /<img class="wordmark-logo" src="\/uploads\/\w{64}\.svg"/);
  const sheet = /\/assets\/look\/\w+\/admin\.css/.exec(door)?.[0] ?? '';
  const admin = (await app.visitor().get(sheet)).body;
  t.regex(admin, /--accent: #aa0000/);
  t.false(admin.includes('outline'));
  await staff.post('/admin/settings/test-mail', { to: 'a@example.org' });
  const { rows } = await app.house.database.db.raw('select html from core.outbox limit 1');
  t.regex(rows[0].html, /background-color: #aa0000/);
});

test('the preview is for those who may, in a frame of ours alone', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  await send(staff, { accent: '#aa0000' });
  const page = await staff.get('/admin/look');
  t.regex(page.headers.get('content-security-policy') ?? '', /frame-src 'self'/);
  const [href = ''] = /\/admin\/look\/view\/[\w/-]+/.exec(page.body) ?? [];
  const view = await staff.get(href);
  t.is(view.status, 200);
  t.regex(view.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
  t.is(view.headers.get('cache-control'), 'no-store');
  const sheet = /\/assets\/look\/\w+\/look\.css/.exec(view.body)?.[0] ?? '';
  t.regex((await app.visitor().get(sheet)).body, /--accent: #aa0000/);
  t.is((await staff.get('/admin/look/view/nothing/here')).status, 404);
  t.is((await (await app.staff('treasurer')).get(href)).status, 403);
  const all = (await staff.get('/admin/look/gallery')).body;
  for (const [, one = ''] of all.matchAll(/<iframe[^>]* src="([^"]+)"/g)) {
    t.is((await staff.get(one)).status, 200, one);
  }
});

test('another process wears what was published, and finds the stylesheet of a draft', async (t) => {
  const app = await makeApp(t);
  const other = await makeApp(t, { databaseUrl: app.house.config.databaseUrl });
  const staff = await app.staff();
  await send(staff, { accent: '#123456' });
  const view = (await staff.get('/admin/look/view/http/fault')).body;
  const sheet = /\/assets\/look\/\w+\/look\.css/.exec(view)?.[0] ?? '';
  t.true(await until(async () => (await other.visitor().get(sheet)).status === 200));
  t.notRegex(await cssOf(other), /--accent: #123456/);
  await send(staff, { accent: '#123456' }, {}, '/publish');
  t.true(await until(async () => /--accent: #123456/.test(await cssOf(other))));
});

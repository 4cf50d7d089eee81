import { symlinkSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { makeThemes, themeJson } from './fixture.ts';
import { cleanHtml } from './safe.ts';

test('a view of a plugin is drawn in the frame of the theme', async (t) => {
  const { render } = await makeThemes(t, {
    files: { 'plugins/hall/views/site/page.eta': '<p><%= it.words %></p>' },
  });
  const page = await render('hall/page', { words: 'Bonjour', title: 'Accueil' }, {});
  t.regex(page, /^<!doctype html>\n<html lang="fr">/);
  t.regex(page, /<title>Accueil – Parti des Marais<\/title>/);
  t.regex(page, /<main id="main" tabindex="-1">\n<p>Bonjour<\/p>/);
});

test('a theme overrides the view of a plugin, and its child overrides that', async (t) => {
  const files = {
    'plugins/hall/views/site/page.eta': 'of the plugin',
    'plugins/hall/views/site/other.eta': 'other of the plugin <%= it.part("seal") %>',
    'themes/warm/theme.json': themeJson('warm'),
    'themes/warm/views/hall/page.eta': 'of the parent',
    'themes/warm/views/hall/door.eta': 'door of the parent',
    'themes/warm/partials/seal.eta': 'seal of the parent',
    'themes/warmer/theme.json': themeJson('warmer', { parent: 'warm' }),
    'themes/warmer/views/hall/page.eta': 'of the child',
  };
  const { render } = await makeThemes(t, { files, look: { theme: 'warmer' } });
  t.is(await render('hall/page'), 'of the child');
  t.is(await render('hall/door'), 'door of the parent');
  t.is(await render('hall/other'), 'other of the plugin seal of the parent');
  const parent = await makeThemes(t, { files, look: { theme: 'warm' } });
  t.is(await parent.render('hall/page'), 'of the parent');
});

test('text from data stays text, and only cleaned HTML passes', async (t) => {
  const { render } = await makeThemes(t, {
    files: {
      'plugins/hall/views/site/page.eta':
        '<p title="<%= it.a %>"><%= it.a %></p><%= it.b %><%= it.none %><%= it.no %>',
    },
  });
  const page = await render('hall/page', {
    a: `<script>alert("1")</script>'`,
    b: cleanHtml('<em>schön</em><script>alert(1)</script>'),
    no: false,
  });
  const text = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;';
  t.is(page, `<p title="${text}">${text}</p><em>schön</em>`);
});

test('a theme whose view fails is told by file and line, and the page is drawn without it', async (t) => {
  const { render, themes, lines } = await makeThemes(t, {
    look: { theme: 'weak' },
    files: {
      'plugins/hall/views/site/page.eta': 'of the plugin',
      'themes/weak/theme.json': themeJson('weak'),
      'themes/weak/views/hall/page.eta': '<p>\n<%= it.nobody.name %></p>',
    },
  });
  t.regex(await render('hall/page', {}, {}), /of the plugin/);
  await render('hall/page', {}, {});
  const fault = themes.list().find((theme) => theme.id === 'weak')?.fault;
  t.regex(fault ?? '', /themes\/weak\/views\/hall\/page\.eta:2: Cannot read properties/);
  t.is(lines.filter((line) => line.includes('"weak"')).length, 1);
});

test('a theme that does not compile, has no parent or goes in a circle is not used', async (t) => {
  const { render, themes } = await makeThemes(t, {
    look: { theme: 'torn' },
    files: {
      'plugins/hall/views/site/page.eta': 'of the plugin',
      'themes/torn/theme.json': themeJson('torn'),
      'themes/torn/layout.eta': '<% if (true) { %>',
      'themes/orphan/theme.json': themeJson('orphan', { parent: 'gone' }),
      'themes/a/theme.json': themeJson('aa', { parent: 'bb' }),
      'themes/b/theme.json': themeJson('bb', { parent: 'aa' }),
      'themes/none/theme.json': '{ "id": 7 }',
    },
  });
  t.regex(await render('hall/page', {}, {}), /class="masthead"/);
  const codes = themes.list().map((theme) => `${theme.id} ${theme.fault?.slice(0, 5) ?? 'fine'}`);
  t.deepEqual(codes.sort(), [
    'aa TH004',
    'bb TH004',
    'none TH001',
    'orphan TH003',
    'plain fine',
    'torn TH010',
  ]);
});

test('a fault in the view of a plugin is no fault of the theme', async (t) => {
  const { render, themes } = await makeThemes(t, {
    files: { 'plugins/hall/views/site/page.eta': '\n\n<%= it.nobody.name %>' },
  });
  const error = await t.throwsAsync(render('hall/page', {}, {}));
  t.regex(error?.message ?? '', /plugins\/hall\/views\/site\/page\.eta:3: /);
  t.true(themes.list().every((theme) => theme.fault === undefined));
});

test('a theme that is mounted while the server runs is found', async (t) => {
  const { themes, at, write } = await makeThemes(t, {
    look: { theme: 'late' },
    files: { 'plugins/hall/views/site/page.eta': 'of the plugin' },
  });
  const draw = (seconds: number) => {
    const scope = at('fr', seconds);
    return themes.render({ scope, surface: 'site', view: 'hall/page', data: {}, frame: false });
  };
  t.is(await draw(0), 'of the plugin');
  write('themes/late/theme.json', themeJson('late'));
  write('themes/late/views/hall/page.eta', 'of the late one');
  t.is(await draw(2), 'of the late one');
});

test('a changed file is read again in development only', async (t) => {
  for (const watch of [true, false]) {
    const { render, write } = await makeThemes(t, {
      watch,
      files: { 'plugins/hall/views/site/page.eta': 'before' },
    });
    t.is(await render('hall/page'), 'before');
    await new Promise((done) => setTimeout(done, 20));
    write('plugins/hall/views/site/page.eta', 'after');
    t.is(await render('hall/page'), watch ? 'after' : 'before');
  }
});

test('data named like a helper is refused, and so is a view outside its owner', async (t) => {
  const { render } = await makeThemes(t, {
    files: { 'plugins/hall/views/site/page.eta': 'x', 'plugins/secret.eta': 'secret' },
  });
  await t.throwsAsync(render('hall/page', { date: 'x' }), { message: /may not be named 'date'/ });
  await t.throwsAsync(render('hall/../../secret'), { message: /is no view/ });
  await t.throwsAsync(render('hall/none'), { message: /no site view hall\/none; looked for/ });
});

test('a view tells the layout its title and description', async (t) => {
  const { render } = await makeThemes(t, {
    files: {
      'plugins/hall/views/site/page.eta':
        '<% it.head({ title: "Un & deux", description: "Trois", canonical: it.url("/x") }) %>',
    },
  });
  const page = await render('hall/page', {}, {});
  t.regex(page, /<title>Un &amp; deux – Parti des Marais<\/title>/);
  t.regex(page, /<meta name="description" content="Trois">/);
  t.regex(page, /<link rel="canonical" href="https:\/\/marais\.example\/x">/);
});

test('the plain layout has neither script nor style in the page', async (t) => {
  const { render } = await makeThemes(t, {
    files: {
      'plugins/hall/views/site/page.eta': '<%= it.part("field", { name: "a", label: "A" }) %>',
    },
  });
  const page = await render('hall/page', {}, { site: { menu: [{ label: 'A', href: '/' }] } });
  t.notRegex(page, /<script|<style|\sstyle=|\son[a-z]+=/i);
});

test('assets carry a digest, are packed, and nothing outside their folder is given', async (t) => {
  const { themes, scope, folder, write } = await makeThemes(t, {
    look: { theme: 'warm' },
    files: {
      'themes/warm/theme.json': themeJson('warm'),
      'themes/warm/assets/theme.css': `/* ${'warm '.repeat(200)} */`,
      'themes/warm/assets/.hidden.css': 'x',
      'secret.css': 'x',
    },
  });
  const address = themes.asset(scope, 'theme.css');
  t.regex(address, /^\/assets\/warm\/[0-9a-f]{12}\/theme\.css$/);
  const asset = await themes.findAsset(address);
  t.is(asset?.type, 'text/css; charset=utf-8');
  t.true(asset?.immutable);
  t.true((asset?.br?.length ?? 999) < 200);
  const stale = await themes.findAsset('/assets/warm/000000000000/theme.css');
  t.false(stale?.immutable);
  symlinkSync(path.join(folder, 'secret.css'), path.join(folder, 'themes/warm/assets/link.css'));
  write('themes/warm/assets/page.php', 'x');
  for (const wish of [
    '../theme.json',
    '%2e%2e/theme.json',
    '..%2ftheme.json',
    'a/../../theme.json',
    '.hidden.css',
    'link.css',
    'page.php',
    '%00theme.css',
    '%',
    '',
    'constructor',
  ]) {
    t.is(await themes.findAsset(`/assets/warm/x/${wish}`), undefined, wish);
  }
  t.is(await themes.findAsset('/etc/passwd'), undefined);
});

test('the look of a site is a stylesheet that any process finds by its address', async (t) => {
  const look = { theme: 'plain', tokens: { accent: '#ffd400' } };
  const first = await makeThemes(t, { look, files: { 'plugins/hall/views/site/page.eta': '' } });
  const page = await first.render('hall/page', {}, {});
  const address = /\/assets\/look\/[0-9a-f]{12}\/look\.css/.exec(page)?.[0] ?? '';
  const second = await makeThemes(t, { look });
  const sheet = await second.themes.findAsset(address);
  t.regex(String(sheet?.body), /--accent: #ffd400;\n {2}--on-accent: #000000;/);
  t.is(await second.themes.findAsset('/assets/look/000000000000/look.css'), undefined);
});

test('what the law blocks is shown with its source, its dates and its rule', async (t) => {
  const { themes, at } = await makeThemes(t);
  const data = {
    status: 451,
    details: {},
    home: '/',
    reasons: [
      {
        ...{ rule: 'capabilities.enrich.social', source: 'CNIL, communiqué', asOf: '2016-11-08' },
        ...{ since: '2016-11-08', confidence: 'V', pack: 'fr', version: '1', effect: 'deny' },
      },
    ],
  };
  const view = { surface: 'site', view: 'http/blocked', data, frame: {} } as const;
  const page = await themes.render({ ...view, scope: at('en') });
  t.regex(page, /The law does not allow this here/);
  t.regex(page, /CNIL, communiqué/);
  t.regex(page, /November 8, 2016/);
  t.regex(page, /capabilities\.enrich\.social/);
});

import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';

test('dbg', async (t) => {
  t.timeout(400_000);
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const [staff, visitor] = [await app.staff(), app.visitor()];
  await app.house.database.db.raw("update core.account set locale='fr'");
  await visitor.get('/');
  const body =
    '<p>Nous voulons que chaque commune de plus de 10 000 habitants ait un bus toutes les dix minutes, de six heures à minuit, et que ce soit gratuit pour les moins de 25 ans.</p><h2>Ce que cela coûte</h2><p>Trente euros par habitant et par an. <a href="/rejoindre">Rejoignez-nous</a> pour en parler.</p><ul><li>Moins de bruit</li><li>Plus de temps</li></ul><blockquote><p>Un bus qui passe, c’est une ville qui respire.</p></blockquote>';
  const made = await staff.post('/admin/website/pages/new?kind=page', {
    title: 'Notre programme',
    summary: 'Dix mesures pour des villes où l’on respire.',
    body,
    when: 'now',
    inMenu: 'true',
  });
  const sub = await staff.post('/admin/website/pages/new?kind=page', {
    title: 'Transports',
    summary: 'Un bus toutes les dix minutes.',
    body,
    when: 'draft',
    parentId: /(\d+)$/.exec(made.location!)![1]!,
  });
  for (const [n, title] of [
    'Réunion publique à Villeurbanne le 3 décembre',
    'Nos candidates et candidats pour 2027',
    'Pourquoi nous votons contre le budget',
    'Un bus toutes les dix minutes',
  ].entries())
    await staff.post('/admin/website/pages/new?kind=post', {
      title,
      summary: n % 2 ? 'Ce que nous proposons, et ce que cela change pour vous.' : '',
      body,
      when: n === 0 ? 'at' : 'now',
      publishAt: '2026-12-01T09:00',
    });
  await staff.post(made.location!, {
    title: 'Notre programme',
    summary: 'Dix mesures.',
    body: body + '<p>Encore une idée.</p>',
    when: 'now',
    inMenu: 'true',
    version: '1',
    slug: 'programme',
  });
  await visitor.post('/rejoindre', { email: 'a@example.org', emailConsent: 'true' });
  const { rows } = await app.house.database.db.raw(
    'select html from core.outbox order by id desc limit 1',
  );
  const token = /\/confirm\/([\w-]+)/.exec(rows[0].html)![1];
  const at = made.location!;
  const pages: Record<string, string> = {
    front: '/',
    join: '/rejoindre',
    sent: '/confirm',
    confirm: `/confirm/${token}`,
    done: '/confirm/done',
    gone: '/confirm/xx',
    news: '/actualites',
    post: '/actualites/un-bus-toutes-les-dix-minutes',
    page: '/programme',
    privacy: '/donnees-personnelles',
    imprint: '/mentions-legales',
    lost: '/nowhere',
    'a-home': '/admin',
    'a-pages': '/admin/website',
    'a-editor': at,
    'a-new': '/admin/website/pages/new?kind=post',
    'a-news': '/admin/website/news',
    'a-history': `${at}/history`,
    'a-redirects': '/admin/website/redirects',
  };
  const list = (await staff.get('/admin/website')).body;
  const join = /\/admin\/website\/pages\/(\d+)"[^>]*>Nous rejoindre/.exec(list)?.[1];
  pages['a-form'] = `/admin/website/pages/${join}/form`;
  const hist = (await staff.get(`${at}/history`)).body;
  pages['a-revision'] = /href="([^"]*\/history\/\d+)"/.exec(hist)?.[1] ?? '/none';
  const only = process.env.ONLY?.split(',');
  for (const [width, dark] of [
    [390, false],
    [1440, false],
    [1440, true],
    [390, true],
  ] as const) {
    if (process.env.WIDTHS && !process.env.WIDTHS.includes(`${width}${dark}`)) continue;
    const { page, violations } = await openBrowser(t, { width, height: 900, dark });
    await page
      .context()
      .addCookies([...staff.cookies].map(([name, value]) => ({ name, value, url: app.url })));
    page.on('console', (m) => m.type() === 'error' && console.log('console', m.text()));
    page.on('pageerror', (e) => console.log('pageerror', e.message));
    for (const [name, path] of Object.entries(pages)) {
      if (only && !only.includes(name)) continue;
      const answer = await page.goto(app.url + path);
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      await page.screenshot({
        path: `/tmp/web-shots/${name}-${width}${dark ? '-dark' : ''}.png`,
        fullPage: true,
      });
      const found = await violations();
      if (found.length || wide || (answer!.status() >= 400 && !/lost|gone/.test(name)))
        console.log(name, width, dark, answer!.status(), wide ? 'WIDE' : '', found);
    }
    if (!only || only.includes('join-fault')) {
      await page.goto(`${app.url}/rejoindre`);
      await page.fill('#f-email', 'x@y');
      await page.click('form .button');
      await page.screenshot({
        path: `/tmp/web-shots/join-fault-${width}${dark ? '-dark' : ''}.png`,
        fullPage: true,
      });
      console.log('fault', await violations());
    }
  }
  t.pass();
});

// The screens of privacy in a real browser: readable by everybody, narrow enough for a telephone.
import test from 'ava';
import { type App, type Browser, makeApp, openBrowser } from 'rostra/testing';
import { askLink, personOf } from './fixture.ts';

const ways = [
  { width: 1440, dark: false, locale: 'en-US' },
  { width: 390, height: 844, dark: true, locale: 'fr-FR' },
];

async function party(app: App): Promise<{ id: string; link: string; request: string }> {
  const more = { givenName: 'Zoé', familyName: 'Lefèvre', phoneNumber: '06 12 34 56 78' };
  const id = await personOf(app, 'zoe@example.org', more);
  const link = await askLink(app, 'zoe@example.org');
  const words = 'Je m’appelle Lefebvre depuis mon mariage.';
  const sent = await app.visitor().post(`${link}/correct`, { words });
  return { id, link, request: sent.location ?? '' };
}

for (const way of ways) {
  test.serial(`at ${way.width} pixels every page breaks no rule and fits`, async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: way.locale.slice(0, 2) });
    const { id, link, request } = await party(app);
    const browser: Browser = await openBrowser(t, way);
    const look = async (path: string, name: string) => {
      await browser.page.goto(`${app.url}${path}`);
      await browser.shot(`privacy-${name}-${way.width}`);
      t.deepEqual(await browser.violations(), [], path);
      t.is(await browser.overflow(), 0, path);
    };
    const own = ['', '/file', '/correct', '/object', '/erase'].map((below) => `${link}${below}`);
    const pages = [
      '/my-data',
      '/my-data/sent',
      ...own,
      request,
      '/my-data/gone',
      '/donnees-personnelles',
    ];
    for (const [n, path] of pages.entries()) await look(path, `site-${n}`);
    const staff = await app.staff('data-protection');
    const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    await staff.post(`/admin/privacy/people/${id}/new`, { kind: 'erasure' });
    for (const path of [
      '',
      '?show=answered&kind=copy',
      '/1',
      '/2',
      '/kept',
      '/authority',
      `/people/${id}/new`,
    ]) {
      await look(`/admin/privacy${path}`, `admin${path.replace(/\W/g, '-')}`);
    }
    await look(`/admin/people/${id}`, 'admin-profile');
    await look('/admin', 'admin-home');
    t.deepEqual(
      browser.complaints.filter((one) => !/status of (410|404)/.test(one)),
      [],
    );
  });
}

// The register of breaches in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';
import { personOf } from './fixture.ts';

const ways = [
  { width: 1440, dark: false, locale: 'en' },
  { width: 390, dark: true, locale: 'fr' },
  { width: 390, dark: false, locale: 'en' },
  { width: 1440, dark: true, locale: 'fr' },
];
const home = '/admin/privacy/breaches';
const record = {
  ...{ knownAt: '2026-11-24T09:00', happenedAt: '2026-11-23T18:30', risk: 'high' },
  ...{ kinds: ['confidentiality', 'availability'], data: ['user.name', 'user.contact.email'] },
  ...{ what: 'Une lettre est partie en copie visible.\nCent vingt adhérents ont vu les autres.' },
  ...{ peopleCount: '120', recordCount: '240', concerned: 'Les adhérents de Lyon' },
  ...{ consequences: 'Leur appartenance est connue des autres.', emails: 'zoe@example.org' },
  countries: ['GB'],
};

for (const way of ways) {
  const look = `${way.width}-${way.dark ? 'dark' : 'light'}`;
  test.serial(`the register, ${look}, breaks no rule of accessibility and fits`, async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: way.locale });
    const id = await personOf(app, 'zoe@example.org', { givenName: 'Zoé', familyName: 'Lefèvre' });
    const browser = await openBrowser(t, { ...way, height: way.width > 400 ? 1500 : 2600 });
    const enter = async () => {
      const staff = await app.staff('data-protection');
      await app.scope().db('core.account').update({ locale: way.locale });
      const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
      await browser.page.context().addCookies(cookies);
      return staff;
    };
    const see = async (path: string, name: string) => {
      await browser.page.goto(`${app.url}${path}`);
      await browser.shot(`breach-${name}-${look}`);
      t.deepEqual(await browser.violations(), [], path);
      t.is(await browser.overflow(), 0, path);
    };
    let staff = await enter();
    await see(home, 'none');
    await see(`${home}/new`, 'new');
    const page = (await staff.post(`${home}/new`, record)).location ?? '';
    await staff.post(`${home}/new`, {
      ...record,
      risk: 'none',
      what: 'Un portable chiffré est perdu',
    });
    await staff.post(`${home}/2/unreport`, { reason: 'Le disque était chiffré.' });
    await see(page, 'running');
    await see(`${home}/2`, 'unreported');
    await see(`${page}/edit`, 'edit');
    await see(`${page}/notice/authority`, 'authority');
    await see(`${page}/notice/people`, 'people');
    await see(`/admin/people/${id}`, 'person');
    app.clock.set('2026-11-28T10:00:00Z');
    staff = await enter();
    await see(page, 'late');
    await see(home, 'list');
    await see('/admin', 'home');
    await browser.page.goto(`${app.url}${page}`);
    await browser.page.locator('form[action$="/report"] button.primary').click();
    await browser.page.locator('.wrong, #errors').first().waitFor();
    await browser.shot(`breach-fault-${look}`);
    t.deepEqual(await browser.violations(), []);
    const report = { reportedAt: '2026-11-28T10:30', lateReason: 'Un long week-end' };
    await staff.post(`${page}/report`, report);
    await staff.post(`${page}/tell`, { toldAt: '2026-11-28T10:45', toldHow: 'Par e-mail' });
    await staff.post(`${page}/close`, { sure: 'true' });
    await see(page, 'closed');
    t.deepEqual(
      browser.complaints.filter((one) => !/status of 422/.test(one)),
      [],
    );
  });
}

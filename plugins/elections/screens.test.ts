// The screens of the calendar in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';

const readers = [
  { locale: 'en', width: 1440, dark: false },
  { locale: 'fr', width: 390, dark: true },
];

test('calendar, form, election, banner and outbox break no rule of accessibility and fit a telephone', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T09:30:00Z' });
  const staff = await app.staff();
  for (const { locale, width, dark } of readers) {
    await app.scope().db('core.account').update({ locale });
    app.clock.set('2027-04-09T09:30:00Z');
    const browser = await openBrowser(t, { width, dark, height: 1800 });
    const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    const look = async (path: string, name: string): Promise<void> => {
      await browser.page.goto(`${app.url}${path}`);
      await browser.shot(`elections-${name}-${locale}-${width}`);
      t.deepEqual(await browser.violations(), [], `${path} ${locale}`);
      t.is(await browser.overflow(), 0, `${path} ${locale}`);
    };
    await look('/admin/elections', 'list');
    await look('/admin/elections/new', 'form');
    const made = await staff.post('/admin/elections/new', {
      ...{ name: 'Présidentielle 2027', kind: 'presidential', constituency: 'France' },
      ...{ country: 'FR', timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
      ...{ day2: '2027-04-25', closes2: '20:00', place3: 'Polynésie française' },
      ...{ day3: '2027-04-10', closes3: '18:00', timeZone3: 'Pacific/Tahiti' },
    });
    await look('/admin', 'home');
    await look(`${made.location}`, 'one');
    await look(`${made.location}/edit`, 'edit');
    app.clock.set('2027-04-09T10:00:00Z');
    await app.house.mail('core').send(app.scope(), {
      ...{ to: 'anna@example.org', view: 'mail/test', data: {}, bulk: true },
    });
    await look('/admin/outbox', 'outbox');
    await look('/admin/elections', 'silent');
    t.deepEqual(browser.complaints, []);
  }
});

import test from 'ava';
import { createSetupLink } from '../accounts/link.ts';
import { makeApp, openBrowser } from '../testing/index.ts';

test('who stands before a door chooses its language, and a form with faults keeps it', async (t) => {
  const app = await makeApp(t);
  const visitor = app.visitor();
  const first = await visitor.get('/account/log-in?next=%2Fadmin%2Flaw');
  t.regex(first.body, /<html lang="en">/);
  t.is(first.headers.get('Set-Cookie'), null);
  const [, link = ''] = /href="([^"]*language=fr)"/.exec(first.body) ?? [];
  t.is(link, '/account/log-in?next=%2Fadmin%2Flaw&amp;language=fr');
  const french = await visitor.get(link.replace('&amp;', '&'));
  t.regex(french.body, /<html lang="fr">[\s\S]*name="next" value="\/admin\/law"/);
  const wrong = { email: 'ada@example.org', password: 'not the password' };
  const refused = await visitor.post('/account/log-in', wrong);
  t.is(refused.status, 401);
  t.regex(refused.body, /<html lang="fr">/);
  t.regex((await visitor.get('/account/log-in-link')).body, /<html lang="fr">/);
  t.regex((await visitor.get('/account/link/spent')).body, /<html lang="fr">/);
  // The site is the same for everybody, and an account has a language of its own.
  t.regex((await visitor.get('/?language=fr')).body, /<html lang="en"/);
  const staff = await app.staff();
  staff.cookies.set('rostra_language', 'fr');
  t.regex((await staff.get('/admin')).body, /<html lang="en">/);
  t.regex((await visitor.get('/account/log-in?language=xx')).body, /<html lang="fr">/);
});

test('the setup page too is read in the language that was chosen, also when it comes back', async (t) => {
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const visitor = app.visitor();
  const link = new URL(await createSetupLink(app.house)).pathname;
  t.regex((await visitor.get(`${link}?language=fr`)).body, /<html lang="fr">/);
  const back = await visitor.post(link, { party: 'Parti', jurisdiction: 'us' });
  t.is(back.status, 422);
  t.regex(back.body, /<html lang="fr">/);
  t.regex(back.body, /href="[^"]*\?language=en"/);
});

test('the second factor asks in the language that was chosen, and all can use it', async (t) => {
  const app = await makeApp(t);
  const { page, violations } = await openBrowser(t, { width: 390, dark: true });
  for (const door of ['log-in', 'log-in-link']) {
    await page.goto(`${app.url}/account/${door}`);
    await page.click('a[hreflang=fr]');
    t.is(await page.getAttribute('html', 'lang'), 'fr');
    t.deepEqual(await violations(), []);
  }
  await page.goto(`${app.url}/account/log-in`);
  await page.fill('input[name=email]', 'ada@example.org');
  await page.fill('input[name=password]', 'correct horse battery');
  await page.click('form[action="/account/log-in"] button');
  t.regex(page.url(), /\/admin|two-factor/);
  await page.goto(`${app.url}/account/two-factor/set-up`);
  t.is(await page.getAttribute('html', 'lang'), 'fr');
  t.is(await page.getAttribute('a[hreflang=fr]', 'aria-current'), 'true');
});

// The box on the setup page, as many people as it says, and the one click that takes them out, in a real browser.
import test, { type ExecutionContext } from 'ava';
import { createSetupLink } from '../accounts/link.ts';
import { type App, type Browser, makeApp, openBrowser } from '../testing/index.ts';

async function look(t: ExecutionContext, browser: Browser, name: string): Promise<void> {
  await browser.page.waitForLoadState('load');
  t.deepEqual(await browser.violations(), [], `${name}: axe`);
  t.is(await browser.overflow(), 0, `${name}: wider than a telephone`);
  t.deepEqual(browser.complaints, [], `${name}: console`);
  await browser.shot(`demo-${name}`);
}

async function countPeople({ house }: App): Promise<number> {
  const { rows } = await house.database.db.raw(
    `select reltuples, (select count(*)::int from core.demo_row where kind = 'person') as count
     from pg_class limit 1`,
  );
  return rows[0].count;
}

test('a box on the setup page fills the party, and one click empties it', async (t) => {
  t.timeout(10 * 60_000);
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const browser = await openBrowser(t, {
    locale: 'fr-FR',
    width: Number(process.env.ROSTRA_WIDTH ?? 1440),
    dark: Boolean(process.env.ROSTRA_DARK),
  });
  const { page } = browser;
  page.setDefaultTimeout(4 * 60_000);
  const say = (key: string, params?: Record<string, unknown>) =>
    app.house.locales.t('fr', key, params);
  await page.goto(await createSetupLink(app.house));
  await page.fill('[name=party]', 'Parti de la Loire');
  await page.fill('[name=name]', 'Zoé Martin');
  await page.fill('[name=email]', 'zoe@example.org');
  await page.fill('[name=password]', 'quatre mots sans rapport');
  await page.getByLabel(say('setup.demo')).check();
  await page.check('[name=acknowledged]');
  await look(t, browser, 'setup');
  await page.getByRole('button', { name: say('setup.open') }).click();
  await page.getByRole('heading', { name: say('demo.filled') }).waitFor();
  await look(t, browser, 'filled');
  t.is(await page.locator('.facts > div').count(), 8);
  t.is(await countPeople(app), 20_000);

  await page.getByRole('link', { name: say('demo.to-admin') }).click();
  await page.getByText(say('demo.banner')).waitFor();
  await look(t, browser, 'home');
  for (const path of [
    'people',
    'people/newsletters',
    'website',
    'website/news',
    'organizations',
    'outbox',
  ]) {
    await page.goto(`${app.url}/admin/${path}`);
    await look(t, browser, path.replace('/', '-'));
  }
  await page.goto(`${app.url}/admin/people`);
  await page.locator('tbody th a').nth(2).click();
  await look(t, browser, 'person');
  await page.goto(app.url);
  await look(t, browser, 'site');

  await page.goto(`${app.url}/admin`);
  await page.getByRole('link', { name: say('demo.banner-act') }).click();
  await look(t, browser, 'page');
  await page.getByRole('button', { name: say('demo.remove') }).click();
  await page.getByText(say('demo.removed')).waitFor();
  await look(t, browser, 'removed');
  t.is(await countPeople(app), 0);
  t.is(await page.getByText(say('demo.banner')).count(), 0);
});

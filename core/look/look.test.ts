// A party's charter becomes the look of its site through the screen alone, in a real browser.
import test, { type ExecutionContext } from 'ava';
import type { Frame, Page } from 'playwright-core';
import { font, svg } from '../store/fixture.ts';
import { type App, makeApp } from '../testing/app.ts';
import { type Browser, openBrowser } from '../testing/browser.ts';

const yellow = '#ffd400';
const drawn = (fill: string): string =>
  svg(
    `<circle cx="20" cy="20" r="18" fill="${fill}"/><rect x="48" y="12" width="110" height="16" fill="${fill}"/>`,
  );
const file = (name: string, bytes: Buffer | string, mimeType: string) => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes),
});

/** Logged in, with the admin's cookie. */
async function openAs(t: ExecutionContext, app: App, options = {}): Promise<Browser> {
  const browser = await openBrowser(t, options);
  const value = (await app.staff()).cookies.get('rostra') ?? '';
  await browser.page.context().addCookies([{ name: 'rostra', value, url: app.url }]);
  return browser;
}

/** Fills in the charter; each change is saved as a draft by itself. */
async function enter({ page }: Browser): Promise<void> {
  await page.fill('[name=accent]', yellow);
  await page.fill('[name=second]', 'B00020');
  await page.fill('[name=paper]', '#fffdf5');
  await page.fill('[name=ink]', '#2a1a3a');
  await page.setInputFiles('[name=logo]', file('logo.svg', drawn('#2a1a3a'), 'image/svg+xml'));
  await page.setInputFiles(
    '[name=logoDark]',
    file('logo-blanc.svg', drawn('#ffffff'), 'image/svg+xml'),
  );
  await page.setInputFiles(
    '[name=icon]',
    file('icon.svg', svg('<circle r="9"/>'), 'image/svg+xml'),
  );
  await page.setInputFiles('[name=headingFont]', file('titres.woff2', font(), 'font/woff2'));
  await page.setInputFiles('[name=bodyFont]', file('texte.woff2', font('latin-ext'), 'font/woff2'));
  await page.locator('#kept-bodyFont', { hasText: 'texte.woff2' }).waitFor();
  await page.locator('[name=radius][value="16px"]').check();
  await page.fill('[name=tagline]', 'La terre et le sel');
  await page.fill('[name=footerText]', 'Permanence : 1 rue du Lac, le samedi');
  await page.fill('[name=link1Label]', 'Mastodon');
  await page.fill('[name=link1Href]', 'https://social.example/@marais');
}

/** As the browser computed it. */
const styleOf = (frame: Page | Frame, selector: string, property: string): Promise<string> =>
  frame.evaluate(
    `getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${property}')`,
  );

async function wearsIt(t: ExecutionContext, app: App, browser: Browser): Promise<void> {
  const { page } = browser;
  await page.goto(app.url);
  await page.waitForLoadState('networkidle');
  t.is(await styleOf(page, '.masthead', 'background-color'), 'rgb(255, 212, 0)');
  t.is(await styleOf(page, '.masthead', 'color'), 'rgb(0, 0, 0)', 'text on it is computed');
  t.is(await styleOf(page, 'body', 'background-color'), 'rgb(255, 253, 245)');
  t.is(await styleOf(page, 'html', 'color'), 'rgb(42, 26, 58)');
  t.regex(await styleOf(page, 'h1', 'font-family'), /^"Party headings"/);
  t.regex(await styleOf(page, 'p', 'font-family'), /^"Party text"/);
  const logo = page.locator('.masthead img').first();
  t.true((await logo.evaluate((node) => Reflect.get(node, 'naturalWidth'))) > 0);
  t.is(await logo.getAttribute('width'), '160', 'nothing moves when it comes');
  t.regex(
    (await page.locator('link[rel=icon]').getAttribute('href')) ?? '',
    /^\/uploads\/\w+\.svg$/,
  );
  const foot = await page.locator('.foot').innerText();
  t.true(foot.includes('Permanence : 1 rue du Lac') && foot.includes('Mastodon'));
  t.true((await page.locator('.masthead').innerText()).includes('La terre et le sel'));
  t.deepEqual(await browser.violations(), [], 'axe');
  t.is(await browser.overflow(), 0);
  t.deepEqual(browser.complaints, []);
}

test.serial('a charter becomes a live look without a line of code', async (t) => {
  t.timeout(10 * 60_000);
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const staff = await openAs(t, app);
  const { page } = staff;
  await page.goto(`${app.url}/admin/look`);
  t.deepEqual(await staff.violations(), [], 'axe, before');
  await enter(staff);
  await page.locator('#look-said', { hasText: '1.4 : 1' }).waitFor();
  await page.locator('.look-kept img[src^="/uploads/"]').nth(2).waitFor();
  const said = await page.locator('#look-said').innerText();
  t.regex(said, /#ffd400[\s\S]*1\.4 : 1, too little for text[\s\S]*black text/);
  await page.frameLocator('.look-phone iframe').getByText('La terre et le sel').waitFor();
  const [preview] = page.frames().filter((one) => one.url().includes('/admin/look/view/'));
  t.is(preview && (await styleOf(preview, '.masthead', 'background-color')), 'rgb(255, 212, 0)');
  t.notRegex(
    await (await app.visitor().get('/')).body,
    /La terre et le sel/,
    'visitors see nothing of it',
  );
  await staff.shot('look');
  t.deepEqual(await staff.violations(), [], 'axe, with a draft');
  t.is(await staff.overflow(), 0);
  t.deepEqual(staff.complaints, []);
  await page.getByRole('button', { name: app.house.locales.t('en', 'look.publish') }).click();
  await page.getByText(app.house.locales.t('en', 'look.published')).waitFor();
  await wearsIt(t, app, await openBrowser(t, { locale: 'fr-FR' }));
});

// The first day in a real browser: set up, write a page, sign up, confirm from the outbox, find the person.
import test, { type ExecutionContext } from 'ava';
import { createSetupLink } from '../accounts/link.ts';
import { type App, makeApp } from './app.ts';
import { type Browser, openBrowser } from './browser.ts';

const patience = 10 * 60_000;

/** Every page that the walk visits can be read by all, on any screen, without a word of complaint. */
async function look(t: ExecutionContext, browser: Browser, name: string): Promise<void> {
  const { page } = browser;
  await page.waitForLoadState('load');
  // Where scripts are off, so is axe: the same pages are looked at with scripts on.
  if (browser.scripts) t.deepEqual(await browser.violations(), [], `${name}: axe`);
  t.is(await browser.overflow(), 0, `${name}: wider than a telephone`);
  t.deepEqual(browser.complaints, [], `${name}: console`);
  await browser.shot(name);
}

async function open(t: ExecutionContext, scripts = true): Promise<Browser> {
  const browser = await openBrowser(t, { locale: 'fr-FR', scripts });
  return browser;
}

const french = (app: App) => (key: string) => app.house.locales.t('fr', key);

const answers = {
  party: 'Parti de la Loire',
  controller: 'Association Parti de la Loire',
  address: '1 rue de la République\n69001 Lyon',
  contact: 'donnees@example.org',
  publicationDirector: 'Camille Exemple',
  host: 'Nous-mêmes, 1 rue de la République, 69001 Lyon, +33 4 72 00 00 00',
  name: 'Zoé Martin',
  email: 'zoe@example.org',
  password: 'quatre mots sans rapport',
};

async function setUp(t: ExecutionContext, app: App, staff: Browser): Promise<void> {
  const { page } = staff;
  const say = french(app);
  await page.goto(await createSetupLink(app.house));
  await look(t, staff, 'setup');
  const social = page.locator('#outlook li').first();
  t.regex(await social.innerText(), /CNIL.*8 novembre 2016/);
  const verdicts = () => page.locator('#outlook .badge').allInnerTexts();
  const inFrance = await verdicts();
  await page.selectOption('[name=jurisdiction]', 'us');
  await social.getByText(say('law.matter.social.own_consent')).waitFor();
  const inTheStates = await verdicts();
  const flipped = inFrance.filter((verdict, n) => verdict !== inTheStates[n]).length;
  t.true(flipped > inFrance.length / 2, `${inFrance} became ${inTheStates}`);
  await page.selectOption('[name=jurisdiction]', 'fr');
  await social.getByText(say('law.verdict.no')).waitFor();
  for (const [name, value] of Object.entries(answers)) await page.fill(`[name=${name}]`, value);
  await page.check('[name=acknowledged]');
  await page.getByRole('button', { name: say('setup.open') }).click();
  await page.waitForURL('**/admin');
  await look(t, staff, 'home');
}

/** Answers the address of the page that was written. */
async function write(t: ExecutionContext, app: App, staff: Browser): Promise<string> {
  const { page } = staff;
  const say = french(app);
  await page
    .getByRole('link', { name: say('website.nav.pages') })
    .first()
    .click();
  await page.waitForURL('**/admin/website');
  await look(t, staff, 'pages');
  await page.getByRole('link', { name: say('website.pages.new'), exact: true }).click();
  await page.waitForURL('**/pages/new');
  await look(t, staff, 'page-kinds');
  await page.getByRole('link', { name: say('website.kind.page'), exact: true }).click();
  await page.fill('[name=title]', 'Nos idées');
  const text = page.locator('[contenteditable=true]');
  await text.click();
  await text.pressSequentially('Des trains, la nuit.');
  await page.locator('[name=when][value=now]').check();
  await look(t, staff, 'editor');
  await page.getByRole('button', { name: say('website.editor.save') }).click();
  await page.waitForURL(/\/admin\/website\/pages\/\d+/);
  await look(t, staff, 'page-saved');
  return '/nos-idees';
}

async function signUp(t: ExecutionContext, app: App, visitor: Browser, email: string) {
  const { page } = visitor;
  const say = french(app);
  await page.goto(`${app.url}/`);
  await look(t, visitor, 'front');
  await page
    .locator('main')
    .getByRole('link', { name: say('website.default.join.title') })
    .click();
  await page.waitForURL('**/rejoindre');
  await look(t, visitor, 'sign-up');
  t.false(await page.locator('[name=emailConsent]').isChecked(), 'boxes begin unticked');
  await page.fill('[name=email]', email);
  await page.fill('[name=givenName]', 'Inès');
  await page.locator('[name=emailConsent]').check();
  await page.getByRole('button', { name: say('website.site.form.send') }).click();
  await page.waitForURL('**/confirm');
  await look(t, visitor, 'sign-up-sent');
}

/** Reads the mail as its reader would; answers the link in it. */
async function readMail(t: ExecutionContext, staff: Browser, app: App, to: string) {
  const { page } = staff;
  await page.goto(`${app.url}/admin/outbox`);
  await look(t, staff, 'outbox');
  await page.locator('tr', { hasText: to }).getByRole('link').first().click();
  await page.waitForURL(/\/admin\/outbox\/\d+/);
  await look(t, staff, 'outbox-mail');
  const link = page.frameLocator('iframe').locator('a[href*="/confirm/"]').first();
  return (await link.getAttribute('href')) ?? '';
}

async function confirm(t: ExecutionContext, app: App, visitor: Browser, link: string) {
  const { page } = visitor;
  await page.goto(link);
  await look(t, visitor, 'confirm');
  await page.getByRole('button', { name: french(app)('website.confirm.button') }).click();
  await page.waitForURL('**/confirm/done');
  await look(t, visitor, 'confirmed');
}

async function findPerson(t: ExecutionContext, app: App, staff: Browser, email: string) {
  const { page } = staff;
  const say = french(app);
  await page.goto(`${app.url}/admin/people`);
  await look(t, staff, 'people');
  await page.fill('main [name=q]', email);
  await page.locator('main [name=q]').press('Enter');
  await page.locator('tbody tr', { hasText: 'Inès' }).first().getByRole('link').first().click();
  await page.waitForURL(/\/admin\/people\/[^/?]+$/);
  await look(t, staff, 'profile');
  const told = await page.locator('main').innerText();
  t.true(told.includes(email));
  t.true(told.includes(say('website.timeline.signed-up')), 'the timeline tells of it');
  t.regex(told, /lettre d’information par e-mail/, 'the consent stands in the words shown');
}

test.serial('a party is set up, writes a page, and finds who signed up', async (t) => {
  t.timeout(patience);
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const staff = await open(t);
  await setUp(t, app, staff);
  const path = await write(t, app, staff);
  const visitor = await open(t);
  await visitor.page.goto(app.url + path);
  await look(t, visitor, 'page');
  t.regex(await visitor.page.locator('main').innerText(), /Des trains, la nuit\./);
  await signUp(t, app, visitor, 'ines@example.org');
  const link = await readMail(t, staff, app, 'ines@example.org');
  await confirm(t, app, visitor, link);
  await findPerson(t, app, staff, 'ines@example.org');
});

test.serial('the same sign-up needs no script', async (t) => {
  t.timeout(patience);
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const visitor = await open(t, false);
  await signUp(t, app, visitor, 'sans-script@example.org');
  const staff = await app.staff();
  const outbox = await staff.get('/admin/outbox');
  const mail = /\/admin\/outbox\/\d+/.exec(outbox.body)?.[0] ?? '';
  const link = /https?:[^"\s<]+\/confirm\/[\w-]+/.exec((await staff.get(mail)).body)?.[0] ?? '';
  await confirm(t, app, visitor, link);
  t.regex((await staff.get('/admin/people')).body, /sans-script@example\.org/);
});

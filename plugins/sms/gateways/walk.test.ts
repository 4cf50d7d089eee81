// In a real browser, through each gateway's own adapter: the account is set up and tried, a text is written, released and sent;
// its receipt, what its reader answers and what is answered to that are read on the screen.
import test from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { type App, type Browser, makeApp, openBrowser, type Test, until } from 'rostra/testing';
import type { SmsCall } from '../index.ts';
import type { FarSide } from '../testing/index.ts';
import { twilioPlugin } from './fixture.ts';
import { httpExamples } from './http-examples.ts';
import { startHttpGateway } from './http-peer.ts';
import { startSmsc } from './smsc.ts';
import { startTwilio, twilioKeys } from './twilio-peer.ts';

const reader = '+33612345601';

interface Way {
  far: FarSide & { host: string; hook?: string };
  /** What it is called on the screen. */
  name: RegExp;
  fields: Record<string, string>;
  /** The field with what is wrong in it, and what is said beside it. */
  wrong: [field: string, value: string, said: RegExp];
  /** Outside plugins. */
  plugins?: string[];
}

const ways: Record<string, { width: number; dark: boolean; open(t: Test): Promise<Way> }> = {
  smpp: {
    ...{ width: 360, dark: true },
    async open(t) {
      const far = await startSmsc(t);
      const keys = { host: '127.0.0.1', port: String(far.port), tls: 'no', systemId: 'parti' };
      return {
        ...{ far, name: /SMPP 3\.4/, fields: { ...keys, password: 'secret' } },
        wrong: ['password', 'other', /does not take these keys/],
      };
    },
  },
  twilio: {
    ...{ width: 1280, dark: false },
    async open(t) {
      const far = await startTwilio(t);
      return {
        ...{ far, name: /Twilio on loopback/, fields: { ...twilioKeys } },
        wrong: ['authToken', 'other', /does not take these keys/],
        plugins: [twilioPlugin(t, far.url)],
      };
    },
  },
  http: {
    ...{ width: 360, dark: false },
    async open(t) {
      const far = await startHttpGateway(t, 'kannel');
      const { kannel } = httpExamples;
      const url = String(kannel['url']).replace(/^https:\/\/[^/]+/, far.url);
      return {
        ...{ far, name: /Any gateway by HTTP/, fields: { ...kannel, url, secret: 'clef' } },
        wrong: ['accepted', '/(/', /cannot be read/],
      };
    },
  },
};

async function subscribe(app: App): Promise<void> {
  const [scope, get] = [app.scope(), app.get('outreach')];
  const [letter] = await get(Newsletters).list(scope);
  const { id } = await get(People).upsert(scope, {
    ...{ emailAddress: 'lea@example.org', phoneNumber: reader, givenName: 'Léa' },
    source: 'website.sign-up',
  });
  await get(Newsletters).subscribe(scope, id, letter?.id ?? '');
  await get(Consents).give(scope, {
    ...{ personId: id, channel: 'sms', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
    ...{ source: 'website.sign-up', evidence: { form: '1' } },
  });
}

/** As the gateway calls; over a session it has told already. */
async function call(t: Test & { is(one: unknown, other: unknown): void }, made?: SmsCall) {
  if (!made) return;
  const { url, method, headers, body } = made;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = method === 'POST' ? { body: new Uint8Array(body) } : {};
  t.is((await fetch(url, { method, headers: { ...type, ...headers }, ...sent })).status, 200);
}

async function fillIn({ page }: Browser, card: string, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`${card} [name="${name}"]`);
    const isChoice = (await field.evaluate((one) => one.tagName)) === 'SELECT';
    if (isChoice) await field.selectOption(value);
    else await field.fill(value);
  }
}

for (const [id, { width, dark, open }] of Object.entries(ways)) {
  test.serial(`a text message leaves by ${id}, and what comes back is read`, async (t) => {
    const { far, name, fields, wrong, plugins = [] } = await open(t);
    const app = await makeApp(t, {
      ...{ jurisdiction: 'fr', locale: 'fr', now: '2026-11-24T10:00:00Z', plugins },
      allowPrivate: [far.host],
    });
    await subscribe(app);
    const browser = await openBrowser(t, { width, height: 800, dark, locale: 'en-GB' });
    const { page } = browser;
    const staff = await app.staff();
    const cookies = [...staff.cookies].map(([key, value]) => ({ name: key, value, url: app.url }));
    await page.context().addCookies(cookies);
    const look = async (step: string) => {
      await browser.shot(`${id}-${step}-${width}`);
      t.deepEqual(await browser.violations(), [], step);
      t.is(await browser.overflow(), 0, step);
    };
    const text = async () => (await page.textContent('main')) ?? '';

    await page.goto(`${app.url}/admin/sms/inbox`);
    t.regex(await text(), /No account at a gateway is set yet/);
    await page.click('main .notice >> text=Set up the gateway');
    await look('1-none');
    const card = `details.sms-gateway:has(h2:text-matches("${name.source}"))`.replaceAll(
      '\\',
      '\\\\',
    );
    await page.click(`${card} >> summary`);
    const [field, value, said] = wrong;
    const own = { sender: '+33700000001', price: '0.045' };
    await fillIn(browser, card, { ...own, ...fields, [field]: value });
    await page.click(`${card} >> text=Try and keep`);
    await page.waitForSelector(`#f-${field}[aria-invalid]`);
    t.regex((await page.textContent(`#f-${field}-fault`)) ?? '', said);
    t.is(await page.inputValue('#f-sender'), own.sender, 'nothing typed is lost');
    await look('2-wrong');
    // Secrets are not shown again, so they are typed again.
    await fillIn(browser, card, fields);
    await page.click(`${card} >> text=Try and keep`);
    await page.waitForSelector(`${card} .badge.done`);
    await page.fill('#f-number', '+33611111111');
    await page.click('main >> text=Send a test');
    await page.waitForSelector('main [role=status]:has-text("The gateway took it")');
    await look('3-tried');
    t.is(far.taken.length, 1);
    if (far.hook !== undefined) far.hook = (await page.textContent(`${card} code`)) ?? '';

    await page.fill('#f-price', '0.05');
    await page.click(`${card} >> text=Try and keep`);
    await page.waitForSelector('#f-price[value="0.05"]');

    await page.goto(`${app.url}/admin/sms/new`);
    await page.fill('[name=text]', 'Bonjour {{prénom|chers amis}}, venez samedi.');
    await page.click('main form.form >> text=Save');
    await page.waitForURL(/\/sms\/\d+$/);
    await page.click('header.head .acts button');
    await page.click('main button.primary');
    await page.waitForSelector('#progress');
    await app.drain();
    t.is(far.taken.length, 2);
    t.like(far.taken[1], { from: own.sender, to: reader });
    t.regex(
      far.taken[1]?.text ?? '',
      /^Parti de l'Exemple\nBonjour Léa, venez samedi\.\nRépondez STOP/,
    );
    const results = page.url();

    const { rows } = await app.scope().db.raw('select reference from sms.message order by id desc');
    await call(
      t,
      await far.tell({ kind: 'receipt', reference: rows[0].reference, state: 'delivered' }),
    );
    const answer = { from: reader, to: own.sender, text: 'Je viens avec deux amis' };
    await call(t, await far.tell({ kind: 'inbound', ...answer }));
    const shown = async (at: string, words: RegExp) => words.test((await staff.get(at)).body);
    await until(() => shown('/admin/sms/inbox', /Je viens avec deux amis/));
    await until(() => shown(new URL(results).pathname, /Delivered: 1/));
    await page.goto(results);
    t.regex(await text(), /Delivered: 1[\s\S]*Answered: 1/);
    await look('4-results');
    await page.goto(`${app.url}/admin/sms/inbox`);
    await look('5-inbox');
    await page.click('text=Léa');
    t.regex(await text(), /Je viens avec deux amis/);
    // The page says by itself that it was read.
    await page.waitForSelector('.sms-unread', { state: 'detached' });
    await page.fill('[name=text]', 'Avec plaisir !');
    await page.click('text=Send the answer');
    await page.waitForSelector('.sms-lines >> text=Avec plaisir');
    await app.drain();
    t.is(far.taken.at(-1)?.text, 'Avec plaisir !');
    await page.reload();
    await look('6-thread');

    await page.goto(`${app.url}/admin/sms/gateway`);
    await page.click('text=End this account');
    await page.waitForSelector('main >> text=Nothing is set up yet');
    await page.goto(`${app.url}/admin/sms/new`);
    t.regex(await text(), /No account at a gateway is set yet/);
    t.deepEqual(
      browser.complaints.filter((one) => !/status of 422/.test(one)),
      [],
    );
  });
}

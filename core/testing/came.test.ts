// From a letter to what comes of it, in a real browser: a reader follows its link, signs up, is welcomed, gives; staff read it all.
import test from 'ava';
import { type Scene, scene } from '../../plugins/email/fixture.ts';
import { depsOf as moneyDeps } from '../../plugins/fundraising/deps.ts';
import { aroundOf, makeRecipient, offerOf } from '../../plugins/fundraising/fixture.ts';
import { record } from '../../plugins/fundraising/pledge.ts';
import { insertTagRule } from '../../plugins/outreach/tag-rule.sql.ts';
import { type Browser, openBrowser } from './browser.ts';
import type { Client } from './client.ts';

test('a letter’s link brings a subscriber, who is welcomed, and a gift: both stand in its results', async (t) => {
  const s = await scene(t);
  const desk = await openBrowser(t, { width: 1280, locale: 'fr-FR' });
  const phone = await openBrowser(t, { width: 360, height: 780, dark: true, locale: 'fr-FR' });
  const look = async (browser: Browser, name: string) => {
    await browser.page.waitForLoadState('load');
    await browser.shot(`came-${name}`);
    t.deepEqual(await browser.violations(), [], name);
    t.is(await browser.overflow(), 0, name);
  };
  await s.app.house.database.db.raw(`update core.account set locale = 'fr'`);
  await enter(s, desk, s.staff);
  await enter(s, phone, s.staff);

  const { page } = desk;
  await page.goto(`${s.app.url}/admin/email/welcome`);
  t.regex(await page.innerText('main'), /Rien n’est envoyé aux personnes qui s’abonnent/);
  await look(desk, 'welcome-none');
  await page.click('text=L’écrire');
  await page.locator('[name=subject]').waitFor();
  await page.fill('[name=subject]', 'Bienvenue {{prénom|parmi nous}}');
  await page.fill('[name=text]', 'Lisez [notre programme](nulle part).');
  await page.click('.acts >> text=Enregistrer');
  await reads(page, /Un lien ne mène nulle part/);
  await look(desk, 'welcome-fault');
  await page.fill('[name=text]', 'Lisez [notre programme](/).');
  await page.click('.acts >> text=Enregistrer');
  const preview = page.frameLocator('iframe').locator('body');
  await preview.filter({ hasText: /Lisez notre programme[\s\S]*Se désabonner/ }).waitFor();
  await look(desk, 'welcome-written');
  await page.click('text=Activer');
  await page.locator('main .badge >> text=Active').waitFor();
  await look(desk, 'welcome-on');

  const sent = await s.send({ blocks: [{ kind: 'button', text: 'Je suis', href: '/rejoindre' }] });
  const letter = String(s.taken.at(-1)?.html);
  const [link = ''] = /http[^"]+\/rejoindre\?tracking=\w+/.exec(letter) ?? [];
  t.truthy(link, letter);
  const visitor = await openBrowser(t, { width: 360, height: 780, locale: 'fr-FR' });
  await visitor.page.goto(link);
  await visitor.page.fill('[name=email]', 'noor@example.org');
  await visitor.page.fill('[name=givenName]', 'Noor');
  await visitor.page.check('[name=emailConsent]');
  await visitor.page.click('main form .button');
  await visitor.page.waitForURL('**/confirm');
  await s.app.drain();
  const [confirm = ''] = /http\S+\/confirm\/[\w-]+/.exec(s.taken.at(-1)?.text ?? '') ?? [];
  await visitor.page.goto(confirm);
  await visitor.page.click('main form .button');
  await visitor.page.waitForURL('**/confirm/done');
  t.deepEqual(await visitor.page.context().cookies(), [], 'and no cookie');
  await s.app.drain();
  t.is(s.taken.at(-1)?.subject, 'Bienvenue Noor');

  const [, mark = ''] = link.split('tracking=');
  const recipient = await makeRecipient(s.scope);
  await record(s.scope, moneyDeps(s.app.get('fundraising')), recipient, offerOf(s.scope), {
    ...aroundOf({ tracking: mark }),
  });
  await insertTagRule(s.scope, { sendId: null, words: ['vélo', 'bicyclette'], tag: 'Cyclistes' });

  await page.goto(`${s.app.url}/admin/outreach/${sent}`);
  const came = async (browser: Browser) =>
    (await browser.page.innerText('#came')).replace(/\s+/g, ' ');
  t.regex((await page.textContent('#came desc')) ?? '', /Don: 1/);
  t.regex((await page.textContent('#came desc')) ?? '', /Inscription confirmée: 1/);
  t.notRegex(await came(desk), /€/, 'how much is nobody’s but the treasurers’');
  await page.locator('#came').scrollIntoViewIfNeeded();
  await look(desk, 'results');
  await enter(s, phone, await treasurerOf(s, recipient.id));
  await phone.page.goto(`${s.app.url}/admin/outreach/${sent}`);
  t.regex(await came(phone), /Don ?: 50,00 ?€/);
  await phone.page.locator('#came').scrollIntoViewIfNeeded();
  await look(phone, 'results-money');

  await page.goto(`${s.app.url}/admin/outreach/tags`);
  t.regex(await page.innerText('main'), /La réponse contient vélo ou bicyclette/);
  await look(desk, 'tags');
  await enter(s, phone, s.staff);
  for (const [name, path] of [
    ['tags', 'outreach/tags'],
    ['welcome', 'email/welcome'],
    ['welcome-written', `email/welcome/${s.newsletter.id}`],
  ] as const) {
    await phone.page.goto(`${s.app.url}/admin/${path}`);
    await look(phone, `${name}-phone`);
  }
  t.deepEqual(
    [desk, phone, visitor].flatMap(({ complaints }) =>
      complaints.filter((one) => !/status of 422/.test(one)),
    ),
    [],
  );
});

/** What is there once the page that was asked for is. */
const reads = (page: Browser['page'], words: RegExp): Promise<void> =>
  page.locator('main').filter({ hasText: words }).waitFor();

async function enter(s: Scene, browser: Browser, staff: Client): Promise<void> {
  const value = staff.cookies.get('rostra') ?? '';
  await browser.page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
}

/** Who reads results, and holds an office of the recipient. */
async function treasurerOf(s: Scene, recipientId: string): Promise<Client> {
  const staff = await s.app.staff('data-protection');
  await s.app.house.database.db.raw(
    `insert into fundraising.office (recipient_id, account_id, duty, since)
     select :recipientId, max(id), 'treasurer', :now from core.account`,
    { recipientId, now: s.scope.now() },
  );
  await s.app.house.database.db.raw(`update core.account set locale = 'fr'`);
  return staff;
}

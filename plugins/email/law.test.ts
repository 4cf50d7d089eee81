// Given a party under a law, when it sends a letter, then who gets it and what stands in it is as that law's pack says.
import test, { type ExecutionContext } from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { openBrowser } from 'rostra/testing';
import { scene } from './fixture.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

/** A subscriber whom a form brought, or a list; who agreed, or of whom nothing says so. */
async function subscribe(s: Scene, name: string, source: string, hasAgreed: boolean) {
  const get = s.app.get('email');
  const emailAddress = `${name}@example.org`;
  const { id } = await get(People).upsert(s.scope, { emailAddress, source });
  await get(Newsletters).subscribe(s.scope, id, s.newsletter.id);
  if (!hasAgreed) return;
  await get(Consents).give(s.scope, {
    ...{ personId: id, channel: 'email', purpose: 'newsletter', wording: 'Oui.', locale: 'fr' },
    ...{ source, evidence: { form: '1', confirmedAt: '2026-11-01' } },
  });
}

const form = 'website.sign-up';
const list = 'import.list';

const agreed = ['agreed@example.org', 'listed@example.org'];
const silent = ['silent@example.org', 'silent-listed@example.org'];

interface Case {
  given: string;
  jurisdiction: string;
  locale: string;
  /** Who gets it. */
  then: readonly string[];
  /** What stands in each. */
  says: RegExp;
  not?: RegExp;
}
const cases: Case[] = [
  {
    ...{ given: 'a French party', jurisdiction: 'fr', locale: 'fr', then: agreed },
    says: /Envoyé par Parti de l’Exemple, 1 rue[^]*vous êtes abonné à[^]*Se désabonner en un clic <http[^]*vous opposer ou les faire effacer/,
    not: /Financé par/,
  },
  {
    ...{ given: 'a British party', jurisdiction: 'gb', locale: 'en', then: agreed },
    says: /Sent by Parti de l’Exemple, 1 rue[^]*you subscribed to[^]*Unsubscribe at once <http[^]*object or have it erased/,
    not: /Paid for by/,
  },
  {
    ...{ given: 'a party of the United States', jurisdiction: 'us', locale: 'en' },
    then: [...agreed, ...silent],
    says: /Sent by Parti de l’Exemple, 1 rue[^]*Unsubscribe at once <http[^]*Paid for by Parti de l’Exemple, 1 rue/,
  },
  { given: 'a law that is only a draft', jurisdiction: 'de', locale: 'en', then: [], says: /./ },
];
/** GDPR, art. 14; the engine says it everywhere. */
const fromList = /stands in our file from a list|figure dans notre fichier d’après une liste/;

for (const { given, jurisdiction, locale, then, says, not } of cases) {
  test.serial(
    `given ${given}, then its letter goes to whom its law lets it, and says what it asks`,
    async (t) => {
      const s = await scene(t, { jurisdiction, locale, count: 0 });
      await subscribe(s, 'agreed', form, true);
      await subscribe(s, 'silent', form, false);
      await subscribe(s, 'listed', list, true);
      await subscribe(s, 'silent-listed', list, false);
      await s.send();
      const to = s.taken.map((mail) => [mail.to].flat()[0]?.text ?? '');
      t.deepEqual(to.toSorted(), [...then].toSorted());
      for (const [place, { text = '', headerLines }] of s.taken.entries()) {
        t.regex(text, says);
        if (not) t.notRegex(text, not);
        t.is(fromList.test(text), /listed/.test(to[place] ?? ''), to[place]);
        t.true(headerLines.some(({ key }) => key === 'list-unsubscribe-post'));
      }
    },
  );
}

const words = {
  fr: { button: /Envoyer à 2 personnes/, done: /Envoyé[^]*2/ },
  en: { button: /Send to 2 people/, done: /Sent[^]*2/ },
};

test.serial(
  'a letter of each country is written, asked for, released by another and read in its results',
  async (t) => {
    const browser = await openBrowser(t, { width: 360, height: 780, locale: 'fr-FR' });
    for (const [jurisdiction, locale] of [
      ['fr', 'fr'],
      ['gb', 'en'],
      ['us', 'en'],
    ] as const) {
      await walk(t, browser, jurisdiction, locale);
    }
    t.deepEqual(browser.complaints, []);
  },
);

async function walk(
  t: ExecutionContext,
  browser: Awaited<ReturnType<typeof openBrowser>>,
  jurisdiction: string,
  locale: 'fr' | 'en',
): Promise<void> {
  const s = await scene(t, { jurisdiction, locale, count: 2 });
  const lead = await s.app.staff('administrator');
  const settings = { secondFrom: '1', messagesMost: '0', messagesDays: '7', revision: '0' };
  await lead.post('/admin/settings/outreach', settings);
  const [writer, other] = [await s.app.staff('organiser'), await s.app.staff('organiser')];
  await s.scope.db.raw('update core.account set locale = :locale', { locale });
  const { page } = browser;
  const be = (who: typeof writer) =>
    page
      .context()
      .addCookies([{ name: 'rostra', value: who.cookies.get('rostra') ?? '', url: s.app.url }]);
  const read = async () => (await page.textContent('main')) ?? '';
  await be(writer);
  await page.goto(`${s.app.url}/admin/email/new`);
  await page.fill('[name=subject]', 'Bonjour {{prénom|chers amis}}');
  await page.fill('#f-text-0', 'Venez samedi.');
  await page.click('.acts [name=do][value=save]');
  await page.waitForURL(/\/email\/\d+$/);
  t.regex((await page.textContent('h1')) ?? '', /^Bonjour chers amis$/);
  const id = /\d+$/.exec(page.url())?.[0] ?? '';
  const one = `${s.app.url}/admin/outreach/${id}`;
  await page.goto(one);
  await page.click('form[action$="/ask"] button');
  await page.locator('form[action$="/ask"]').waitFor({ state: 'detached' });
  await be(other);
  await page.goto(one);
  const release = page.locator('form[action$="/release"] button');
  t.regex((await release.textContent()) ?? '', words[locale].button);
  await release.click();
  await page.locator('#progress').waitFor();
  await s.app.drain();
  t.is(s.taken.length, 2);
  await page.goto(one);
  t.regex(await read(), words[locale].done);
  await page.locator('#results').waitFor();
  await browser.shot(`letter-results-${jurisdiction}-360`);
  t.is(await browser.overflow(), 0, jurisdiction);
  await page.goto(`${s.app.url}/admin/outreach`);
  t.regex(await read(), /Bonjour chers amis/);
  t.notRegex(await read(), /\{\{/);
}

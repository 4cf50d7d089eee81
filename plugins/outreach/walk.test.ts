// A chapter's volunteer, in a real browser: from the log-in to the results of a first newsletter.
import test from 'ava';
import { type Browser, openBrowser } from 'rostra/testing';
import { addressOf, scene } from './fixture.ts';

const ways = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
];
const password = 'une phrase assez longue pour deux';

for (const way of ways) {
  test.serial(
    `at ${way.width} pixels a volunteer writes, looks, sends and reads the results`,
    async (t) => {
      const s = await scene(t, { count: 12 });
      const { app, sink } = s;
      const [gone = '', , , said = ''] = s.ids;
      await s.deps.newsletters.unsubscribe(s.scope, gone, s.newsletterId);
      await s.scope.db.raw(
        `update people.email_address set status = 'bounced' where person_id = :said`,
        { said },
      );
      const organiser = await app.staff();
      const invited = { name: 'Vera', email: 'vera@example.org', role: 'chapter-volunteer' };
      const answer = await organiser.post('/admin/@lyon/staff/invite', invited);
      t.is(answer.status, 303, answer.body.slice(0, 3000));
      await s.scope.db.raw(
        `update core.account set locale = 'fr' where email = 'vera@example.org'`,
      );
      await app.drain();
      const letter = sink.taken.at(-1);
      const link = /https?:\/\/\S+\/account\/\S+/
        .exec(letter?.text ?? '')?.[0]
        .replace(/[>)]+$/, '');
      t.truthy(link, letter?.text);

      const browser: Browser = await openBrowser(t, { ...way, locale: 'fr-FR' });
      const { page } = browser;
      const look = async (name: string) => {
        await browser.shot(`outreach-${name}-${way.width}`);
        t.deepEqual(await browser.violations(), [], name);
        t.is(await browser.overflow(), 0, name);
      };
      await page.goto(link ?? '');
      await page.fill('input[type=password]', password);
      await page.click('main button[type=submit], main button');
      await page.goto(`${app.url}/admin/@lyon/outreach`);
      await look('1-empty');
      await page.click('text=Écrire une lettre d’information');
      await page.fill('[name=subject]', 'Nos actions de décembre');
      await page.fill('[name=preheader]', 'Trois dates à réserver');
      await page.selectOption('[name=kind]', 'heading');
      await page.fill('[name=text]', 'Bonjour {{prénom|chers amis}}');
      await page.click('text=Ajouter un bloc');
      await page.fill('#f-text-1', 'Lisez [notre bilan](nulle part) et venez.');
      await page.click('.acts >> text=Enregistrer');
      await look('2-fault');
      t.regex((await page.textContent('main')) ?? '', /Un lien ne mène nulle part/);
      await page.fill('#f-text-1', 'Lisez [notre bilan](https://x.example/bilan) et venez.');
      await page.click('text=Ajouter un bloc');
      await page.selectOption('#f-kind-2', 'button');
      await page.fill('#f-text-2', 'Je participe');
      await page.fill('#f-href-2', '/rejoindre');
      await page.click('.acts >> text=Enregistrer');
      await page.waitForURL(/\/email\/\d+$/);
      const frame = page.frameLocator('iframe');
      t.regex(
        (await frame.locator('body').textContent()) ?? '',
        /Bonjour chers amis[\s\S]*Se désabonner/,
      );
      await look('3-written');
      await page.click('text=Envoyer un essai à');
      await app.drain();
      t.regex(sink.taken.at(-1)?.subject ?? '', /^\[Essai\] Nos actions/);
      await page.click('text=Suite : avant l’envoi'.replace(' :', '\u00a0:'));
      await look('4-before');
      const before = (await page.textContent('main')) ?? '';
      t.regex(before, /10 personnes le reçoivent/);
      t.regex(before, /Demandez une autre adresse/);
      await page.click('text=Envoyer à 10 personnes');
      await look('5-sending');
      await app.drain();
      await page.reload();
      await look('6-done');
      const results = (await page.textContent('main')) ?? '';
      t.regex(results, /Envoyé/);
      const readers = sink.readers().filter((one) => one.startsWith('lecteur'));
      t.deepEqual(
        readers.sort(),
        s.ids
          .map((_, place) => addressOf(place))
          .filter((_, place) => place !== 0 && place !== 3)
          .sort(),
      );
      await page.goto(`${app.url}/admin/@lyon/outreach`);
      await look('7-list');
      const html = String(sink.taken.at(-1)?.html);
      const [, path = ''] = /href="(http:\/\/localhost:\d+\/unsubscribe\/[^"]+)"/.exec(html) ?? [];
      await page.goto(path);
      await look('8-stop');
      await page.click('main button');
      await look('9-stopped');
      t.deepEqual(
        browser.complaints.filter((one) => !/status of 422/.test(one)),
        [],
      );
    },
  );
}

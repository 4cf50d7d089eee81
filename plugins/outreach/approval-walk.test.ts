// Two volunteers in two browsers: one writes for many, the other looks and releases, and both read what became of it.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { scene } from './fixture.ts';

const ways = [
  { width: 360, height: 780, dark: true },
  { width: 1440, height: 900, dark: false },
];

for (const way of ways) {
  test.serial(
    `at ${way.width} pixels a text is asked for, sent back, released and read`,
    async (t) => {
      const s = await scene(t, { count: 12 });
      const { app } = s;
      const lead = await app.staff('administrator');
      const settings = { secondFrom: '5', messagesMost: '3', messagesDays: '7', revision: '0' };
      await lead.post('/admin/settings/outreach', settings);
      const id = await s.write();
      const seats = [];
      for (const _ of 'ab') {
        const client = await app.staff('chapter-volunteer', s.chapter);
        await s.scope.db.raw(`update core.account set locale = 'fr'`);
        const browser = await openBrowser(t, { ...way, locale: 'fr-FR' });
        const value = client.cookies.get('rostra') ?? '';
        await browser.page.context().addCookies([{ name: 'rostra', value, url: app.url }]);
        seats.push(browser);
      }
      const [writer, other] = seats;
      if (!writer || !other) return t.fail();
      const look = async (browser: typeof writer, name: string) => {
        await browser.shot(`approval-${name}-${way.width}`);
        t.deepEqual(await browser.violations(), [], name);
        t.is(await browser.overflow(), 0, name);
      };
      const read = async ({ page }: typeof writer) => (await page.textContent('main')) ?? '';
      const list = `${app.url}/admin/@lyon/outreach`;
      await writer.page.goto(`${app.url}/admin/@lyon/email/${id}`);
      await writer.page.click('.acts >> text=Enregistrer');
      await writer.page.goto(`${list}/${id}`);
      await look(writer, '1-bar');
      await writer.page.click('text=Demander un accord >> nth=-1');
      await look(writer, '2-asked');
      t.regex(await read(writer), /En attente d’un accord/);
      await other.page.goto(list);
      await look(other, '3-waits');
      await other.page.click('#waits a');
      await look(other, '4-question');
      await other.page.fill('[name=note]', 'La date est fausse : c’est le 12.');
      await other.page.click('text=Rendre à l’auteur');
      await writer.page.reload();
      await look(writer, '5-back');
      t.regex(await read(writer), /La date est fausse/);
      await writer.page.click('text=Demander un accord >> nth=-1');
      await other.page.goto(`${list}/${id}`);
      await other.page.click('text=Envoyer à 12 personnes');
      await app.drain();
      await s.scope.db.raw(
        `update outreach.recipient set state = case when id % 6 = 0 then 'unknown' else state end,
         is_bounce_permanent = true, bounced_at = case when id % 5 = 0 then now() end,
         answered_at = case when id % 4 = 0 then now() end`,
      );
      await writer.page.goto(`${list}/${id}`);
      await look(writer, '6-results');
      t.regex(await read(writer), /Ce qu’il en est advenu/);
      await writer.page.click('text=Renvoyer 2 messages');
      await app.drain();
      await writer.page.goto(`${list}/${id}`);
      t.notRegex(await read(writer), /Renvoyer/);
      await look(writer, '7-again');
      await lead.get('/admin');
      t.deepEqual([...writer.complaints, ...other.complaints], []);
    },
  );
}

// In real browsers: a party switches it on, a reader says whether they let themselves be counted, and staff read the numbers.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { scene } from './fixture.ts';

const ways = [
  {
    ...{ jurisdiction: 'fr', locale: 'fr', width: 360, height: 780, dark: true },
    browser: 'fr-FR',
    // Asked first.
    firstIsCounted: false,
    sum: 'Sur 2 personnes qui l’ont reçue, 1 accepte d’être comptée : 1 l’a ouverte, 1 a suivi un lien.',
  },
  {
    ...{ jurisdiction: 'us', locale: 'en', width: 1280, height: 800, dark: false },
    browser: 'en-US',
    // Until they say no.
    firstIsCounted: true,
    sum: 'Of 2 people who got it, 2 let themselves be counted: 1 opened it, 1 followed a link.',
  },
];

for (const { firstIsCounted, sum, browser: language, ...way } of ways) {
  test.serial(
    `at ${way.width} pixels a reader of a party in ${way.jurisdiction} decides, opens and follows, and staff read how many`,
    async (t) => {
      const s = await scene(t, { ...way, count: 2 });
      const look = async (browser: typeof desk, name: string) => {
        await browser.shot(`counted-${name}-${way.jurisdiction}-${way.width}`);
        t.deepEqual(await browser.violations(), [], name);
        t.is(await browser.overflow(), 0, name);
      };
      const desk = await openBrowser(t, { ...way, locale: language });
      const lead = await s.app.staff('administrator');
      await s.scope.db.raw('update core.account set locale = :locale', { locale: way.locale });
      const enter = async (session: string | undefined) => {
        const cookie = { name: 'rostra', value: session ?? '', url: s.app.url };
        await desk.page.context().addCookies([cookie]);
      };
      await enter(lead.cookies.get('rostra'));
      const off = await s.send();
      await desk.page.goto(`${s.app.url}/admin/outreach/${off}`);
      await desk.page.locator('#readers').scrollIntoViewIfNeeded();
      await look(desk, '1-off');
      await desk.page.goto(`${s.app.url}/admin/settings/outreach`);
      await desk.page.check('[name=countReaders]');
      await look(desk, '2-settings');
      await desk.page.click('main button[type=submit], main form button:not([type=button])');
      await desk.page.waitForSelector('[name=countReaders]:checked');

      const mails = () =>
        s.taken.filter(({ to }) => [to].flat()[0]?.text === 'lecteur0@example.org');
      const html = () => String(mails().at(-1)?.html);
      const pathIn = (form: RegExp) => form.exec(html())?.[0] ?? '';
      const reader = await openBrowser(t, { ...way, locale: language });
      const { page } = reader;
      const isCounted = () => /\/counted\/[^"]+\.gif/.test(html());
      await s.send();
      t.is(isCounted(), firstIsCounted);
      const choose = pathIn(/http:\/\/localhost:\d+\/unsubscribe\/[^"#]+\/choose/);
      await page.goto(`${choose}#counted`);
      await look(reader, '3-choices');
      t.is(await page.isChecked('[name=counted]'), firstIsCounted);
      const save = async (isOn: boolean) => {
        await page.setChecked('[name=counted]', isOn);
        await page.click('#counted button');
        await page.waitForSelector('[role=status]');
        t.is(await page.isChecked('[name=counted]'), isOn);
      };
      await save(true);
      await look(reader, '4-said');

      const id = await s.send();
      t.true(isCounted());
      const opened = page.waitForResponse(/\/counted\/.*\.gif$/);
      await page.setContent(html());
      t.is((await opened).status(), 200);
      await reader.shot(`counted-5-letter-${way.jurisdiction}-${way.width}`);
      const [link = ''] = [...html().matchAll(/href="(http[^"]+\/counted\/[^"]+\/\d+)"/g)].flatMap(
        ([, href]) => href ?? [],
      );
      await page.goto(link);
      t.regex(page.url(), /\/bilan\?tracking=\w+$/, 'where its writer leads, with the send’s mark');
      t.deepEqual(await page.context().cookies(), []);
      await desk.page.goto(`${s.app.url}/admin/outreach/${id}`);
      await desk.page.locator('#readers').scrollIntoViewIfNeeded();
      const said = (await desk.page.textContent('#readers')) ?? '';
      t.true(said.includes(sum), said);
      t.regex(said, /\/bilan/);
      await look(desk, '6-results');

      await page.goto(choose);
      await save(false);
      await s.send();
      t.false(isCounted());
      const complaints = [...desk.complaints, ...reader.complaints];
      // The page that it leads to was not written; and a letter has its styles in itself, which pages may not.
      t.deepEqual(
        complaints.filter((one) => !/status of 404|inline style/.test(one)),
        [],
      );
    },
  );
}

// People whom a list says that they agreed: found where the law says that nothing proves it, asked once, and heard.
import test from 'ava';
import { Newsletters, People } from 'rostra/people';
import { openBrowser } from 'rostra/testing';
import { scene } from './fixture.ts';

type Scene = Awaited<ReturnType<typeof scene>>;

/** Subscribers out of a list that says yes for them, and proves it for nobody. */
async function bringIn(s: Scene, people: Record<string, string>): Promise<string[]> {
  const get = s.app.get('email');
  const ids: string[] = [];
  for (const [name, country] of Object.entries(people)) {
    const { id } = await get(People).upsert(s.scope, {
      ...{ emailAddress: `${name}@example.org`, givenName: name, source: 'import.list' },
      postalAddress: { country },
    });
    await get(Newsletters).subscribe(s.scope, id, s.newsletter.id);
    ids.push(id);
  }
  const at = { root: s.scope.organization.id, at: s.scope.now() };
  await s.scope.db.raw(
    `insert into people.import (organization_id, file_name, columns, rows, by_name, created_at)
     values (:root, 'f', '{}', 2, 'Sam', :at)`,
    at,
  );
  await s.scope.db.raw(
    `insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
     select id, :root, 'email', (select max(id) from people.import), :at from people.person`,
    at,
  );
  return ids;
}

const readers = ({ taken }: Scene) =>
  taken.map((mail) => [mail.to].flat()[0]?.text ?? '').toSorted();

for (const [width, dark, locale] of [
  [360, true, 'fr'],
  [1280, false, 'en'],
] as const) {
  test.serial(
    `at ${width} pixels those without proof are found, asked once, and who confirms is written to`,
    async (t) => {
      const s = await scene(t, { count: 0, locale });
      await bringIn(s, { zoe: 'FR', ali: 'FR', bo: 'FR' });
      const id = await s.write();
      const staff = await s.app.staff('administrator');
      await s.scope.db.raw('update core.account set locale = :locale', { locale });
      const browser = await openBrowser(t, {
        width,
        dark,
        locale: locale === 'fr' ? 'fr-FR' : 'en',
      });
      const { page } = browser;
      const value = staff.cookies.get('rostra') ?? '';
      await page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
      const look = async (name: string) => {
        await browser.shot(`reconfirm-${name}-${width}`);
        t.deepEqual(await browser.violations(), [], name);
        t.is(await browser.overflow(), 0, name);
      };
      const asking = async () => ((await page.textContent('#ask')) ?? '').replace(/\s+/g, ' ');
      await page.goto(`${s.app.url}/admin/outreach/${id}`);
      await look('1-before');
      await page.click('a[href$="#ask"]');
      await page.locator('#ask').waitFor();
      await look('2-asking');
      t.regex(await asking(), /3 pe(ople|rsonnes)/);
      const posted = page.waitForResponse(/\/reach\/ask$/);
      await page.click('form[action$="/reach/ask"] button');
      await posted;
      await s.app.drain();
      t.deepEqual(readers(s), ['ali@example.org', 'bo@example.org', 'zoe@example.org']);
      await page.goto(`${s.app.url}/admin/people/reach?purpose=campaign&channel=email`);
      t.is(await page.locator('form[action$="/reach/ask"]').count(), 0, 'nobody is left to ask');
      t.regex(await asking(), /3 .*(Nobody confirmed|Personne n’a encore confirmé)/);
      const mail = s.taken.find(({ to }) => [to].flat()[0]?.text === 'zoe@example.org');
      const link = /https?:\/\/\S+\/confirm\/[\w.-]+/.exec(mail?.text ?? '')?.[0] ?? '';
      await page.goto(link);
      await look('3-confirm');
      await page.click('main form button');
      await page.locator('main form').waitFor({ state: 'detached' });
      await look('4-confirmed');
      await page.goto(`${s.app.url}/admin/people/reach?purpose=campaign&channel=email`);
      await look('5-numbers');
      t.regex(await asking(), /1 (confirmed|personne a confirmé).*2 (did not|personnes n’ont pas)/);
      await staff.post('/admin/people/reach/ask', {});
      await s.app.drain();
      t.is(s.taken.length, 3, 'nobody is asked twice');
      await staff.post(`/admin/outreach/${id}/release`, { version: '1', when: 'now' });
      await s.app.drain();
      const [letter] = s.taken.slice(3);
      t.is(s.taken.length, 4);
      t.is([letter?.to].flat()[0]?.text, 'zoe@example.org');
      t.deepEqual(browser.complaints, []);
    },
  );
}

test.serial(
  'each country’s law is asked: where no proof is wanted, nobody is asked for one',
  async (t) => {
    const s = await scene(t, { count: 0, jurisdiction: 'us', locale: 'en' });
    await bringIn(s, { zoe: 'FR', ann: 'US' });
    const staff = await s.app.staff('administrator');
    const page = await staff.get('/admin/people/reach?purpose=campaign&channel=email');
    t.regex(page.body, /Ask 1 person to confirm/);
    await staff.post('/admin/people/reach/ask', {});
    await s.app.drain();
    t.deepEqual(readers(s), ['zoe@example.org']);
  },
);

// Letters on the site: who reads which, by what address, and when they are gone.
import test from 'ava';
import { openBrowser, sisterFaults } from 'rostra/testing';
import * as archive from './archive.sql.ts';
import { lettersAPage } from './archive.ts';
import { scene } from './fixture.ts';

const home = '/admin/email/archive';

test('who got a letter reads it on the site by the link at its head, without a word about them, and nobody else finds it', async (t) => {
  const s = await scene(t);
  const id = await s.send();
  const [, link = ''] =
    /href="http:\/\/localhost:\d+(\/letters\/open\/[^"]+)"/.exec(String(s.taken[0]?.html)) ?? [];
  t.truthy(link, String(s.taken[0]?.html));
  t.regex(s.taken[0]?.text ?? '', /Lire en ligne/);
  const page = await s.app.visitor().get(link);
  t.is(page.status, 200, page.body);
  t.regex(page.body, /Cher ami, lisez <a href="\/bilan">/);
  t.notRegex(page.body, /Jeanne0|lecteur0|unsubscribe/);
  t.is(page.headers.get('Cache-Control'), 'no-store');
  t.regex(page.headers.get('X-Robots-Tag') ?? '', /noindex/);
  const letter = await archive.findLetterOf(s.scope, id);
  t.is((await s.app.visitor().get(`/letters/${s.newsletter.key}`)).status, 404);
  t.is((await s.app.visitor().get(`/letters/${s.newsletter.key}/${letter?.key}`)).status, 404);
  t.is((await s.app.visitor().get(`${link.slice(0, -2)}AA`)).status, 404);
});

test('an open archive lists what was sent, newest first, and neither drafts nor what was cancelled', async (t) => {
  const s = await scene(t);
  await s.send({ subject: 'La première' });
  s.app.clock.set('2026-11-24T10:05:00Z');
  await s.send({ subject: 'La deuxième' });
  const taken = await s.send({ subject: 'Celle de trop' });
  await s.write({ subject: 'Un brouillon' });
  await s.scope.db.raw(
    `
    update outreach.send set state = 'cancelled' where id = :taken`,
    { taken },
  );
  const opened = await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'yes' });
  t.is(opened.status, 303, opened.body);
  const list = await s.app.visitor().get(`/letters/${s.newsletter.key}`);
  t.is(list.status, 200);
  t.true(list.body.indexOf('La deuxième') < list.body.indexOf('La première'));
  t.true(list.body.indexOf('La deuxième') > 0);
  t.notRegex(list.body, /Un brouillon|Celle de trop/);
  const gone = await archive.findLetterOf(s.scope, taken);
  t.is((await s.app.visitor().get(`/letters/${s.newsletter.key}/${gone?.key}`)).status, 404);
  const [, path = ''] = /<h2><a href="([^"]+)">La deuxième/.exec(list.body) ?? [];
  t.is((await s.app.visitor().get(path)).status, 200);
  const feed = await s.app.visitor().get(`/letters/${s.newsletter.key}/feed.xml`);
  t.regex(feed.headers.get('Content-Type') ?? '', /atom/);
  t.regex(feed.body, /<title>La deuxième<\/title>/);
  const [, link = ''] =
    /href="http:\/\/localhost:\d+(\/letters\/open\/[^"]+)"/.exec(String(s.taken[1]?.html)) ?? [];
  t.is((await s.app.visitor().get(link)).location, path);
  await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'no' });
  t.is((await s.app.visitor().get(path)).status, 404);
  t.is((await s.app.visitor().get(link)).status, 200);
});

test('a long archive is read page by page', async (t) => {
  const s = await scene(t, { count: 0 });
  for (let place = 0; place < lettersAPage + 3; place += 1) {
    const sendId = await s.write({ subject: `Numéro ${place}.` });
    await s.scope.db.raw(
      `
      update outreach.send set state = 'done', approver = 'x', approved_at = created_at, starts_at = created_at
      where id = :sendId`,
      { sendId },
    );
    await archive.insertLetter(s.scope, { sendId, newsletterId: s.newsletter.id });
  }
  await archive.openArchive(s.scope, s.newsletter.id);
  const first = await s.app.visitor().get(`/letters/${s.newsletter.key}`);
  t.is(first.body.match(/Numéro/g)?.length, lettersAPage);
  const [, older = ''] = /href="(\?before=[0-9a-f]{16})"/.exec(first.body) ?? [];
  const second = await s.app.visitor().get(`/letters/${s.newsletter.key}${older}`);
  t.deepEqual(second.body.match(/Numéro \d+/g), ['Numéro 2', 'Numéro 1', 'Numéro 0']);
});

test('while an election commands silence no archive is opened, and what stood on the site stays', async (t) => {
  const s = await scene(t, { now: '2027-04-09T20:00:00Z' });
  const official = await s.app.staff('data-protection');
  await official.post('/admin/elections/new', {
    ...{ name: 'Présidentielle', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  await s.send();
  await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'yes' });
  s.app.clock.set('2027-04-09T23:00:00Z');
  t.is((await s.app.visitor().get(`/letters/${s.newsletter.key}`)).status, 200);
  await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'no' });
  const refused = await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'yes' });
  t.is(refused.status, 422);
  t.regex(refused.body, /Présidentielle/);
  t.is((await s.app.visitor().get(`/letters/${s.newsletter.key}`)).status, 404);
});

for (const [width, dark] of [
  [360, false],
  [1280, true],
] as const) {
  test(`archive and letter are read at ${width} pixels${dark ? ' in the dark' : ''}`, async (t) => {
    const s = await scene(t);
    await s.send();
    const browser = await openBrowser(t, { width, dark, locale: 'fr-FR' });
    await s.staff.post(home, { newsletterId: s.newsletter.id, open: 'yes' });
    const { page } = browser;
    const look = async (name: string) => {
      await browser.shot(`letters-${name}-${width}`);
      t.deepEqual(await browser.violations(), [], name);
      t.is(await browser.overflow(), 0, name);
    };
    await page.goto(`${s.app.url}/letters/${s.newsletter.key}`);
    await look('archive');
    await page.click('text=Bonjour chers amis');
    t.regex((await page.textContent('main')) ?? '', /Cher ami, lisez le bilan/);
    await look('letter');
    t.deepEqual(browser.complaints, []);
  });
}

test('staff see which newsletters stand on the site, on a telephone and on a desk', async (t) => {
  const s = await scene(t, { count: 0 });
  await archive.openArchive(s.scope, s.newsletter.id);
  for (const width of [360, 1280]) {
    const browser = await openBrowser(t, { width, dark: width === 360, locale: 'fr-FR' });
    const value = s.staff.cookies.get('rostra') ?? '';
    await browser.page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
    await browser.page.goto(`${s.app.url}${home}`);
    await browser.shot(`letters-staff-${width}`);
    t.regex((await browser.page.textContent('main')) ?? '', /Lisibles par tous|Everybody reads/);
    t.deepEqual(await browser.violations(), []);
    t.is(await browser.overflow(), 0);
  }
});

test('a sister chapter reads and changes nothing of the letters on the site', async (t) => {
  const s = await scene(t, { count: 0 });
  const [own, sister] = [await s.app.chapter('Lyon'), await s.app.chapter('Lille')];
  const lyon = s.app.scope(own);
  await archive.insertLetter(lyon, { sendId: '7', newsletterId: '9' });
  await archive.openArchive(lyon, '9');
  const key = (await archive.findLetterOf(lyon, '7'))?.key ?? '';
  const faults = await sisterFaults(
    {
      ...{ app: s.app, own, sister, folder: import.meta.dirname, files: /^archive/ },
      tables: ['email.archive', 'email.letter'],
    },
    {
      reads: {
        findArchives: (scope) => archive.findArchives(scope),
        findLetters: (scope) => archive.findLetters(scope, '9', { most: 9 }),
        findLetter: (scope) => archive.findLetter(scope, key),
        findLetterOf: (scope) => archive.findLetterOf(scope, '7'),
      },
      writes: { closeArchive: (scope) => archive.closeArchive(scope, '9') },
      unbounded: {
        ...{ openArchive: 'inserts', insertLetter: 'inserts' },
        deleteInvented: 'of invented chapters, by the party alone',
      },
    },
  );
  t.deepEqual(faults, []);
});

// From the setting to the second mail of a thread, in a real browser: a mailbox is named, a letter answered, and written back to.
import test from 'ava';
import { simpleParser } from 'mailparser';
import { type Browser, openBrowser } from 'rostra/testing';
import { startImap } from './bounce-imap.ts';
import { readMailbox } from './bounce-mailbox.ts';
import { scene } from './hooks/fixture.ts';
import { gmail, letterOf, mutt } from './testing/fixture.ts';

test('a mailbox is named, a letter is sent and answered, staff write back, and the reader gets it', async (t) => {
  const imap = await startImap(t);
  const s = await scene(t, {});
  const staff = await s.app.staff('administrator');
  const value = staff.cookies.get('rostra') ?? '';
  const open = async (options: Parameters<typeof openBrowser>[1]): Promise<Browser> => {
    const browser = await openBrowser(t, options);
    await browser.page.context().addCookies([{ name: 'rostra', value, url: s.app.url }]);
    return browser;
  };
  const desk = await open({ width: 1280, locale: 'en-GB' });
  const phone = await open({ width: 360, height: 780, dark: true, locale: 'fr-FR' });
  const look = async (browser: Browser, name: string) => {
    await browser.shot(`answers-${name}`);
    t.deepEqual(await browser.violations(), [], name);
    t.is(await browser.overflow(), 0, name);
  };
  const speak = (locale: string) =>
    s.app.house.database.db.raw('update core.account set locale = :locale', { locale });
  const { page } = desk;
  const at = `${s.app.url}/admin/email/answers`;

  await speak('en');
  await page.goto(at);
  await look(desk, 'unset');
  await page.click('text=Name the mailbox');
  await page.fill('[name=answersAddress]', 'reponses@parti.example');
  await page.fill('[name=answersServer]', imap.url);
  await page.click('main form .button.primary');
  await page.locator('[data-toast]').waitFor();
  t.is(await page.inputValue('[name=answersAddress]'), 'reponses@parti.example');
  await page.goto(`${s.app.url}/admin/email/senders`);
  t.regex(
    await page.innerText('main'),
    /Answers go to reponses@parti\.example and are read under Messages/,
  );

  const letters = await Promise.all((await s.send()).map(letterOf));
  const [first, second, third] = letters.toSorted((a, b) => a.to.localeCompare(b.to));
  if (!first || !second || !third) return t.fail();
  imap.put(gmail(first, { said: 'Bonjour, à quelle heure samedi ?', id: '<q@mail.example>' }));
  imap.put(mutt(second, { said: 'STOP' }));
  imap.put(mutt({ ...third, replyTo: 'reponses@parti.example' }, { said: 'STOP' }));
  await readMailbox(s.scope, s.deps, 'answersServer');

  await page.goto(at);
  t.regex(await page.innerText('main'), /à quelle heure samedi/);
  await look(desk, 'list');
  await page.click('text=à quelle heure samedi >> xpath=preceding::a[1]');
  await page.locator('[name=text]').waitFor();
  await look(desk, 'one');
  await page.fill('[name=text]', 'À 18 h, devant la mairie.');
  await page.click('text=Send the answer');
  await page.locator('.answer-thread >> text=À 18 h, devant la mairie.').waitFor();
  await s.app.drain();
  const mail = await simpleParser(s.sink.taken.at(-1)?.source ?? '');
  t.is(mail.inReplyTo, '<q@mail.example>');
  t.is(mail.replyTo?.value[0]?.address, first.replyTo);
  t.is([mail.to].flat()[0]?.value[0]?.address, first.to);
  t.regex(mail.text ?? '', /À 18 h, devant la mairie\./);

  imap.put(gmail(await letterOf(s.sink.taken.at(-1) ?? { source: '' }), { said: 'Merci !' }));
  await readMailbox(s.scope, s.deps, 'answersServer');
  await speak('fr');
  await phone.page.goto(at);
  await look(phone, 'list-phone');
  await phone.page.click('.answers li:has-text("Merci") a');
  await phone.page.locator('.answer-thread .ours').waitFor();
  await look(phone, 'thread-phone');
  await phone.page.goto(at);
  await phone.page.click('.answers li:has-text("Adresse non prouvée") a');
  await phone.page.click('text=Arrêter pour cette personne');
  await phone.page.locator('main >> text=/l’a fait/').waitFor();
  await look(phone, 'stopped-phone');
  const { rows } = await s.scope.db.raw(
    'select person_id as id from people.subscription where until is not null',
  );
  t.deepEqual(rows.map(({ id }: { id: string }) => id).sort(), s.ids.slice(1).sort());
  await phone.page.goto(`${s.app.url}/admin/people/${s.ids[0]}`);
  await phone.page.click('text=A répondu à une lettre >> nth=0');
  await phone.page.locator('.answer-text').first().waitFor();
  t.deepEqual([...desk.complaints, ...phone.complaints], []);
});

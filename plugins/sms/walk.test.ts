// In a real browser: a text message is written, counted, released, sent, answered, and the answer answered.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { numberOf, scene } from './fixture.ts';

for (const way of [
  { width: 1440, height: 900, dark: false },
  { width: 360, height: 780, dark: true },
]) {
  test.serial(`at ${way.width} pixels a text message goes out and is answered`, async (t) => {
    const s = await scene(t);
    const browser = await openBrowser(t, { ...way, locale: 'en-GB' });
    const { page } = browser;
    const look = async (name: string) => {
      await browser.shot(`sms-${name}-${way.width}`);
      t.deepEqual(await browser.violations(), [], name);
      t.is(await browser.overflow(), 0, name);
    };
    // The page says it by itself, once it is shown.
    const isRead = () => page.waitForSelector('.sms-unread', { state: 'detached' });
    const staff = await s.app.staff();
    const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: s.app.url }));
    await page.context().addCookies(cookies);
    await page.goto(`${s.app.url}/admin/sms/new`);
    await page.fill('[name=text]', 'Venez à la fête samedi');
    await page.waitForSelector('text=/.ê. (is not|n’existe)/');
    await look('1-odd');
    await page.fill('[name=text]', 'Bonjour {{prénom|chers amis}}, venez samedi.');
    await page.click('main form.form >> button >> nth=0');
    await page.waitForURL(/\/sms\/\d+$/);
    await look('2-written');
    // Changed and not saved: it goes along.
    await page.fill('[name=text]', 'Bonjour {{prénom|chers amis}}, venez dimanche.');
    await page.click('header.head .acts button');
    await look('3-before');
    await page.click('main button.primary');
    await page.waitForSelector('#progress');
    await s.app.drain();
    t.deepEqual(s.taken.map(({ to }) => to).sort(), [0, 1, 2].map(numberOf));
    t.true(s.taken.every(({ text }) => /venez dimanche/.test(text)));
    await page.reload();
    await look('4-results');
    await s.hear('Je viens avec deux amis', numberOf(1));
    await s.hear('Merci de mettre STOP à ces messages', numberOf(2));
    await page.goto(`${s.app.url}/admin/sms/inbox`);
    await look('5-inbox');
    await page.click('.sms-threads a >> nth=1');
    await isRead();
    t.regex((await page.textContent('main')) ?? '', /Je viens avec deux amis/);
    await page.fill('[name=text]', 'A samedi !');
    await page.click('main button.primary');
    await page.waitForSelector('.sms-lines >> text=A samedi');
    await s.app.drain();
    t.is(s.taken.at(-1)?.text, 'A samedi !');
    await page.reload();
    await look('6-thread');
    await page.goto(`${s.app.url}/admin/sms/inbox?of=unread`);
    await page.click('.sms-threads a >> nth=0');
    await isRead();
    await look('7-asks-stop');
    await page.click('.notice.warn button >> nth=0');
    await page.waitForSelector('.notice.law');
    await look('8-stopped');
    t.deepEqual(browser.complaints, []);
  });
}

// In a real browser: a letter to those with a tag, from the field in which it is chosen to the record that stays.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { addressOf, makeTagged, scene } from './fixture.ts';

test('a letter to a tag is written, looked at, declared, sent, left and found in the record, wide and narrow, by day and by night', async (t) => {
  const s = await scene(t, { count: 1 });
  const four = [{}, {}, { yeses: ['email'] as const }, { birthDate: '2011-01-02' }];
  const { tagId } = await makeTagged(s.app, s.scope, 'bénévole', four);
  const staff = await s.app.staff();
  const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: s.app.url }));
  for (const way of [
    { width: 1440, height: 900, dark: false },
    { width: 360, height: 780, dark: true },
  ]) {
    const browser = await openBrowser(t, { ...way, locale: 'fr-FR' });
    const { page } = browser;
    const look = async (name: string) => {
      await browser.shot(`audience-${name}-${way.width}`);
      t.deepEqual(await browser.violations(), [], name);
      t.is(await browser.overflow(), 0, name);
    };
    await page.context().addCookies(cookies);
    await page.goto(`${s.app.url}/admin/@lyon/email/new`);
    await page.selectOption('[name=to]', `tag-${tagId}`);
    await page.fill('[name=subject]', 'À nos bénévoles');
    await page.fill('[name=text]', 'Rendez-vous samedi.');
    await look('1-to');
    await page.click('button.primary[name=do][value=save]');
    await page.waitForURL(/\/email\/\d+$/);
    t.is(await page.inputValue('[name=to]'), `tag-${tagId}`);
    await page.click('header.head .acts button.primary');
    await page.waitForSelector('[name=declared]');
    await look('2-before');
    const before = (await page.textContent('main')) ?? '';
    t.regex(before, /2 (people get it|personnes le reçoivent)/);
    await page.click('main form.form button.primary');
    await page.waitForSelector('[role=alert], .errors');
    await look('3-fault');
    await page.check('[name=declared]');
    await page.click('main form.form button.primary');
    await page.waitForSelector('#progress');
    s.sink.taken.length = 0;
    await s.app.drain();
    await page.reload();
    await look('4-sent');
    t.deepEqual(s.sink.readers().sort(), [500, 501].map(addressOf));
    await page.goto(`${s.app.url}/admin/@lyon/outreach/selections`);
    await look('5-record');
    const isWhole = '(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)';
    t.true(
      await page.evaluate(`${isWhole}(document.querySelector('.table'))`),
      'all of it is seen',
    );
    const html = String(s.sink.taken.at(-1)?.html);
    const linkTo = (path: string) =>
      new RegExp(`href="(http://localhost:\\d+/${path}/[^"]+)"`).exec(html)?.[1] ?? '';
    await page.goto(linkTo('transparency'));
    await look('6-transparency');
    await page.goto(linkTo('unsubscribe'));
    await look('7-stop');
    await page.goto(`${linkTo('unsubscribe')}/choose`);
    await look('8-choose');
    t.deepEqual(
      browser.complaints.filter((one) => !/status of 422/.test(one)),
      [],
    );
  }
});

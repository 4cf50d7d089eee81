// The form of a recipient in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { makeRecipient, openDesk } from './fixture.ts';

const readers = [
  { locale: 'en', width: 1440, dark: false },
  { locale: 'fr', width: 390, dark: true },
];

test('the form of a recipient fits all readers, and what is wrong stands beside its field', async (t) => {
  const { app, scope } = await openDesk(t, 'fr');
  await makeRecipient(scope, { kind: 'candidate', election: 'Municipales 2026' });
  const treasurer = await app.staff('treasurer');
  for (const { locale, width, dark } of readers) {
    await scope.write((own) => own.db('core.account').update({ locale }));
    const browser = await openBrowser(t, { width, dark, height: 1400 });
    const { page } = browser;
    const cookies = [...treasurer.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await page.context().addCookies(cookies);
    await page.goto(`${app.url}/admin/fundraising/new`);
    t.is(await page.locator('#elections option').getAttribute('value'), 'Municipales 2026');
    const check = async (name: string): Promise<void> => {
      await browser.shot(`recipient-${name}-${locale}-${width}`);
      t.deepEqual(await browser.violations(), [], `${name} ${locale}`);
      t.is(await browser.overflow(), 0, `${name} ${locale}`);
    };
    await check('new');
    await page.check('[name=kind][value=candidate]');
    await page.fill('[name=name]', 'Zoé Martin');
    await page.selectOption('[name=collector]', 'financial_agent');
    await page.fill('[name=agent]', 'Luc Roy');
    await page.fill('[name=address]', 'Lyon');
    await page.fill('[name=currency]', 'XPF');
    await page.click('form.form .acts button');
    await page.waitForSelector('#f-currency-fault');
    t.regex((await page.textContent('#f-currency-fault')) ?? '', /EUR/);
    t.is(await page.inputValue('[name=name]'), 'Zoé Martin');
    t.true(await page.isVisible('#f-election-fault'));
    await check('wrong');
    t.deepEqual(
      browser.complaints.filter((line) => !/422/.test(line)),
      [],
    );
  }
});

test('on a telephone the tab that is open is in sight, however many stand before it', async (t) => {
  const { app } = await openDesk(t, 'fr');
  const treasurer = await app.staff('treasurer');
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{ kind: 'party', name: 'AF', address: 'Lyon' },
    ...{ collector: 'financing_association', agent: 'AF' },
  });
  const { page } = await openBrowser(t, { width: 360 });
  const cookies = [...treasurer.cookies].map(([name, value]) => ({ name, value, url: app.url }));
  await page.context().addCookies(cookies);
  for (const tab of ['', '/batches', '/accounts', '/offices', '/close']) {
    await page.goto(`${app.url}${made.location}${tab}`);
    const box = await page.locator('.tabs [aria-current]').boundingBox();
    t.true(box !== null && box.x >= 0 && box.x + box.width <= 360, tab);
    t.is(await page.evaluate('scrollY'), 0);
  }
});

// Lists, receipts and official numbers in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';
import { give } from './lists/fixture.ts';
import { cancelReceipt, issueReceipt } from './receipt.ts';

const readers = [
  { locale: 'en', width: 1440, dark: false },
  { locale: 'fr', width: 390, dark: true },
];

test('lists, receipts and official numbers break no rule of accessibility and fit a telephone', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const scope = app.scope();
  const treasurer = await app.staff('treasurer');
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{ kind: 'party', name: 'AF du Parti', agent: 'AF du Parti', address: 'Lyon' },
    ...{ collector: 'financing_association', currency: 'EUR' },
  });
  const home = made.location ?? '';
  const recipientId = home.split('/').at(-1) ?? '';
  for (const { locale, width, dark } of readers) {
    await scope.write((own) => own.db('core.account').update({ locale }));
    const browser = await openBrowser(t, { width, dark, height: 1400 });
    const cookies = [...treasurer.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    const check = async (name: string): Promise<void> => {
      await browser.shot(`papers-${name}-${locale}-${width}`);
      t.deepEqual(await browser.violations(), [], `${name} ${locale}`);
      t.is(await browser.overflow(), 0, `${name} ${locale}`);
    };
    const look = async (path: string, name: string): Promise<void> => {
      await browser.page.goto(`${app.url}${home}/${path}`);
      await check(name);
    };
    await look('lists', 'lists');
    await look('receipts', `receipts-${locale === 'en' ? 'none' : 'some'}`);
    const gift = await give(scope, recipientId);
    const id = await issueReceipt(scope, gift);
    const other = await give(scope, recipientId);
    await issueReceipt(scope, other);
    await cancelReceipt(scope, other, 1_000);
    await look(`receipts/${id}`, 'receipt');
    await look('receipts', 'receipts');
    await look('receipts/numbers', 'numbers');
    await browser.page.fill('[name=text]', `${gift.id};CN-${width}\n999999;CN-2`);
    await browser.page.click('form[enctype] button');
    await check('check');
    await browser.page.click('form[action$=run] button');
    await check('numbers-done');
    await browser.page.click('form[action$=forms] button');
    await check('numbers-faults');
    t.deepEqual(
      browser.complaints.filter((one) => !/422/.test(one)),
      [],
    );
  }
});

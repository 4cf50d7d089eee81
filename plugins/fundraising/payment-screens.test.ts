// Accounts at providers and refunds in a real browser: readable by everybody, in both languages, narrow enough for a telephone.
import test from 'ava';
import { openBrowser } from 'rostra/testing';
import { openHouse, pay, reconcileIn } from './payments/fixture.ts';
import { sendBack } from './refund.ts';

const readers = [
  { locale: 'en', width: 1440, dark: false },
  { locale: 'fr', width: 390, dark: true },
];

test('accounts and refunds break no rule of accessibility and fit a telephone', async (t) => {
  const house = await openHouse(t);
  const { app, recipient, scope, deps } = house;
  const { id } = await pay(house, 2_500);
  await reconcileIn(house, 10);
  const treasurer = await app.staff('treasurer');
  const { db } = app.house.database;
  await db.raw(
    `insert into fundraising.office (recipient_id, account_id, duty, since)
     select :id, max(id), 'treasurer', :now from core.account`,
    { id: recipient.id, now: scope.now() },
  );
  const order = { donationId: id, amountMinor: 500, why: 'Given twice', byHand: false };
  await sendBack(scope, deps, order);
  const home = `${app.url}/admin/fundraising/${recipient.id}`;
  for (const { locale, width, dark } of readers) {
    await db('core.account').update({ locale });
    const browser = await openBrowser(t, { width, dark, height: 1600 });
    const cookies = [...treasurer.cookies].map(([name, value]) => ({ name, value, url: app.url }));
    await browser.page.context().addCookies(cookies);
    const check = async (name: string): Promise<void> => {
      await browser.shot(`payments-${name}-${locale}-${width}`);
      t.deepEqual(await browser.violations(), [], `${name} ${locale}`);
      t.is(await browser.overflow(), 0, `${name} ${locale}`);
    };
    await browser.page.goto(`${home}/accounts`);
    await check('accounts');
    await browser.page.locator('form[action$="accounts/stripe"] input').first().fill('pk_live_1');
    await browser.page.locator('form[action$="accounts/stripe"]').evaluate((form) => {
      form.setAttribute('novalidate', '');
    });
    await browser.page.locator('form[action$="accounts/stripe"] button').click();
    await check('faults');
    await browser.page.goto(`${home}/donations/${id}`);
    await check('refund');
    t.deepEqual(
      browser.complaints.filter((one) => !/422/.test(one)),
      [],
    );
  }
});

// The steps of giving as people meet them: on a telephone, in the dark, by keyboard, in French, without script.
import test from 'ava';
import { frenchWords, inLyon, openDonor, openSite, person } from './routes/fixture.ts';

const told = { ...person, ...inLyon, nationality: 'FR', ...frenchWords };
const readers = [
  { locale: 'en', width: 360, dark: false },
  { locale: 'fr', width: 390, dark: true },
  { locale: 'fr', width: 1440, dark: false },
];

test.serial(
  'each step breaks no rule of accessibility and fits a telephone, light and dark, in both languages',
  async (t) => {
    for (const { locale, width, dark } of readers) {
      const site = await openSite(t, 'fr', { locale });
      const goal = { 'settings.goal': '500', 'settings.showsProgress': 'true' };
      const { path } = await site.publish({}, goal);
      const donor = await openDonor(t, site, { width, dark, height: 1500 });
      const check = async (name: string): Promise<void> => {
        await donor.shot(`give-${name}-${locale}-${width}`);
        t.deepEqual(await donor.violations(), [], `${name} ${locale}`);
        t.is(await donor.overflow(), 0, `${name} ${locale}`);
      };
      await donor.page.goto(site.app.url + path);
      await check('1-amount');
      await donor.give(path);
      await check('2-you');
      await donor.tell({ email: 'nobody' });
      await check('2-faults');
      await donor.tell(told);
      await donor.page.locator('iframe').waitFor();
      await check('3-pay');
      await donor.pay();
      await check('4-thanks');
      const others = donor.complaints.filter((one) => !/422/.test(one));
      t.deepEqual(others, []);
    }
  },
);

test.serial('all of it can be done by keyboard alone', async (t) => {
  const site = await openSite(t, 'gb');
  const { path } = await site.publish({ currency: 'GBP' });
  const { page } = await openDonor(t, site, { width: 1440 });
  await page.goto(site.app.url + path);
  const { keyboard } = page;
  const reach = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      await keyboard.press('Tab');
      if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    }
    t.fail(`${selector} cannot be reached`);
  };
  await reach('[name=amount]');
  await keyboard.press('ArrowRight');
  t.is(await page.inputValue('[name=amount]:checked'), '50.00');
  await reach('.give-amounts .button');
  await keyboard.press('Enter');
  for (const [name, text] of Object.entries(person)) {
    await reach(`[name=${name}]`);
    await keyboard.type(text);
  }
  await keyboard.press('Enter');
  await page.locator('iframe').waitFor();
  await reach('#give-pay .button');
  await keyboard.press('Enter');
  await page.waitForURL('**/give/thanks/**');
  t.is((await site.gifts())[0]?.amount_minor, '5000');
});

test.serial('without script the first two steps work, and the third says what to do', async (t) => {
  const site = await openSite(t, 'fr');
  const { path } = await site.publish();
  const donor = await openDonor(t, site, { scripts: false, height: 1200 });
  await donor.give(path, '30');
  await donor.tell(told);
  await donor.page.waitForURL('**/give/pay/**');
  await donor.shot('give-3-pay-noscript');
  const text = await donor.text();
  t.regex(text, /needs JavaScript/);
  t.regex(text, /transfer or cheque: donnees@example\.org/);
  t.false(await donor.page.isVisible('#give-pay .button'));
  t.is((await site.gifts())[0]?.state, 'pledged');
});

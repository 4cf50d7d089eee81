// Giving when something goes wrong: nothing that was typed is lost, and nobody pays twice.
import test from 'ava';
import { findPaymentOf } from './payment.sql.ts';
import { settlePayment } from './payment-settle.ts';
import { frenchWords, inLyon, openDonor, openSite, person } from './routes/fixture.ts';

const told = { ...person, ...inLyon, nationality: 'FR', ...frenchWords };
const form = {
  ...{ ...person, ...inLyon, nationality: 'FR', country: 'FR', method: 'card', amount: '25' },
  ...Object.fromEntries(Object.keys(frenchWords).map((name) => [name, 'true'])),
  key: '8f14e45f-ceea-467f-a9b2-000000000001',
};

test.serial(
  'while the provider is away the gift is kept; tried again, it is the same payment',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    site.stripe.become('down');
    await donor.give(path, '40');
    await donor.tell(told);
    await donor.page.locator('.notice', { hasText: 'nothing you wrote is lost' }).waitFor();
    site.stripe.become('well');
    await donor.page.click('.ask-form .button');
    await donor.pay();
    t.regex(await donor.text(), /Thank you/);
    t.is(site.stripe.intents().length, 1);
    t.is((await site.gifts()).length, 1);
  },
);

test.serial(
  'who comes back without having paid is told so, and goes on to the same payment',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path);
    await donor.tell(told);
    const thanks = donor.page.url().replace('/pay/', '/thanks/');
    await donor.page.goto(thanks);
    t.regex(await donor.text(), /Not paid yet/);
    await donor.page.click('text=Go on to pay');
    await donor.pay();
    await donor.page.reload();
    t.regex(await donor.text(), /Thank you/);
    t.is(site.stripe.intents().length, 1);
    t.is((await site.mails()).length, 1, 'looked at twice, thanked by mail once');
  },
);

test.serial('pressed twice, sent twice and paid in two tabs it is one gift', async (t) => {
  const site = await openSite(t, 'fr');
  const { path, pageId } = await site.publish();
  const visitor = site.app.visitor();
  const sent = await Promise.all([1, 2].map(() => visitor.post(`/give/${pageId}`, form)));
  t.deepEqual(
    sent.map(({ location }) => location),
    [`/give/pay/${form.key}`, `/give/pay/${form.key}`],
  );
  const [donor, tab] = [await openDonor(t, site), await openDonor(t, site)];
  for (const { page } of [donor, tab]) await page.goto(`${site.app.url}/give/pay/${form.key}`);
  await donor.page.locator('iframe').waitFor();
  await donor.page.dblclick('#give-pay .button');
  await donor.page.waitForURL('**/give/thanks/**');
  await tab.pay();
  t.regex(await tab.text(), /Thank you/);
  t.is(site.stripe.intents().length, 1);
  t.is((await site.gifts()).length, 1);
  t.is(site.stripe.balance(), 2500 - 63, 'what was paid, without the fee');
  t.truthy(path);
});

test.serial('a card that is declined is told beside it, and another may be tried', async (t) => {
  const site = await openSite(t, 'fr');
  const { path } = await site.publish();
  const donor = await openDonor(t, site);
  donor.become('declined');
  await donor.give(path);
  await donor.tell(told);
  await donor.page.locator('iframe').waitFor();
  await donor.page.click('#give-pay .button');
  await donor.page.locator('#give-fault', { hasText: 'Your card was declined.' }).waitFor();
  donor.become('paying');
  await donor.pay();
  t.is((await site.gifts())[0]?.state, 'accepted');
});

test.serial(
  'when Stripe’s script cannot be had, the donor is told that nothing was taken',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    donor.become('unreachable');
    await donor.give(path);
    await donor.tell(told);
    await donor.page.locator('#give-element', { hasText: 'Nothing was taken' }).waitFor();
    t.true(await donor.page.isDisabled('#give-pay .button'));
  },
);

test.serial(
  'a page that is switched off between the steps says so at each of them, and takes nothing',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { pageId } = await site.publish();
    const visitor = site.app.visitor();
    t.is((await visitor.post(`/give/${pageId}`, form)).status, 303);
    const { db } = site.app.scope();
    await db('website.page').where({ id: pageId }).update({ state: 'draft' });
    const asked = await visitor.get(`/give/${pageId}?amount=25`);
    t.is(asked.status, 410);
    t.regex(asked.body, /Nothing was taken/);
    const sent = await visitor.post(`/give/${pageId}`, {
      ...form,
      key: form.key.replace(/1$/, '2'),
    });
    t.is(sent.status, 410);
    t.is((await visitor.get(`/give/pay/${form.key}`)).status, 410);
    t.is((await site.gifts()).length, 1);
    t.is(site.stripe.intents().length, 0);
  },
);

test.serial(
  'an amount changed on the way and a means that is not offered are judged again',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { pageId } = await site.publish();
    const visitor = site.app.visitor();
    const refused = async (more: object, why: RegExp): Promise<void> => {
      const answer = await visitor.post(`/give/${pageId}`, { ...form, ...more });
      t.is(answer.status, 422);
      t.regex(answer.body, why);
    };
    await refused({ amount: '9000' }, /At most €7,500/);
    await refused({ amount: '-5' }, /Write an amount/);
    await refused({ method: 'transfer' }, /not possible here now/);
    await refused({ nationality: '', line1: '' }, /wants this known/);
    t.deepEqual(await site.gifts(), []);
  },
);

test.serial(
  'a gift that was given elsewhere in the meantime counts: what is too much is said, and nothing typed is lost',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path, pageId } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path, '4000');
    const other = { ...form, amount: '4000' };
    t.is((await site.app.visitor().post(`/give/${pageId}`, other)).status, 303);
    await donor.tell(told);
    t.regex(await donor.page.innerText('#f-amount-fault'), /under this name before/);
    t.is(await donor.page.inputValue('[name=line1]'), inLyon.line1);
  },
);

test.serial(
  'a machine that fills in what nobody sees is sent away, and one that tries too often has to wait',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path, pageId } = await site.publish();
    const visitor = site.app.visitor();
    const trapped = await visitor.post(`/give/${pageId}`, { ...form, homepage: 'https://spam' });
    t.is(trapped.location, path);
    for (let tries = 0; tries < 10; tries += 1) {
      await visitor.post(`/give/${pageId}`, { ...form, amount: '7600' });
    }
    const over = await visitor.post(`/give/${pageId}`, form);
    t.regex(over.body, /Too many tries/);
    t.regex(over.body, /value="Martin"/);
    t.deepEqual(await site.gifts(), []);
  },
);

test.serial(
  'each step of a recipient for trying out says so, and the preview of a page takes nothing',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path, pageId } = await site.publish();
    const visitor = site.app.visitor();
    t.is((await visitor.post(`/give/${pageId}`, form)).status, 303);
    const steps = [path, `/give/${pageId}?amount=5`, `/give/pay/${form.key}`];
    for (const step of [...steps, `/give/thanks/${form.key}`]) {
      const { body } = await visitor.get(step);
      t.regex(body, /no real money is taken/, step);
      t.regex(body, /is-trial" data-mark="Test"/, step);
    }
    const editor = await site.app.staff('web-editor');
    const shown = await editor.get(`/admin/website/pages/${pageId}`);
    const [, key = ''] = /\/preview\/([\w-]+)/.exec(shown.body) ?? [];
    const preview = await visitor.get(`/preview/${key}`);
    t.regex(preview.body, /In the preview nothing can be given/);
    t.notRegex(preview.body, /class="button" type="submit"/);
  },
);

test.serial(
  'a tracking code and a recruiter survive from the page’s own address to the gift, without script',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const scope = site.app.scope();
    const { id } = await site.deps.people.upsert(scope, { familyName: 'Asker', source: 'test' });
    const donor = await openDonor(t, site, { scripts: false });
    await donor.give(`${path}?tracking=leaflet-7&recruiter=${id}`, '9000');
    await donor.page.click('text=Change the amount');
    t.regex(donor.page.url(), /tracking=leaflet-7/);
    await donor.page.fill('[name=other]', '30');
    await donor.page.click('.give-amounts .button');
    await donor.tell(told);
    const [gift] = await site.gifts();
    t.is(gift?.tracking, 'leaflet-7');
    t.is(gift?.recruiter_id, id);
    t.is(gift?.amount_minor, '3000');
  },
);

test.serial(
  'a donor is written to in the language they gave in, and once more when the money goes back',
  async (t) => {
    const site = await openSite(t, 'fr', { locale: 'fr' });
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path, '30');
    await donor.tell(told);
    const [intent] = site.stripe.intents();
    const [gift] = await site.gifts();
    // The provider's own call comes first: nobody's browser is there then.
    site.stripe.pay(String(intent?.id));
    const hear = async (): Promise<void> => {
      const scope = site.app.scope();
      const payment = await findPaymentOf(scope, String(gift?.id));
      await settlePayment(scope, site.deps, payment?.id ?? '');
    };
    await hear();
    await hear();
    await donor.page.reload();
    t.regex(await donor.text(), /Merci/);
    site.stripe.refund(String(intent?.id), 1000);
    await hear();
    await hear();
    const [thanks, back, ...more] = await site.mails();
    t.deepEqual(more, []);
    t.is(thanks?.locale, 'fr');
    t.regex(thanks?.subject ?? '', /^Merci pour votre don de 30,00/);
    t.regex(back?.text ?? '', /10,00/);
  },
);

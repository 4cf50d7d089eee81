// Giving in a real browser, as the law of Britain, the United States and Quebec has it: written from the law, not from the packs.
import test from 'ava';
import { sendBack } from './refund.ts';
import { declared, openDonor, openSite, person } from './routes/fixture.ts';

test.serial(
  'Britain: given 500 £ or less, then nobody is asked about the register, and it is kept at once',
  async (t) => {
    const site = await openSite(t, 'gb');
    const { path } = await site.publish({ currency: 'GBP' });
    const donor = await openDonor(t, site);
    await donor.give(path, '500');
    t.notRegex(await donor.text(), /electoral register/);
    t.is(await donor.page.locator('[name=line1]').count(), 0);
    await donor.tell(person);
    await donor.pay();
    t.is((await site.gifts())[0]?.state, 'accepted');
  },
);

test.serial(
  'Britain: given more than 500 £, then the register is asked for, the gift waits to be verified and the donor knows until when',
  async (t) => {
    const site = await openSite(t, 'gb');
    const { path } = await site.publish({ currency: 'GBP' });
    const donor = await openDonor(t, site);
    await donor.give(path, '500.01');
    t.regex(await donor.text(), /electoral register/);
    const home = { line1: '1 High Street', postcode: 'SW1A 1AA', locality: 'London' };
    await donor.tell({ ...person, ...home });
    t.regex(await donor.page.innerText('.give-wrong'), /only some people/);
    await donor.tell({ qualities: true });
    await donor.pay();
    t.regex(await donor.text(), /check first[\s\S]*23 December 2026|December 23, 2026/);
    const [gift] = await site.gifts();
    t.is(gift?.state, 'held');
    t.is(gift?.why, 'verify');
    t.regex((await site.mails())[0]?.text ?? '', /goes back to you by/);
  },
);

test.serial(
  'Britain: no limit and no tax relief are told, and the threshold of publication is',
  async (t) => {
    const site = await openSite(t, 'gb');
    const { path } = await site.publish({ currency: 'GBP' });
    const { body } = await site.app.visitor().get(path);
    t.regex(body, /£11,180/);
    t.notRegex(body, /At most|income tax/);
    t.regex(body, /Above £500\.00/);
  },
);

const american = {
  ...{ ...person, line1: '1 Elm Street', locality: 'Springfield', postcode: '62701' },
  ...{ region: 'IL', country: 'US' },
};
const americanWords = declared('citizen_or_permanent_resident', 'own_funds', 'not_company_card');

test.serial(
  'United States: who pays for the page stands there, and that a gift comes off no tax',
  async (t) => {
    const site = await openSite(t, 'us');
    const { path } = await site.publish({ name: 'Friends of Ada', currency: 'USD' });
    const { body } = await site.app.visitor().get(path);
    t.regex(body, /Paid for by Friends of Ada/);
    t.regex(body, /not deductible/);
  },
);

test.serial(
  'United States: given more than 200 $, then occupation and employer are asked for; below it they are not',
  async (t) => {
    const site = await openSite(t, 'us');
    const { path } = await site.publish({ currency: 'USD' });
    const donor = await openDonor(t, site);
    await donor.give(path, '200');
    t.is(await donor.page.locator('[name=employer]').count(), 0);
    await donor.give(path, '201');
    await donor.tell({ ...american, ...americanWords, 'attest-not_federal_contractor': true });
    t.is(await donor.page.getAttribute('[name=employer]', 'aria-invalid'), 'true');
    await donor.tell({ occupation: 'Baker', employer: 'None' });
    await donor.pay();
    t.is((await site.gifts())[0]?.state, 'accepted');
  },
);

test.serial(
  'United States: given a federal contractor, then the gift is refused beside the box',
  async (t) => {
    const site = await openSite(t, 'us');
    const { path } = await site.publish({ currency: 'USD' });
    const donor = await openDonor(t, site);
    await donor.give(path, '60');
    await donor.tell({ ...american, ...americanWords });
    t.regex(await donor.page.innerText('.choice.wrong'), /not a federal contractor/);
    t.is((await site.gifts()).length, 0);
  },
);

test.serial(
  'United States, a candidate: the limit that has lapsed is kept, and is said to be the last one known',
  async (t) => {
    const site = await openSite(t, 'us');
    const { path } = await site.publish({
      ...{ kind: 'candidate', name: 'Ada for Senate', election: 'Primary 2028', currency: 'USD' },
    });
    const { body } = await site.app.visitor().get(path);
    t.regex(body, /\$3,500\.00 from one donor for one election/);
    t.regex(body, /not published yet/);
  },
);

test.serial(
  'Quebec: cards are refused, the elections office is named, and how to give instead',
  async (t) => {
    const site = await openSite(t, 'ca-qc');
    const { path, pageId } = await site.publish({ currency: 'CAD' });
    const donor = await openDonor(t, site);
    await donor.page.goto(site.app.url + path);
    const text = await donor.text();
    t.regex(text, /Not by card here/);
    t.regex(text, /Élections Québec/);
    t.regex(text, /How to give instead[\s\S]*donnees@example\.org/);
    t.is(await donor.page.locator('.give-amounts').count(), 0);
    const form = {
      ...{ key: '8f14e45f-ceea-467f-a9b2-000000000001', amount: '25', method: 'card' },
      ...{ ...person, locality: 'Québec', postcode: 'G1A 1A1', qualities: 'elector:QC' },
    };
    t.is((await site.app.visitor().post(`/give/${pageId}`, form)).status, 422);
    t.deepEqual(await site.gifts(), []);
  },
);

test.serial('Britain: who may give is told on the page, before anything is asked', async (t) => {
  const site = await openSite(t, 'gb');
  const { path } = await site.publish({ currency: 'GBP' });
  const { body } = await site.app.visitor().get(path);
  t.regex(body, /electoral register/);
});

test.serial(
  'Britain: given a gift whose donor is on no register after all, then it goes back whole and the donor is told',
  async (t) => {
    const site = await openSite(t, 'gb');
    const { path } = await site.publish({ currency: 'GBP' });
    const donor = await openDonor(t, site);
    await donor.give(path, '600');
    const home = { line1: '1 High Street', postcode: 'SW1A 1AA', locality: 'London' };
    await donor.tell({ ...person, ...home, qualities: true });
    await donor.pay();
    const [held] = await site.gifts();
    t.is(held?.state, 'held');
    const order = { donationId: held?.id ?? '', amountMinor: 60_000, why: 'On no register' };
    await sendBack(site.app.scope(), site.deps, { ...order, byHand: false });
    const mails = await site.mails();
    t.is((await site.gifts())[0]?.state, 'refunded');
    t.regex(mails.at(-1)?.text ?? '', /£600\.00/);
    await donor.page.reload();
    t.regex(await donor.text(), /went back/);
  },
);

test.serial(
  'United States: given 50 $ or less, then no address is asked for; above it, name and address are',
  async (t) => {
    const site = await openSite(t, 'us');
    const { path } = await site.publish({ currency: 'USD' });
    const donor = await openDonor(t, site);
    await donor.give(path, '50');
    t.is(await donor.page.locator('[name=line1]').count(), 0);
    await donor.give(path, '50.01');
    t.is(await donor.page.locator('[name=line1]').count(), 1);
    t.is(await donor.page.locator('[name=employer]').count(), 0);
  },
);

test.serial('Quebec: that every name is published is told all the same', async (t) => {
  const site = await openSite(t, 'ca-qc');
  const { path } = await site.publish({ currency: 'CAD' });
  const { body } = await site.app.visitor().get(path);
  t.regex(body, /name, your town and the amount are published/);
});

test.serial(
  'Quebec: given a link straight to the second step, then no card is offered there',
  async (t) => {
    const site = await openSite(t, 'ca-qc');
    const { pageId } = await site.publish({ currency: 'CAD' });
    const { body } = await site.app.visitor().get(`/give/${pageId}?amount=25`);
    t.notRegex(body, /name="method" value="card"/);
  },
);

test.serial('Quebec: given a reader of French, then it is said in French', async (t) => {
  const site = await openSite(t, 'ca-qc', { locale: 'fr' });
  const { path } = await site.publish({ currency: 'CAD' });
  const { body } = await site.app.visitor().get(path);
  t.regex(body, /Pas par carte ici/);
  t.regex(body, /Élections Québec/);
});

test.serial(
  'Quebec: given a recipient by another than a certified solicitor, then it takes nothing either',
  async (t) => {
    const site = await openSite(t, 'ca-qc');
    const { path, pageId } = await site.publish({ currency: 'CAD', collector: 'financial_agent' });
    const visitor = site.app.visitor();
    t.notRegex((await visitor.get(path)).body, /give-amounts/);
    const form = { ...person, amount: '25', method: 'card', qualities: 'elector:QC' };
    const key = '8f14e45f-ceea-467f-a9b2-000000000002';
    t.is((await visitor.post(`/give/${pageId}`, { ...form, key, locality: 'Québec' })).status, 422);
    t.deepEqual(await site.gifts(), []);
  },
);

// Giving in a real browser, as the law of France has it. What is expected is written from the law, not from the packs.
import test from 'ava';
import { sumBalances } from './ledger.sql.ts';
import type { RecipientValues } from './recipient.sql.ts';
import { frenchWords, inLyon, openDonor, openSite, person } from './routes/fixture.ts';

const french = { ...person, ...inLyon, nationality: 'FR', ...frenchWords };

test.serial(
  'France, a party: given its association, then the page names it, the limit, and what comes off the tax',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish({
      agent: 'AF de la Gauche',
      collector: 'financing_association',
    });
    const donor = await openDonor(t, site);
    await donor.page.goto(site.app.url + path);
    const text = await donor.text();
    t.regex(text, /AF de la Gauche \(Financing association\), and by nobody else/);
    t.regex(text, /€7,500/);
    t.regex(text, /€150/);
    t.regex(text, /66%/);
    t.regex(text, /€100\.00 cost/);
  },
);

test.serial(
  'France, a party: given a gift of 25 €, then it is paid, thanked for and confirmed in the donor’s language',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish({}, { 'settings.thanks': 'With you we go on.' });
    const donor = await openDonor(t, site);
    await donor.give(path);
    await donor.tell(french);
    await donor.pay();
    t.regex(await donor.text(), /Thank you[\s\S]*€25\.00[\s\S]*With you we go on/);
    const [gift] = await site.gifts();
    t.is(gift?.state, 'accepted');
    const [mail, ...more] = await site.mails();
    t.is(more.length, 0);
    t.is(mail?.to, 'zoe@example.org');
    t.is(mail?.locale, 'en');
    t.regex(mail?.text ?? '', /€25\.00[\s\S]*24 November 2026|November 24, 2026/);
    t.deepEqual(donor.complaints, []);
  },
);

test.serial(
  'France, a party: given a company, or a foreigner who lives abroad, then it is refused beside the field',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path);
    await donor.tell({ ...french, 'attest-natural_person': false });
    t.regex(await donor.page.innerText('.choice.wrong'), /as a person, not for a company/);
    await donor.tell({ 'attest-natural_person': true, nationality: 'US', country: 'US' });
    t.is(await donor.page.getAttribute('[name=nationality]', 'aria-invalid'), 'true');
    t.regex(await donor.page.innerText('#f-nationality-fault'), /only some people/);
    await donor.tell({ country: 'FR' });
    await donor.page.waitForURL('**/give/pay/**');
  },
);

test.serial(
  'France, a party: given 5,000 € before, then 3,000 € more are over the 7,500 €, and nobody learns what is left',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path, '5000');
    await donor.tell(french);
    await donor.pay();
    await donor.give(path, '3000');
    await donor.tell(french);
    const said = await donor.page.innerText('#f-amount-fault');
    t.regex(said, /€7,500/);
    t.notRegex(said, /2,500/);
    t.is(await donor.page.inputValue('[name=familyName]'), 'Martin');
    await donor.tell({ amount: '2500' });
    await donor.pay();
    t.is((await site.gifts()).filter(({ state }) => state === 'accepted').length, 2);
  },
);

test.serial(
  'France, a party: given 8,000 €, then the limit is told before anything else is asked for',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path } = await site.publish();
    const donor = await openDonor(t, site);
    await donor.give(path, '8000');
    t.regex(await donor.page.innerText('#f-amount-fault'), /€7,500/);
  },
);

const candidate: Partial<RecipientValues> = {
  ...{ kind: 'candidate', name: 'Lucie Durand', election: 'Législatives 2027' },
  ...{ agent: 'Paul Mandat', collector: 'financial_agent' },
  ...{ opensOn: '2026-12-01', closesOn: '2027-08-01' },
};

test.serial(
  'France, a candidate: given a day before the window or after it, then nothing is taken, and it says from when',
  async (t) => {
    const site = await openSite(t, 'fr');
    const { path, pageId } = await site.publish(candidate);
    const visitor = site.app.visitor();
    const early = await visitor.get(path);
    t.regex(early.body, /December 1, 2026|1 December 2026/);
    t.notRegex(early.body, /give-amounts/);
    t.is((await visitor.get(`/give/${pageId}?amount=25`)).status, 410);
    site.app.clock.set(new Date('2026-12-01T10:00:00Z'));
    t.regex((await visitor.get(path)).body, /give-amounts/);
    site.app.clock.set(new Date('2027-08-02T10:00:00Z'));
    const late = await visitor.get(path);
    t.regex(late.body, /Give to the party instead/);
    t.is((await visitor.get(`/give/${pageId}?amount=25`)).status, 410);
  },
);

test.serial(
  'France, a candidate: given 4,600 € for the election, then that is the limit; and the candidate’s agent collects, not the party’s',
  async (t) => {
    const site = await openSite(t, 'fr', { now: '2027-01-10T10:00:00Z' });
    await site.publish({ agent: 'AF de la Gauche' });
    const { path } = await site.publish(candidate);
    const donor = await openDonor(t, site);
    await donor.page.goto(site.app.url + path);
    const text = await donor.text();
    t.regex(text, /Paul Mandat \(Financial agent\)/);
    t.notRegex(text, /AF de la Gauche/);
    t.regex(text, /€4,600\.00 for one election/);
    await donor.give(path, '4600.01');
    t.regex(await donor.page.innerText('#f-amount-fault'), /€4,600/);
  },
);

test.serial(
  'France, a candidate: given somebody on the list, then the gift is refused beside the box, as their own contribution',
  async (t) => {
    const site = await openSite(t, 'fr', { now: '2027-01-10T10:00:00Z' });
    const { path } = await site.publish(candidate);
    const donor = await openDonor(t, site);
    await donor.give(path, '50');
    await donor.tell({ ...french, excluded: true });
    t.regex(await donor.page.innerText('.give-wrong'), /own contribution/);
    t.is((await site.gifts()).length, 0);
  },
);

test.serial(
  'France, a candidate: given 4,000 € to one, then 1,000 € to another of the same election are over the limit for all',
  async (t) => {
    const site = await openSite(t, 'fr', { now: '2027-01-10T10:00:00Z' });
    const one = await site.publish(candidate);
    const other = await site.publish({ ...candidate, name: 'Marc Petit', agent: 'Anne Mandat' });
    const donor = await openDonor(t, site);
    await donor.give(one.path, '4000');
    await donor.tell(french);
    await donor.pay();
    await donor.give(other.path, '1000');
    await donor.tell(french);
    t.regex(await donor.page.innerText('#f-amount-fault'), /€4,600/);
    t.is((await site.gifts()).length, 1);
  },
);

test.serial(
  'France, a candidate: given 50 €, then the candidate’s own account has them, and the party’s has nothing',
  async (t) => {
    const site = await openSite(t, 'fr', { now: '2027-01-10T10:00:00Z' });
    const party = await site.publish();
    const { path, recipient } = await site.publish(candidate);
    const donor = await openDonor(t, site);
    await donor.give(path, '50');
    await donor.tell(french);
    await donor.pay();
    const [gift] = await site.gifts();
    t.is(gift?.recipient_id, recipient.id);
    t.is((await sumBalances(site.app.scope(), recipient.id)).donations, -5_000);
    t.deepEqual(await sumBalances(site.app.scope(), party.recipient.id), {});
  },
);

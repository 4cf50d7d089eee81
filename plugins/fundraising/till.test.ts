// The law at the till, country by country: what is asked, what passes, and on which side of a date.
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { appealOf } from './appeal.ts';
import { actOf } from './day.ts';
import { aroundOf, makeRecipient, offerOf, openDesk } from './fixture.ts';
import { type GiftAnswers, offerIn } from './gift-form.ts';
import { demandOffice } from './office.ts';
import { record } from './pledge.ts';
import { closeRecipient } from './recipient.ts';
import { judge, type Offer, openTill, wantedFields } from './till.ts';

const nothing = { yearMinor: 0, cashMinor: 0 };

async function tillOf(t: Parameters<typeof openDesk>[0], jurisdiction: string, values = {}) {
  const { scope, recipient } = await openDesk(t, jurisdiction, values);
  return (more: Partial<Offer> = {}, given = nothing) => {
    const offer = offerOf(scope, more);
    const till = openTill(scope, recipient, actOf(offer.givenOn));
    const { faults, ...judgement } = judge(till, offer, given);
    const said = faults.map(
      ({ path, message }) => `${path} ${message.split('.').slice(2).join('.')}`,
    );
    return { ...judgement, said, till };
  };
}

test.serial('a French party takes gifts of people who are French or live in France', async (t) => {
  const ask = await tillOf(t, 'fr');
  t.deepEqual(ask().said, []);
  t.deepEqual(ask({ qualities: ['residence:FR'] }).said, []);
  t.deepEqual(ask({ qualities: [] }).said, ['/donorType donor.criterion']);
  t.deepEqual(ask({ donorType: 'company' }).said, ['/donorType donor.type']);
  // Before 2018 the law did not ask for it: loi 2017-1339, art. 25-26.
  t.deepEqual(ask({ qualities: [], givenOn: '2017-12-31' }).said, []);
  t.deepEqual(ask({ qualities: [], givenOn: '2018-01-01' }).said, ['/donorType donor.criterion']);
});

test.serial(
  'a French party takes at most 7,500 euros a year from one donor, and 150 in cash',
  async (t) => {
    const ask = await tillOf(t, 'fr');
    t.deepEqual(ask({ amountMinor: 750_000 }).said, []);
    t.deepEqual(ask({ amountMinor: 750_001 }).said, ['/amount cap']);
    t.is(ask({ givenOn: '2026-06-30' }).cap?.scope, 'all_parties/2026');
    t.deepEqual(ask({ method: 'cash', amountMinor: 15_000 }).said, []);
    t.deepEqual(ask({ method: 'cash', amountMinor: 15_001 }).said, ['/method cash']);
    t.deepEqual(ask({ method: 'cash', amountMinor: 1_000, isAnonymous: true }).said, [
      '/isAnonymous anonymous',
    ]);
  },
);

test.serial(
  'a French candidate takes 4,600 euros an election, within the window, and nothing of their own',
  async (t) => {
    const window = { opensOn: '2026-09-01', closesOn: '2027-05-20' };
    const ask = await tillOf(t, 'fr', { kind: 'candidate', election: 'Rhône 3', ...window });
    t.deepEqual(ask({ amountMinor: 460_000 }).said, []);
    t.deepEqual(ask({ amountMinor: 460_001 }).said, ['/amount cap']);
    t.is(ask().cap?.scope, 'all_candidates/election:rhone-3');
    t.deepEqual(ask({ givenOn: '2026-08-31' }).said, ['/givenOn early']);
    t.deepEqual(ask({ givenOn: '2027-05-21' }).said, ['/givenOn late']);
    t.deepEqual(ask({ excluded: ['candidate_or_list_member'] }).said, [
      '/donorType donor.candidate_or_list_member',
    ]);
    t.deepEqual(ask({ method: 'in_kind' }).said, ['/method method.in_kind']);
    t.deepEqual(ask({ method: 'own_contribution' }).said, ['/method method.own_contribution']);
  },
);

test.serial('a French recipient without agent takes nothing', async (t) => {
  const ask = await tillOf(t, 'fr', { collector: undefined, agent: undefined });
  t.deepEqual(ask({ method: 'cheque' }).said, ['/method collector']);
});

test.serial(
  'money through a provider that keeps its fee first was unlawful until 20 July 2023',
  async (t) => {
    const ask = await tillOf(t, 'fr');
    t.deepEqual(ask({ method: 'card', givenOn: '2023-07-20' }).said, ['/method online']);
    t.deepEqual(ask({ method: 'card', givenOn: '2023-07-22' }).said, []);
  },
);

test.serial('what the law wants known and declared is asked for beside its field', async (t) => {
  const ask = await tillOf(t, 'fr');
  t.deepEqual(ask({ identity: { givenName: 'Zoé', familyName: 'Martin' } }).said, [
    '/nationality field',
    '/line1 field',
  ]);
  t.true(ask({ attested: [] }).said.includes('/attest-own_funds attest'));
});

test.serial(
  'an American committee asks for name above 50 dollars, and for the employer above 200 in the year',
  async (t) => {
    const ask = await tillOf(t, 'us', { kind: 'candidate', election: 'OH-03 general' });
    const wanted = (amountMinor: number, yearMinor = 0) =>
      wantedFields(
        ask().till,
        { amountMinor, donorType: 'natural_person' },
        { ...nothing, yearMinor },
      );
    t.deepEqual(wanted(5_000), []);
    t.true(wanted(5_001).includes('legal_name'));
    t.false(wanted(5_001).includes('employer'));
    t.true(wanted(5_001, 15_000).includes('employer'));
    t.deepEqual(ask({ method: 'cash', amountMinor: 10_000 }).said, []);
    t.deepEqual(ask({ method: 'cash', amountMinor: 10_001 }).said, ['/method cash']);
    t.deepEqual(
      ask({ method: 'cash', amountMinor: 5_000 }, { yearMinor: 0, cashMinor: 5_001 }).said,
      ['/method cash'],
    );
    t.deepEqual(ask({ excluded: ['corporation'] }).said, ['/donorType donor.corporation']);
  },
);

test.serial(
  'the American limit that lapsed on 3 November 2026 is kept, and said to be provisional',
  async (t) => {
    const ask = await tillOf(t, 'us', { kind: 'candidate', election: 'OH-03 general' });
    t.false(ask({ givenOn: '2026-11-03' }).isProvisional);
    t.true(ask({ givenOn: '2026-11-05' }).isProvisional);
    t.deepEqual(ask({ givenOn: '2026-11-05', amountMinor: 350_001 }).said, ['/amount cap']);
  },
);

test.serial(
  'in Great Britain a body may give, and what is not above 500 pounds is no donation',
  async (t) => {
    const ask = await tillOf(t, 'gb');
    const company = {
      ...{ donorType: 'company', qualities: ['registered_body:GB'], amountMinor: 60_000 },
      identity: {
        legalName: 'Baker Ltd',
        address: { line1: '1 High St', locality: 'Leeds', country: 'GB' },
      },
    };
    t.deepEqual(ask(company).said, ['/registerNumber field']);
    t.deepEqual(
      ask({ ...company, identity: { ...company.identity, registerNumber: '123' } }).said,
      [],
    );
    t.deepEqual(ask({ amountMinor: 50_000, qualities: [], identity: {} }).said, []);
    t.is(ask().cap, undefined);
  },
);

test.serial(
  'in Quebec a card is refused, for the money goes to the elections office',
  async (t) => {
    const ask = await tillOf(t, 'ca-qc', { collector: 'certified_solicitor', agent: 'Luc Roy' });
    t.true(ask({ method: 'card', amountMinor: 1_000 }).said.includes('/method online'));
    t.is(ask({ givenOn: '2025-06-01' }).cap?.minor, 10_000);
    t.is(ask({ givenOn: '2026-06-01' }).cap?.minor, 20_000);
    t.is(ask({ givenOn: '2027-06-01' }).cap?.minor, 10_000);
  },
);

test.serial('a local part without a cap of its own stands under that of the party', async (t) => {
  const desk = await openDesk(t, 'fr');
  const local = await makeRecipient(desk.scope, { kind: 'local_party', name: 'Lyon' });
  const offer = offerOf(desk.scope);
  const till = openTill(desk.scope, local, actOf(offer.givenOn));
  t.is(judge(till, offer, nothing).cap?.scope, `all_parties/${offer.givenOn.slice(0, 4)}`);
});

test.serial('a recipient in another currency than that of the law takes nothing', async (t) => {
  const french = await tillOf(t, 'fr', { currency: 'XPF' });
  t.deepEqual(french({ amountMinor: 50 }).said, ['/amount currency']);
  const british = await tillOf(t, 'gb', { currency: 'EUR' });
  t.true(british().said.includes('/amount currency'));
});

test.serial(
  'the page of a candidate says nothing of what a household may give to parties',
  async (t) => {
    const { scope, recipient } = await openDesk(t, 'fr');
    const candidate = await makeRecipient(scope, { kind: 'candidate', election: 'Rhône 3' });
    const taxOf = (one: typeof recipient) => {
      const when = scope.now();
      return appealOf(scope, one, openTill(scope, one, when), when).tax ?? '';
    };
    t.regex(taxOf(recipient), /66%.* and €15,000(?:\.00)? a year for a household/);
    t.regex(taxOf(candidate), /66%/);
    t.notRegex(taxOf(candidate), /15,000|household|none/);
  },
);

test.serial(
  'of who gives without a name nothing is kept, and a page may say what kind of donor it is for',
  async (t) => {
    const { scope, recipient } = await openDesk(t, 'de');
    const till = openTill(scope, recipient, scope.now());
    const answers: GiftAnswers = {
      ...{ amount: '20', method: 'cash', familyName: 'Martin', email: 'zoe@example.org' },
      ...{ donorType: 'company', country: 'DE' },
    };
    const givenOn = '2026-06-30';
    t.deepEqual(offerIn(till, answers, { givenOn, isAnonymous: true }).offer?.identity, {});
    t.is(offerIn(till, answers, { givenOn }).offer?.identity.familyName, 'Martin');
    t.is(offerIn(till, answers, { givenOn }).offer?.donorType, 'company');
    const { offer } = offerIn(till, answers, { givenOn, donorType: 'natural_person' });
    t.is(offer?.donorType, 'natural_person');
  },
);

/** Those of `never` in any pack. */
function excludedWords(): string[] {
  const folder = new URL('../../core/law/packs/', import.meta.url);
  const packs = readdirSync(folder).map((file) => JSON.parse(read(new URL(file, folder))));
  return packs.flatMap(({ rules = {} }) =>
    (rules['money.donors'] ?? []).flatMap((one: { value: { never: string[] } }) => one.value.never),
  );
}

const read = (file: URL) => readFileSync(file, 'utf8');

test.serial('each reason for which the till holds a gift has its words, in both languages', (t) => {
  const source = read(new URL('till.ts', import.meta.url));
  const words = [...source.matchAll(/[`']fundraising\.fault\.([^`']+)[`']/g)].map(
    ([, word]) => word,
  );
  const [, elsewhere = ''] = /const elsewhere = \[([^\]]+)\]/.exec(source) ?? [];
  const each: Record<string, string[]> = {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: as they stand in the source
    'donor.${excluded}': excludedWords().map((word) => `donor.${word}`),
    'method.${method}': [...elsewhere.matchAll(/'(\w+)'/g)].map(([, word]) => `method.${word}`),
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as they stand in the source
  };
  const reasons = words.flatMap((word = '') => each[word] ?? [word]);
  t.true(new Set(reasons).size > 30);
  for (const locale of ['en', 'fr']) {
    const told = JSON.parse(read(new URL(`locales/${locale}.json`, import.meta.url)));
    const keys = reasons.flatMap((word) => [`fault.${word}`, `donation.why.${word}`]);
    t.deepEqual(
      [...new Set(keys)].filter((key) => !(`fundraising.${key}` in told)),
      [],
    );
  }
});

test.serial(
  'after the closing nothing is taken: the till says so, and the database itself refuses it',
  async (t) => {
    const { scope, deps, recipient } = await openDesk(t, 'fr');
    await record(scope, deps, recipient, offerOf(scope), aroundOf());
    await closeRecipient(scope, deps, recipient.id);
    const closed = await demandOffice(scope, recipient.id, 'read');
    const late = record(scope, deps, closed, offerOf(scope), aroundOf());
    const answer = await t.throwsAsync(late, { code: 'core.invalid' });
    t.regex(JSON.stringify(answer), /givenOn.*fundraising\.fault\.closed/);
    const unasked = { ...closed, closedAt: undefined };
    await t.throwsAsync(record(scope, deps, unasked, offerOf(scope), aroundOf()), {
      message: /accounts of this recipient are closed/,
    });
  },
);

test.serial(
  'a recipient that keeps its books in another currency than the law’s takes nothing',
  async (t) => {
    const ask = await tillOf(t, 'us', { currency: 'EUR' });
    t.deepEqual(ask({ method: 'cheque' }).said, ['/amount currency']);
  },
);

test.serial(
  'a cheque of a joint account is two gifts where both gave, each under the cap of its own donor',
  async (t) => {
    const { scope, deps, recipient } = await openDesk(t, 'fr');
    const [zoe, ana] = ['Zoé', 'Ana'].map((givenName) => ({
      ...offerOf(scope).identity,
      ...{ givenName, emailAddress: 'both@example.org' },
    }));
    const gift = (identity = zoe) =>
      record(
        scope,
        deps,
        recipient,
        offerOf(scope, { amountMinor: 750_000, method: 'cheque', ...(identity && { identity }) }),
        aroundOf({ statementReference: 'Cheque 1234567' }),
      );
    const both = [await gift(zoe), await gift(ana)];
    t.deepEqual(
      both.map(({ state }) => state),
      ['accepted', 'accepted'],
    );
    t.not(both[0]?.donorId, both[1]?.donorId);
    t.is(both[0]?.batchId, both[1]?.batchId, 'one cheque is in one batch');
    await t.throwsAsync(gift(zoe), { code: 'core.invalid' });
  },
);

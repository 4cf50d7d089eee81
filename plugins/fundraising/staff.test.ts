// What a treasurer does by hand, from the first recipient to the closed accounts; and who may not.
import test from 'ava';
import { makeApp } from 'rostra/testing';

async function open(t: Parameters<typeof makeApp>[0], jurisdiction = 'fr') {
  const app = await makeApp(t, { jurisdiction });
  const treasurer = await app.staff('treasurer');
  return { app, treasurer };
}

test.serial(
  'a treasurer founds a recipient, takes cheques to the bank, and closes the accounts',
  async (t) => {
    const { treasurer } = await open(t);
    const made = await treasurer.post('/admin/fundraising/new', {
      ...{
        kind: 'party',
        name: 'AF du Parti',
        collector: 'financing_association',
        agent: 'AF du Parti',
      },
      ...{ address: '1 rue de la Paix, Lyon', currency: 'EUR' },
    });
    t.is(made.status, 303);
    const home = made.location ?? '';
    const batch = await treasurer.post(`${home}/batches/new`, {
      ...{ method: 'cheque', depositSlip: 'B-17', declared: '80,00', depositedOn: '2026-11-24' },
    });
    const batchPath = batch.location ?? '';
    const batchId = batchPath.split('/').at(-1) ?? '';
    const gift = {
      ...{
        method: 'cheque',
        givenOn: '2026-11-20',
        givenName: 'Zoé',
        familyName: 'Martin',
        batch: batchId,
      },
      ...{
        nationality: 'FR',
        line1: '2 rue Haute',
        postcode: '69001',
        locality: 'Lyon',
        country: 'FR',
      },
      ...{
        'attest-natural_person': 'true',
        'attest-own_funds': 'true',
        'attest-not_company_card': 'true',
      },
      ...{ 'attest-citizen_or_resident': 'true', 'attest-within_all_party_cap': 'true' },
    };
    const key = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
    const first = await treasurer.post(`${home}/record`, { ...gift, amount: '50', key: key(1) });
    t.is(first.location, batchPath);
    const early = await treasurer.post(`${batchPath}/close`, {});
    t.is(early.status, 422);
    t.regex(early.body, /80.00/);
    await treasurer.post(`${home}/record`, { ...gift, amount: '30', key: key(2) });
    t.is((await treasurer.post(`${batchPath}/close`, {})).status, 303);
    const money = await treasurer.get(home);
    t.regex(money.body, /80.00/);
    t.regex(money.body, /Zoé Martin/);
    t.is((await treasurer.post(`${home}/close`, { sure: 'true' })).status, 303);
    t.regex((await treasurer.get(`${home}/close`)).body, /[0-9a-f]{64}/);
    const late = await treasurer.post(`${home}/record`, {
      ...gift,
      batch: '',
      amount: '5',
      key: key(3),
    });
    t.is(late.status, 422);
  },
);

test.serial(
  'what the law does not let pass is said beside its field, and what was typed is still there',
  async (t) => {
    const { treasurer } = await open(t);
    const made = await treasurer.post('/admin/fundraising/new', {
      ...{
        kind: 'party',
        name: 'AF',
        collector: 'financing_association',
        agent: 'AF',
        address: 'Lyon',
      },
    });
    const home = made.location ?? '';
    const answer = await treasurer.post(`${home}/record`, {
      ...{
        method: 'cash',
        amount: '151',
        givenOn: '2026-11-20',
        familyName: 'Martin',
        givenName: 'Zoé',
      },
      key: '00000000-0000-4000-8000-000000000001',
    });
    t.is(answer.status, 422);
    t.regex(answer.body, /L52-8/);
    t.regex(answer.body, /value="151"/);
    // Above the form too: each by the name of its field, in the order of the form.
    const [above = ''] = /<section class="errors"[^]*?<\/section>/.exec(answer.body) ?? [];
    t.regex(above, /#f-method">Means – [^]*#f-nationality">Nationality – [^]*#f-line1">Address – /);
    t.regex(above, /#f-line1"[^]*#f-attest-own_funds">The money is my own\. – /);
    const kind = await treasurer.post(`${home}/record`, {
      ...{ method: 'in_kind', amount: '20', givenOn: '2026-11-20', familyName: 'Martin' },
      key: '00000000-0000-4000-8000-000000000001',
    });
    t.regex(kind.body, /campaign account/);
  },
);

test.serial('nobody sees the money who holds no office, the administrator included', async (t) => {
  const { app, treasurer } = await open(t);
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{
      kind: 'party',
      name: 'AF',
      collector: 'financing_association',
      agent: 'AF',
      address: 'Lyon',
    },
  });
  const home = made.location ?? '';
  const administrator = await app.staff('administrator');
  t.is((await administrator.get('/admin/fundraising')).status, 403);
  t.is((await administrator.get(home)).status, 403);
  const organiser = await app.staff('organiser');
  t.is((await organiser.get('/admin/fundraising')).status, 200);
  t.is((await organiser.get(home)).status, 404);
  const another = await app.staff('treasurer');
  t.is((await another.get(home)).status, 404);
});

const association = {
  ...{ kind: 'party', name: 'AF', address: 'Lyon' },
  ...{ collector: 'financing_association', agent: 'AF' },
};

test.serial('a recipient is founded in the currency of the law alone', async (t) => {
  const { treasurer } = await open(t);
  t.regex((await treasurer.get('/admin/fundraising/new')).body, /name="currency"[^>]*value="EUR"/);
  const other = await treasurer.post('/admin/fundraising/new', {
    ...{ ...association, currency: 'XPF' },
  });
  t.is(other.status, 422);
  t.regex(other.body, /id="f-currency-fault"[^]*EUR/);
  t.regex(other.body, /value="XPF"/);
  const own = await treasurer.post('/admin/fundraising/new', { ...association, currency: 'eur' });
  t.is(own.status, 303);
});

test.serial(
  'an IBAN is held to its check digits, and an account of another kind is kept',
  async (t) => {
    const { treasurer } = await open(t);
    const found = (bankAccount: string) =>
      treasurer.post('/admin/fundraising/new', { ...association, bankAccount });
    for (const wrong of ['FR76 3000', 'FR76 3000 6000 0112 3456 7890 188']) {
      const answer = await found(wrong);
      t.is(answer.status, 422);
      t.regex(answer.body, /id="f-bankAccount-fault"/);
      t.true(answer.body.includes(`value="${wrong}"`));
    }
    for (const right of ['FR76 3000 6000 0112 3456 7890 189', '021000021 123456789', '']) {
      t.is((await found(right)).status, 303, right);
    }
  },
);

test.serial('a new party is told to name a treasurer until there is a recipient', async (t) => {
  const { app, treasurer } = await open(t);
  const administrator = await app.staff('administrator');
  const step = async () => {
    const { body } = await administrator.get('/admin');
    return /<li[^>]*>(?:(?!<\/li>)[^])*Name the treasurer[^]*?<\/li>/.exec(body)?.[0] ?? '';
  };
  t.regex(await step(), /^<li>[^]*href="\/admin\/staff"/);
  await treasurer.post('/admin/fundraising/new', association);
  t.regex(await step(), /^<li class="done">/);
});

test.serial(
  'a candidate stands at an election that is named, and keeps it once somebody gave',
  async (t) => {
    const { treasurer } = await open(t);
    const candidate = {
      ...{ ...association, kind: 'candidate', name: 'Zoé Martin' },
      ...{ collector: 'financial_agent' },
    };
    for (const election of ['', ' . ']) {
      const bare = await treasurer.post('/admin/fundraising/new', { ...candidate, election });
      t.is(bare.status, 422);
      t.regex(bare.body, /id="f-election-fault"/);
      t.regex(bare.body, /value="Zoé Martin"/);
    }
    const made = await treasurer.post('/admin/fundraising/new', {
      ...{ ...candidate, election: 'Municipales 2026' },
    });
    t.is(made.status, 303);
    const home = made.location ?? '';
    const offered = (await treasurer.get('/admin/fundraising/new')).body;
    t.regex(offered, /list="elections"/);
    t.regex(offered, /<option value="Municipales 2026">/);
    const rename = (election: string) => treasurer.post(`${home}/edit`, { ...candidate, election });
    t.is((await rename('Municipales 2025')).status, 303);
    t.is((await rename('Municipales 2026')).status, 303);
    const given = await treasurer.post(`${home}/record`, {
      ...{ method: 'transfer', amount: '50', givenOn: '2026-11-20', statementReference: 'R-1' },
      ...{ givenName: 'Ada', familyName: 'Roy', nationality: 'FR', line1: '2 rue Haute' },
      ...{ postcode: '69001', locality: 'Lyon', country: 'FR' },
      ...{ 'attest-natural_person': 'true', 'attest-own_funds': 'true' },
      ...{ 'attest-not_company_card': 'true', 'attest-citizen_or_resident': 'true' },
      ...{ 'attest-within_all_party_cap': 'true', 'attest-within_all_candidate_cap': 'true' },
      key: '00000000-0000-4000-8000-000000000001',
    });
    t.is(given.status, 303);
    const gift = (await treasurer.get(given.location ?? '')).body;
    t.regex(gift, /69001 Lyon, France/);
    t.regex(gift, /<dt>Nationality<\/dt>\s*<dd>\s*France/);
    t.is((await rename('municipales 2026.')).status, 303);
    const anew = await rename('Municipales 2026 bis');
    t.is(anew.status, 422);
    t.regex(anew.body, /id="f-election-fault"[^]*municipales 2026\./);
    t.regex(anew.body, /value="Municipales 2026 bis"/);
    const another = { ...candidate, kind: 'party', election: '' };
    t.is((await treasurer.post(`${home}/edit`, another)).status, 422);
  },
);

test.serial(
  'an American local party says in which state it is, as in an address, and what was typed stays',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'us' });
    const treasurer = await app.staff('treasurer');
    const found = (region: string, kind = 'local_party') =>
      treasurer.post('/admin/fundraising/new', {
        ...{ kind, name: 'Ohio', address: 'Columbus', currency: 'USD', region },
      });
    const unsaid = await found('');
    t.is(unsaid.status, 422);
    t.regex(unsaid.body, /one for all of the party’s committees there \(52 USC 30116/);
    const long = await found('Ohio');
    t.regex(long.body, /Write the state in two letters/);
    t.regex(long.body, /value="Ohio"/);
    const made = await found(' oh ');
    t.is(made.status, 303);
    t.regex((await treasurer.get(`${made.location}/edit`)).body, /name="region"[^>]*value="OH"/);
    t.is((await found('', 'party')).status, 303, 'the national committee is of no state');
  },
);

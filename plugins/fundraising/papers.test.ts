// Lists, receipts and official numbers as a treasurer takes them from the screens; and who may not.
import test from 'ava';
import { parse } from 'csv-parse/sync';
import { makeApp } from 'rostra/testing';
import { type Entry, insertEntry } from './ledger.sql.ts';
import { genesisOf, linkHash } from './ledger.ts';
import { give } from './lists/fixture.ts';
import { issueReceipt } from './receipt.ts';

type Client = Awaited<ReturnType<Awaited<ReturnType<typeof makeApp>>['staff']>>;

async function open(t: Parameters<typeof makeApp>[0], jurisdiction = 'fr') {
  const app = await makeApp(t, { jurisdiction });
  const treasurer = await app.staff('treasurer');
  const made = await treasurer.post('/admin/fundraising/new', {
    ...{ kind: 'party', name: 'AF du Parti', agent: 'AF du Parti', address: 'Lyon' },
    ...{ collector: 'financing_association', currency: jurisdiction === 'us' ? 'USD' : 'EUR' },
  });
  const home = made.location ?? '';
  return { app, scope: app.scope(), treasurer, home, recipientId: home.split('/').at(-1) ?? '' };
}

const year = { since: '2026-01-01', until: '2026-12-31', format: 'csv' };
const take = (client: Client, home: string, list: string, over = {}) =>
  client.post(`${home}/lists`, { ...year, list, ...over });

test.serial(
  'a French treasurer is offered Fin’Pol with a warning, and takes each list as a file',
  async (t) => {
    const { scope, treasurer, home, recipientId, app } = await open(t);
    const page = await treasurer.get(`${home}/lists`);
    t.is(page.status, 200);
    t.regex(page.body, /notice/);
    t.notRegex(page.body, /value="itemization"|value="disclosure"/);
    const empty = await take(treasurer, home, 'finpol');
    t.is(empty.status, 422);
    t.regex(empty.body, /Nothing was received/);
    await give(scope, recipientId);
    const finpol = await take(treasurer, home, 'finpol');
    t.is(finpol.status, 200);
    t.regex(finpol.headers.get('content-type') ?? '', /tab-separated/);
    t.regex(finpol.headers.get('content-disposition') ?? '', /\.tsv/);
    t.regex(
      finpol.body,
      /^Identifiant de l’opération\t.*\r\n\d+\tChèque\t2026-11-20\t.*\t1281,50\t/,
    );
    t.is((await take(treasurer, home, 'finpol-agent')).body.split('\r\n').length, 3);
    const workbook = await take(treasurer, home, 'donors', { format: 'xlsx' });
    t.regex(workbook.body, /^PK/);
    const { rows } = await app.house.database.db.raw(
      `select d.details from core.audit a join core.audit_detail d on d.audit_id = a.id
     where a.act like '%list.taken' order by a.id`,
    );
    t.deepEqual(rows[0]?.details, { ...year, list: 'finpol', format: 'tsv', count: 1 });
    t.is(rows.length, 3);
  },
);

test.serial(
  'an American treasurer is offered itemised receipts above the amount of the law',
  async (t) => {
    const { scope, treasurer, home, recipientId } = await open(t, 'us');
    t.regex((await treasurer.get(`${home}/lists`)).body, /value="itemization"[^]*\$200\.00/);
    await give(scope, recipientId, { currency: 'USD' });
    t.regex((await take(treasurer, home, 'itemization')).body, /Not itemised/);
  },
);

test.serial('what the form lacks is said, and what was chosen stays', async (t) => {
  const { treasurer, home } = await open(t);
  const back = await take(treasurer, home, 'donors', { since: '2026-05-01', until: '2026-04-01' });
  t.is(back.status, 422);
  t.regex(back.body, /last day is before the first/);
  t.regex(back.body, /value="2026-05-01"/);
  t.is((await take(treasurer, home, 'itemization')).status, 422);
});

test.serial(
  'the ledger read back from its file has its balances and the digest of its chain',
  async (t) => {
    const { scope, treasurer, home, recipientId } = await open(t);
    for (const [at, minor] of [5_000, 7_050, 1].entries()) {
      const gift = await give(scope, recipientId);
      const entry = {
        recipientId,
        kind: 'donation' as const,
        donationId: gift.id,
        reference: gift.id,
      };
      const postings = { bank: minor, donations: -minor };
      await scope.write((own) =>
        insertEntry(own, { ...entry, day: `2026-03-0${at + 1}`, postings }),
      );
    }
    const file = await take(treasurer, home, 'ledger');
    const [, ...rows]: string[][] = parse(file.body, { bom: true });
    const entries = new Map<string, Entry>();
    for (const [
      position,
      id = '',
      day = '',
      at = '',
      kind,
      donation,
      reference = '',
      account = '',
      debit,
      credit,
    ] of rows) {
      const known = entries.get(id)?.postings ?? {};
      const minor = Math.round(Number(debit || `-${credit}`) * 100);
      entries.set(id, {
        ...{ id, day, reference, kind: kind as Entry['kind'], at: new Date(at) },
        ...{ donationId: donation || undefined, position: Number(position), hash: undefined },
        postings: { ...known, [account]: minor },
      });
    }
    const digestOf = (all: Entry[]) => {
      const link = (hash: Buffer, entry: Entry) => linkHash(hash, entry.position ?? 0, entry);
      return all.reduce(link, genesisOf(recipientId)).toString('hex');
    };
    t.is(digestOf([...entries.values()]), rows.at(-1)?.at(-1) ?? '');
    const bank = [...entries.values()].reduce((sum, { postings }) => sum + (postings.bank ?? 0), 0);
    t.is(bank, 12_051);
    const altered = [...entries.values()].map((entry, at) =>
      at ? entry : { ...entry, day: '2026-03-09' },
    );
    t.not(digestOf(altered), rows.at(-1)?.at(-1) ?? '');
  },
);

test.serial(
  'a receipt is found by number and by donor, downloaded, and declared void with another in its place',
  async (t) => {
    const { scope, treasurer, home, recipientId } = await open(t);
    t.regex((await treasurer.get(`${home}/receipts`)).body, /No receipt yet/);
    const id = await issueReceipt(scope, await give(scope, recipientId));
    for (const q of ['000001', 'lukasz', 'ANGSTROM']) {
      t.regex((await treasurer.get(`${home}/receipts?q=${q}`)).body, /2026-000001/, q);
    }
    t.regex((await treasurer.get(`${home}/receipts?q=nobody`)).body, /No receipt found/);
    const pdf = await treasurer.get(`${home}/receipts/${id}/pdf`);
    t.regex(pdf.body, /^%PDF/);
    t.is(pdf.headers.get('content-disposition'), 'attachment; filename="2026-000001.pdf"');
    const silent = await treasurer.post(`${home}/receipts/${id}/void`, { why: '' });
    t.is(silent.status, 422);
    const done = await treasurer.post(`${home}/receipts/${id}/void`, { why: 'Wrong name' });
    t.is(done.status, 303);
    t.regex((await treasurer.get(done.location ?? '')).body, /2026-000002/);
    t.regex((await treasurer.get(`${home}/receipts/${id}`)).body, /Wrong name/);
    const again = await treasurer.post(`${home}/receipts/${id}/void`, { why: 'Once more' });
    t.is(again.status, 422);
  },
);

test.serial(
  'official numbers are looked through before they are saved, each used once, and gaps are told',
  async (t) => {
    const { scope, treasurer, home, recipientId } = await open(t);
    const numbers = `${home}/receipts/numbers`;
    const gifts = [await give(scope, recipientId), await give(scope, recipientId)];
    const [one, two] = gifts;
    const held = await give(scope, recipientId, { state: 'held' });
    await issueReceipt(scope, await give(scope, recipientId));
    const forms = await treasurer.post(`${numbers}/forms`, { first: 'A0098', last: 'A0102' });
    t.is(forms.status, 303);
    const text = [
      'don;numéro',
      `${one?.id};A0098`,
      `${two?.id};A0098`,
      `${two?.id}`,
      '999999\tA0099',
      `${held.id},A0099`,
      '2026-000001;A0101',
      `${two?.id};Z1`,
    ].join('\r\n');
    const seen = await treasurer.post(numbers, { text });
    t.is(seen.status, 200);
    for (const word of [
      '3 of 7 fit',
      'twice in this list',
      'no number',
      'no such donation',
      'not accepted',
      'none of your forms',
    ]) {
      t.true(seen.body.includes(word), word);
    }
    t.regex((await treasurer.get(numbers)).body, /Donations without a number<\/span> <strong>3/);
    t.regex((await treasurer.post(`${numbers}/change`, { text })).body, /A0098[^]*<\/textarea>/);
    t.is((await treasurer.post(`${numbers}/run`, { text })).status, 303);
    const page = (await treasurer.get(numbers)).body;
    t.regex(page, /Donations without a number<\/span> <strong>0/);
    t.regex(page, /2 forms were passed over[^]*A0099, A0100/);
    const twice = await treasurer.post(numbers, { text: `${one?.id};A0102\n${held.id};A0098` });
    t.regex(twice.body, /donation has a number/);
    t.is((await treasurer.post(`${numbers}/run`, { text: `${one?.id};A0102` })).status, 303);
    t.regex((await treasurer.get(`${home}/receipts?q=A0101`)).body, /2026-000001/);
    const wrong = await treasurer.post(`${numbers}/forms`, { first: 'B1', last: 'A9' });
    t.is(wrong.status, 422);
    t.regex(wrong.body, /value="B1"/);
    t.regex((await treasurer.post(numbers, { text: ' \n' })).body, /no pair in it/);
  },
);

test.serial('an official number may come in a file', async (t) => {
  const { scope, treasurer, home, recipientId } = await open(t);
  const gift = await give(scope, recipientId);
  const form = new FormData();
  form.set('file', new Blob([`${gift.id};CN-1\n`], { type: 'text/csv' }), 'numbers.csv');
  t.regex((await treasurer.post(`${home}/receipts/numbers`, form)).body, /1 of 1 fit/);
});

test.serial(
  'who holds no office gets no list, no receipt and no number; an accountant reads and changes nothing',
  async (t) => {
    const { app, scope, treasurer, home, recipientId } = await open(t);
    const id = await issueReceipt(scope, await give(scope, recipientId));
    const other = await app.staff('treasurer');
    for (const path of [
      'lists',
      'receipts',
      `receipts/${id}`,
      `receipts/${id}/pdf`,
      'receipts/numbers',
    ]) {
      t.is((await other.get(`${home}/${path}`)).status, 404, path);
    }
    t.is((await take(other, home, 'donors')).status, 404);
    t.is((await other.post(`${home}/receipts/numbers/run`, { text: '1;A1' })).status, 404);
    const accountant = await app.staff('treasurer');
    const { rows } = await app.house.database.db.raw('select max(id) as id from core.account');
    const given = { accountId: rows[0].id, duty: 'accountant' };
    t.is((await treasurer.post(`${home}/offices`, given)).status, 303);
    t.is((await take(accountant, home, 'donors')).status, 200);
    t.is((await accountant.get(`${home}/receipts/${id}/pdf`)).status, 200);
    t.is((await accountant.get(`${home}/receipts/numbers`)).status, 403);
    const declared = await accountant.post(`${home}/receipts/${id}/void`, { why: 'I say so' });
    t.is(declared.status, 403);
  },
);

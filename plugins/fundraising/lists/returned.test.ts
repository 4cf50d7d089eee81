// Great Britain's list of what was not accepted and went back, from the till to the file: whom, how much, when, how.
import test from 'ava';
import { Subjects } from 'rostra/plugin';
import { lockDonation } from '../donation.sql.ts';
import { demandDonation } from '../donation.ts';
import { aroundOf, offerOf, officerOf, openDesk } from '../fixture.ts';
import { record } from '../pledge.ts';
import { sendBack } from '../refund.ts';
import { enterFailed } from '../refund-entry.ts';
import { listsOf, openList } from './catalogue.ts';
import { minorOf, type Row, readCsv, readXlsx } from './fixture.ts';
import type { Sheet } from './sheet.ts';

const quarter = { since: '2026-10-01', until: '2026-12-31' };
const readers = { CSV: (sheet: Sheet) => readCsv(sheet, 'en'), XLSX: readXlsx };

async function scene(t: Parameters<typeof openDesk>[0]) {
  const desk = await openDesk(t, 'gb');
  const { scope, deps, recipient, app } = desk;
  const take = (more: Parameters<typeof offerOf>[1]) =>
    record(scope, deps, recipient, offerOf(scope, more), aroundOf({ isIn: true } as object));
  const back = (
    { id, amountMinor }: { id: string; amountMinor: number },
    reference: string,
    why = 'Not on the register',
  ) => sendBack(scope, deps, { donationId: id, amountMinor, why, byHand: true, reference });
  const sheet = () => openList(scope, deps, recipient, { ...quarter, name: 'returned' });
  const ledgerMinor = async () => {
    const found = await app.house.database.db.raw(
      `select coalesce(sum(p.amount_minor), 0) as minor from fundraising.entry e
       join fundraising.posting p on p.entry_id = e.id and p.account = 'held' where e.kind = 'returned'`,
    );
    return Number(found.rows[0].minor);
  };
  return { ...desk, take, back, sheet, ledgerMinor };
}

/** Lines, and below an empty one the totals by the word in their first cell. */
function split(rows: Row[]) {
  const at = rows.findIndex((row) => Object.values(row).every((cell) => cell === ''));
  const totals = rows.slice(at + 1).map((row) => {
    const word = (Object.values(row)[0] ?? '').replace(/^fundraising\.list\.(returned\.)?/, '');
    return [word, minorOf(row['amount'], 2)];
  });
  return { lines: rows.slice(0, at), totals: Object.fromEntries(totals) };
}

for (const [format, read] of Object.entries(readers)) {
  test.serial(
    `what a British party was given and sent back reads back from ${format} with the ledger’s totals, by ground`,
    async (t) => {
      const { take, back, sheet, ledgerMinor, app } = await scene(t);
      const stranger = await take({ amountMinor: 90_000, qualities: [] });
      const unverified = await take({ amountMinor: 120_050 });
      const nameless = await take({ amountMinor: 60_000, isAnonymous: true, identity: {} });
      await take({ amountMinor: 40_000 });
      t.deepEqual(
        [stranger, unverified, nameless].map(({ why }) => why),
        ['donor.criterion', 'verify', 'anonymous'],
      );
      app.clock.set('2026-12-10T10:00:00Z');
      await back(stranger, 'Cheque 17');
      await back(unverified, 'FPS 9', 'No answer in time');
      await back(nameless, 'To the bank it came from', 'Donor unknown');
      const { lines, totals } = split(await read(await sheet()));
      t.deepEqual(totals, {
        impermissible: 210_050,
        unidentifiable: 60_000,
        other: 0,
        total: 270_050,
      });
      t.is(totals['total'], await ledgerMinor());
      t.deepEqual(lines[0], {
        ground: 'fundraising.list.returned.impermissible',
        record: stranger.id,
        'donor-type': 'fundraising.donor.natural_person',
        name: 'Zoé Martin',
        address: '2 rue Haute, 69001 Lyon, FR',
        'register-number': '',
        method: 'fundraising.method.transfer',
        day: '2026-11-24',
        'returned-on': '2026-12-10',
        'returned-how': 'fundraising.list.returned.out-of.bank',
        reference: 'Cheque 17',
        why: 'fundraising.donation.why.donor.criterion',
        note: 'Not on the register',
        amount: '900.00',
      });
      t.is(lines[2]?.['name'], '');
    },
  );
}

test.serial(
  'it is of the quarter in which the money went back, and what was accepted is none of it',
  async (t) => {
    const { scope, deps, recipient, take, back, sheet, app } = await scene(t);
    const kept = await take({ amountMinor: 40_000 });
    await back(kept, 'A courtesy');
    app.clock.set('2027-01-02T10:00:00Z');
    await back(await take({ amountMinor: 90_000, qualities: [] }), 'Cheque 18');
    const now = split(await readCsv(await sheet(), 'en'));
    t.deepEqual([now.lines, now.totals['total']], [[], 0]);
    const next = { since: '2027-01-01', until: '2027-03-31', name: 'returned' } as const;
    const later = split(await readCsv(await openList(scope, deps, recipient, next), 'en'));
    t.is(later.totals['impermissible'], 90_000);
  },
);

test.serial(
  'a return that failed is no return: the money is here again, and waits again',
  async (t) => {
    const { scope, deps, take, back, sheet, ledgerMinor } = await scene(t);
    const gift = await take({ amountMinor: 90_000, qualities: [] });
    await back(gift, 'Cheque 20');
    await scope.write(async (own) => {
      const donation = await lockDonation(own, gift.id);
      if (donation) await enterFailed(own, deps, donation, `${gift.id}: Cheque 20`);
    });
    t.is((await demandDonation(scope, gift.id)).state, 'held');
    const { lines, totals } = split(await readCsv(await sheet(), 'en'));
    t.deepEqual([lines, totals['total'], await ledgerMinor()], [[], 0, 0]);
  },
);

test.serial(
  'it is offered where the law asks for it, and names donors who were erased',
  async (t) => {
    const { app, scope, deps, recipient, take, back } = await scene(t);
    const offered = listsOf(scope, recipient).find(({ name }) => name === 'returned');
    t.regex(offered?.source ?? '', /sch\. 6, paras 6 and 7/);
    const { id: personId } = await deps.people.upsert(scope, {
      ...{ givenName: 'Zoé', familyName: 'Martin', source: 'test' },
      emailAddress: 'zoe@example.org',
    });
    await back(await take({ amountMinor: 90_000, qualities: [] }), 'Cheque 19');
    await app.get('privacy')(Subjects).erase(scope, personId);
    const of = async (duty: 'treasurer' | 'accountant') => {
      const actor = await officerOf({ app, scope }, recipient.id, duty);
      return app.house.scopes.with(
        { organizationId: scope.organization.id, actor },
        async (own) => {
          const sheet = await openList(own, deps, recipient, { ...quarter, name: 'returned' });
          return split(await readCsv(sheet, 'en')).lines.map((line) => line['name']);
        },
      );
    };
    t.deepEqual(await of('treasurer'), ['Zoé Martin']);
    t.deepEqual(await of('accountant'), ['']);
    const french = await openDesk(t, 'fr');
    const names = listsOf(french.scope, french.recipient).map(({ name }) => name);
    t.false(names.includes('returned'));
  },
);

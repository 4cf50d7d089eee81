// Each query of reports, the search and the history from a sister chapter: it finds nothing, and touches nothing.
import test from 'ava';
import { makeApp, sisterFaults } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { makeRecipient } from './fixture.ts';
import * as history from './history.sql.ts';
import * as row from './history-row.sql.ts';
import { give } from './lists/fixture.ts';
import { insertOffice } from './office.sql.ts';
import * as report from './report.sql.ts';
import * as search from './search.sql.ts';

const span = { since: '2000-01-01', until: '2026-12-31' };
const tables = [
  `(select h.*, r.organization_id from fundraising.history h join fundraising.recipient r on r.id = h.recipient_id)`,
  `(select s.*, r.organization_id from fundraising.history_row s join fundraising.history h on h.id = s.history_id
    join fundraising.recipient r on r.id = h.recipient_id)`,
];

test('a sister chapter reads and changes nothing of reports and the history', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const [own, sister] = [await app.chapter('Lyon'), await app.chapter('Lille')];
  const scope = app.scope(own);
  const { db } = app.house.database;
  // The staff that the trial is made with hold an office there, and in the sister nothing follows from it.
  await db.raw(
    `insert into core.account (id, email, name, locale, created_at) overriding system value
     values (0, 'staff@example.org', 'Staff', 'en', :now)`,
    { now: app.clock.now() },
  );
  const { people } = depsOf(app.get('fundraising'));
  const { id: personId } = await people.upsert(scope, { givenName: 'Ana', source: 'test' });
  const donor = await db.raw(
    `insert into fundraising.donor (type, person_id, created_at)
     values ('natural_person', :personId, :now) returning id`,
    { personId, now: app.clock.now() },
  );
  const { id: recipientId } = await makeRecipient(scope);
  await scope.write((one) => insertOffice(one, { recipientId, accountId: '0', duty: 'treasurer' }));
  await give(scope, recipientId, { donorId: donor.rows[0].id, fund: 'Hall' });
  await give(scope, recipientId, { state: 'pledged' });
  const historyId = await scope.write(async (one) => {
    const file = { recipientId, fileName: 'gifts.csv', columns: ['date'] };
    const id = await history.insertHistory(one, file);
    await history.insertRows(one, id, [
      { line: 2, cells: ['03/04/2024'] },
      { line: 3, cells: ['13/04/2024'] },
      { line: 4, cells: ['14/04/2024'] },
    ]);
    await row.judgeRows(one, id, [
      { line: 3, state: 'ready', key: 'history:id:1', donor: '1', amountMinor: 1 },
      { line: 4, state: 'ready', key: 'history:id:1', donor: '1', amountMinor: 1 },
    ]);
    return id;
  });
  const states = ['accepted'] as const;
  const counts = { fresh: 9, known: 0, refusedRows: 0, refused: {}, minor: 0, overCap: 0 };
  const plan = { fields: ['givenOn'], method: 'cash', dateOrder: 'day' } as const;
  const staged = { state: 'staged', after: 0, most: 9 } as const;
  const faults = await sisterFaults(
    {
      ...{ app, own, sister, tables, folder: import.meta.dirname },
      files: /^(report|search|history[\w-]*)\.sql\.ts$/,
    },
    {
      reads: {
        reportOf: async (one) =>
          (await report.reportOf(one, recipientId, span, 'day')).total.count || undefined,
        sumStandings: (one) => report.sumStandings(one, { today: '2026-11-24' }),
        findWaiting: (one) => report.findWaiting(one),
        findFirstDay: (one) => report.findFirstDay(one, recipientId),
        searchDonations: (one) => search.searchDonations(one, recipientId, { states, most: 9 }),
        findGiftsOf: (one) => search.findGiftsOf(one, personId, 9),
        findFunds: (one) => search.findFunds(one, recipientId),
        findHistory: (one) => history.findHistory(one, historyId),
        findHistories: (one) => history.findHistories(one, recipientId, 9),
        findRows: (one) => row.findRows(one, historyId, staged),
        countRows: async (one) => (await row.countRows(one, historyId)).fresh || undefined,
        countDateOrders: async (one) =>
          (await row.countDateOrders(one, historyId, 0)).dayFirst || undefined,
      },
      writes: {
        insertRows: (one) => history.insertRows(one, historyId, [{ line: 9, cells: [] }]),
        moveHistory: (one) => history.moveHistory(one, historyId, ['staged'], 'checked'),
        updatePlan: (one) => history.updatePlan(one, historyId, plan),
        updateCounts: (one) => history.updateCounts(one, historyId, counts),
        tellDone: (one) => history.tellDone(one, historyId, 1),
        deleteHistory: (one) => history.deleteHistory(one, historyId),
        judgeRows: (one) => row.judgeRows(one, historyId, [{ line: 2, state: 'known' }]),
        unjudgeRows: (one) => row.unjudgeRows(one, historyId),
        markKnown: (one) => row.markKnown(one, historyId),
        deleteRows: (one) => row.deleteRows(one, historyId, [2]),
      },
      unbounded: {
        insertHistory: 'after the office was asked for',
        deleteOldHistories: 'what is too old goes everywhere',
        findRowsOf: 'rights',
        deleteRowsOf: 'rights',
      },
    },
  );
  t.deepEqual(faults, []);
});

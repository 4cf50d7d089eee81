// The treasurer's home, the list of gifts and the panels: right sums, right days, and nothing for anybody else.
import test from 'ava';
import { giveBack } from './donation.ts';
import { aroundOf, type Desk, makeRecipient, offerOf, officerOf, openDesk } from './fixture.ts';
import { pointsOf, spanOf, waitingOf } from './home.ts';
import { record } from './pledge.ts';
import { reportOf } from './report.sql.ts';
import { searchDonations } from './search.sql.ts';
import type { Offer } from './till.ts';

async function give(desk: Desk, more: Partial<Offer> = {}, around = {}) {
  const { scope, deps, recipient } = desk;
  return record(scope, deps, recipient, offerOf(scope, more), aroundOf(around));
}

const named = (givenName: string, familyName: string, emailAddress: string) => ({
  ...{ givenName, familyName, emailAddress, nationality: 'FR' },
  address: { line1: '2 rue Haute', postcode: '69001', locality: 'Lyon', country: 'FR' },
});
const all = { states: ['accepted', 'refunded', 'held'] as const, most: 9 };

test('what came in is told by month, means, page and source, less what went back', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { scope, deps, recipient } = desk;
  const first = await give(desk, { amountMinor: 5_000, givenOn: '2026-09-30' });
  await give(desk, { amountMinor: 2_000, givenOn: '2026-11-01', method: 'cheque' });
  await give(desk, { amountMinor: 100, givenOn: '2025-11-30' });
  const back = { reference: 'back-1', amountMinor: 1_500, account: 'bank' as const };
  await giveBack(scope, deps, first.id, back);
  const span = await spanOf(scope, recipient, 'year');
  t.deepEqual(span, { since: '2025-12-01', until: '2026-11-24', grain: 'month' });
  const report = await reportOf(scope, recipient.id, span, span.grain);
  t.deepEqual(report.total, { minor: 5_500, count: 2 });
  const points = pointsOf(span, report.byTime);
  t.is(points.length, 12);
  t.deepEqual(points.slice(9), [
    { day: '2026-09-01', minor: 3_500 },
    { day: '2026-10-01', minor: 0 },
    { day: '2026-11-01', minor: 2_000 },
  ]);
  t.deepEqual(report.byMethod, [
    { method: 'transfer', minor: 3_500, count: 1 },
    { method: 'cheque', minor: 2_000, count: 1 },
  ]);
  t.deepEqual(report.bySource, [{ source: 'staff', minor: 5_500, count: 2 }]);
  t.deepEqual(report.byPage, [{ pageId: undefined, minor: 5_500, count: 2 }]);
  const since = await spanOf(scope, recipient, 'all');
  t.deepEqual(since, { since: '2025-11-30', until: '2026-11-24', grain: 'month' });
});

test('what waits is told with the day it must go back, and what is late comes first', async (t) => {
  const desk = await openDesk(t, 'fr');
  await give(desk, { amountMinor: 20_000, method: 'cash' }, { isIn: true });
  const [waiting] = await waitingOf(desk.scope, desk.recipient.id);
  t.like(waiting, { kind: 'held', why: 'cash', count: 1, minor: 20_000, isLate: false });
  desk.app.clock.set(new Date('2027-11-24T10:00:00Z'));
  t.like((await waitingOf(desk.app.scope(), desk.recipient.id))[0], { isLate: true });
});

test('a gift is found by the beginning of a name, by amount, number and reference', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { scope, recipient } = desk;
  const zoe = await give(
    desk,
    { identity: named('Zoé', 'Éluard', 'z@example.org') },
    { statementReference: 'VIR 77' },
  );
  const bo = await give(desk, {
    ...{ amountMinor: 1_234, identity: named('Bo', 'Martin', 'b@example.org') },
  });
  const find = async (words: string, more = {}) =>
    (await searchDonations(scope, recipient.id, { ...all, words, ...more })).map(({ id }) => id);
  t.deepEqual(await find('elu'), [zoe.id]);
  t.deepEqual(await find('zoe ÉLUARD'), [zoe.id]);
  t.deepEqual(await find('zoe martin'), []);
  t.deepEqual(await find('VIR 77'), [zoe.id]);
  t.deepEqual(await find(`#${bo.id}`), [bo.id]);
  t.deepEqual(await find('12,34', { amountMinor: 1_234 }), [bo.id]);
  t.deepEqual(await find('%'), []);
  t.deepEqual(await find('', { method: 'cheque' }), []);
  t.deepEqual(await find('', { before: bo.id }), [zoe.id]);
});

test('the list keeps what was searched for, and the home shows sums to who holds the office alone', async (t) => {
  const desk = await openDesk(t, 'fr');
  const { app, recipient, scope } = desk;
  const gift = await give(desk, { amountMinor: 123_456 });
  await give(desk, { amountMinor: 20_000, method: 'cash' }, { isIn: true });
  const treasurer = await app.staff('treasurer');
  const home = `/admin/fundraising/${recipient.id}`;
  const person = `/admin/people/${gift.personId}`;
  t.is((await treasurer.get(home)).status, 404);
  t.notRegex((await treasurer.get(person)).body, /1,234\.56/);
  t.notRegex((await treasurer.get('/admin')).body, /Too much in cash/);
  const { rows } = await app.house.database.db.raw(
    'select id from core.account order by id desc limit 1',
  );
  await scope.write((own) =>
    own.db.raw(
      `insert into fundraising.office (recipient_id, account_id, duty, since) values (:id, :account, 'treasurer', :now)`,
      { id: recipient.id, account: rows[0].id, now: own.now() },
    ),
  );
  const shown = await treasurer.get(home);
  t.is(shown.status, 200);
  t.regex(shown.body, /1,234\.56/);
  t.regex(shown.body, /Too much in cash/);
  for (const period of ['days', 'year', 'all']) {
    t.regex((await treasurer.get(`${home}?period=${period}`)).body, /aria-current="true"/);
  }
  const list = await treasurer.get(`${home}/donations?q=martin&method=&source=&since=&until=`);
  t.regex(list.body, /value="martin"/);
  t.regex(list.body, /Zoé Martin/);
  t.regex((await treasurer.get(`${home}/donations?q=nobody`)).body, /No gift like that/);
  t.regex((await treasurer.get('/admin')).body, /Too much in cash/);
  const profile = await treasurer.get(person);
  t.regex(profile.body, /1,234\.56/);
  t.true(profile.body.includes(`${home}/record?person=${gift.personId}`));
  const officer = await officerOf(desk, recipient.id, 'accountant');
  t.is(officer.kind, 'staff');
  const other = await makeRecipient(scope, { name: 'Another' });
  t.is((await treasurer.get(`/admin/fundraising/${other.id}`)).status, 404);
});

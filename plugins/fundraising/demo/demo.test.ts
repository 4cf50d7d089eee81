// Play money of an invented party: it adds up, looks alive, can charge nobody, and goes without a trace.
import test from 'ava';
import { depsOf } from '../deps.ts';
import { makeRecipient, offerOf, openDesk } from '../fixture.ts';
import { waitingOf } from '../home.ts';
import { sumBalances } from '../ledger.sql.ts';
import { checkLedgers } from '../ledger.ts';
import { record } from '../pledge.ts';
import { findRecipients } from '../recipient.sql.ts';
import { reportOf } from '../report.sql.ts';
import { makeDemo } from './demo.ts';

async function fill(t: Parameters<typeof openDesk>[0], country: string, place: string) {
  const desk = await openDesk(t, country);
  const { app, scope } = desk;
  const deps = depsOf(app.get('fundraising'));
  const people = Array.from({ length: 40 }, (_, at) => ({
    ...{ givenName: 'Ana', familyName: `Invented ${at}`, source: 'test' },
    emailAddress: `invented.${at}@example.org`,
  }));
  await deps.people.upsertMany(scope, people);
  await deps.people.upsert(scope, { ...people[0], emailAddress: 'real@party.test', source: 'x' });
  const chapter = await app.chapter('A chapter');
  const marks = new Map<string, string[]>();
  const plan = {
    ...{ country, locale: 'en', people: 40, tell: () => {} },
    chapters: [{ place, scope: app.scope(chapter) }],
    mark: async (_: unknown, kind: string, ids: readonly string[]) => {
      marks.set(kind, [...(marks.get(kind) ?? []), ...ids]);
    },
  };
  const demo = makeDemo(deps);
  await demo.fill(scope, plan);
  const remove = () =>
    scope.write((own) =>
      demo.remove(own, {
        chapters: [chapter],
        marked: async (_, kind) => marks.get(kind) ?? [],
      }),
    );
  return { ...desk, deps, chapter, marks, remove };
}

for (const [country, place] of [
  ['fr', '69'],
  ['us', 'OH'],
] as const) {
  test(`an invented year of ${country} adds up, waits where it should, and is play money alone`, async (t) => {
    const { app, scope, marks } = await fill(t, country, place);
    const invented = marks.get('recipient') ?? [];
    t.is(invented.length, 2);
    const found = (await findRecipients(scope)).filter(({ id }) => invented.includes(id));
    t.true(found.every(({ isTest }) => isTest));
    t.deepEqual(await checkLedgers(scope), []);
    const [party = ''] = invented;
    const span = { since: '2025-01-01', until: '2026-11-24' };
    const { total, byTime, byMethod, bySource } = await reportOf(scope, party, span, 'month');
    t.true(total.count > 30 && byTime.length > 6, `${total.count} in ${byTime.length} months`);
    t.true(byMethod.length >= 3 && bySource.length === 2);
    const waiting = await waitingOf(scope, party);
    t.deepEqual(
      waiting.filter(({ kind }) => kind === 'held').map(({ why, isLate }) => [why, isLate]),
      [['cap', false]],
    );
    const balances = await sumBalances(scope, party);
    t.true((balances.bank ?? 0) > 0 && (balances.provider ?? 0) >= 0);
    const { db } = app.house.database;
    const labels = await db('fundraising.receipt').pluck('label');
    t.true(labels.length > 30 && labels.every((label: string) => label.startsWith('TEST-')));
    t.is(Number((await db('fundraising.refund').count())[0]?.count), 1);
    t.is(Number((await db('fundraising.provider_account').count())[0]?.count), 0);
    t.is(Number((await db('core.outbox').count())[0]?.count), 0, 'nobody is thanked');
    const [page] = marks.get('page') ?? [];
    const { path } = await db('website.page').where({ id: page }).first('path');
    t.regex((await app.visitor().get(path)).body, /15,000/);
  });
}

test('it goes without a trace, with what was tried there; real money and what was no demo’s stay', async (t) => {
  const { app, scope, deps, recipient, chapter, remove } = await fill(t, 'fr', '69');
  const { db } = app.house.database;
  const real = await record(scope, deps, recipient, offerOf(scope), {
    ...{ source: 'staff', key: 'real-gift' },
  });
  const tried = await makeRecipient(app.scope(chapter), { kind: 'local_party', isTest: true });
  await record(app.scope(chapter), deps, tried, offerOf(scope), {
    ...{ source: 'staff', key: 'tried-there' },
  });
  await remove();
  const left = async (table: string) =>
    Number((await db(`fundraising.${table}`).count())[0]?.count);
  for (const table of ['recipient', 'donation', 'donor', 'entry', 'receipt', 'series'])
    t.is(await left(table), 1, table);
  for (const table of ['batch', 'refund', 'office']) t.is(await left(table), 0, table);
  t.is((await db('fundraising.donation').first('id')).id, real.id);
  t.is(Number((await db('website.page').where({ kind: 'typed' }).count())[0]?.count), 0);
  await t.throwsAsync(db('fundraising.receipt').delete(), { message: /append-only/ });
  await scope
    .write(async (own) => {
      await own.db.raw(`select set_config('rostra.erasing', 'demo', true)`);
      await t.throwsAsync(own.db('fundraising.entry').delete(), { message: /append-only/ });
    })
    .catch(() => undefined);
});

// Whom a list for another's statement holds, and by which address, is what is found of each of them.
import test from 'ava';
import fc from 'fast-check';
import type { Scope } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { reach } from './contact.ts';
import { fill, somebody } from './crowd/fixture.ts';
import type { ReachAct } from './index.ts';
import { countByAnswer } from './reach.sql.ts';
import { findFew, listReached, stretchesOf } from './reach-list.ts';
import { planOf } from './reach-plan.ts';
import { findAmong } from './reached.ts';

const count = 1_500;
const seed = 20_261_129;
const acts: readonly ReachAct[] = [
  { channel: 'email', purpose: 'newsletter' },
  { channel: 'sms', purpose: 'newsletter' },
  { channel: 'email', purpose: 'campaign' },
  { channel: 'sms', purpose: 'campaign', met: ['registration.carrier'] },
];

for (const jurisdiction of ['fr', 'us']) {
  test(`of ${count} people under the law of ${jurisdiction} the list says what is said of each`, async (t) => {
    const app = await makeApp(t, { jurisdiction });
    const chapter = await app.chapter('Lyon');
    await fill(app, chapter, fc.sample(somebody, { numRuns: count, seed }));
    let ofSome = 0;
    for (const scope of [app.scope(), app.scope(chapter)]) {
      for (const act of [...acts, ...(await ofMembers(app))]) {
        const listed = await listOf(scope, act);
        t.deepEqual(listed, await eachOf(scope, act), JSON.stringify(act));
        const counted = await reach.count(scope, act);
        t.deepEqual(sorted(counted), sorted(await countAll(scope, act)), JSON.stringify(act));
        if (scope.bound === undefined && acts.includes(act))
          t.true(listed.length > 0, JSON.stringify(act));
        if (!acts.includes(act)) ofSome += listed.length;
      }
    }
    t.true(ofSome > 0);
    const sister = app.scope(await app.chapter('Lille'));
    t.deepEqual(await listOf(sister, acts[0] as ReachAct), []);
  });
}

test('of few who are spread nobody between is looked up, and who stand together is looked up in one piece', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const chapter = await app.chapter('Lyon');
  await fill(app, chapter, fc.sample(somebody, { numRuns: count, seed }));
  const [, spread, near] = await ofMembers(app);
  const kinds = async (act: ReachAct | undefined, scope = app.scope()) => {
    const found = [];
    if (!act) throw new Error('there is no such act');
    for await (const { those } of stretchesOf(scope, act, { most: 400, apart: 30 }))
      found.push('ids' in those ? those.ids.length : 'between');
    return found;
  };
  t.deepEqual(await kinds(spread), [30, 7], 'the thirty first, and the rest');
  t.deepEqual(
    await kinds(near),
    ['between', 11],
    'a list of its own that was brought in, and a few more',
  );
  t.deepEqual(await kinds(acts[2]), ['between', 'between', 'between', 'between']);
  t.deepEqual(await kinds({ ...acts[2], tagId: '999' } as ReachAct), []);
  t.is((await findFew(app.scope(), spread as ReachAct))?.length, 37);
  t.is(await findFew(app.scope(), acts[2] as ReachAct), undefined);
  t.deepEqual(await kinds(spread, app.scope(await app.chapter('Lille'))), []);
});

/** To the subscribers of one newsletter, to few who have a tag, and to many who have one and stand side by side. */
async function ofMembers(app: App): Promise<ReachAct[]> {
  const { db } = app.house.database;
  await db.raw(
    `insert into people.tag (name, created_at) values ('spread', '2026-11-01'), ('near', '2026-11-01') on conflict do nothing`,
  );
  await db.raw(
    `insert into people.tagging (tag_id, person_id, at)
     select t.id, p.id, '2026-11-02' from people.tag t join people.person p on
       case t.name when 'spread' then p.id % 40 = 0 else p.id <= 300 or p.id % 100 = 0 end on conflict do nothing`,
  );
  const tags = await db.raw('select id from people.tag order by id');
  const letters = await db.raw('select min(id) as id from people.newsletter');
  const [spread = '', near = ''] = tags.rows.map(({ id }: { id: string }) => id);
  const chosen = { channel: 'email', purpose: 'campaign' } as const;
  return [
    { channel: 'email', purpose: 'newsletter', newsletterId: letters.rows[0].id },
    { ...chosen, tagId: spread },
    { ...chosen, tagId: near },
  ];
}

/** Whatever is known of how many they are. */
async function countAll(scope: Scope, act: ReachAct) {
  const plan = planOf(scope.law, act);
  const counted = await countByAnswer(scope, plan);
  return counted.map(({ place, people }) => ({ answer: plan.answers[place], people }));
}

const sorted = (counted: readonly unknown[]) =>
  counted.map((one) => JSON.stringify(one)).toSorted();

async function listOf(scope: Scope, act: ReachAct) {
  const all = [];
  for await (const { sql, bindings, answers } of listReached(scope, act, {
    most: 400,
    apart: 30,
  })) {
    const { rows } = await scope.db.raw(`select * from (${sql}) listed order by person_id`, {
      ...bindings,
    } as never);
    all.push(
      ...rows.map((row: Record<string, unknown>) => ({
        ...{ personId: row['person_id'], address: row['address'], locale: row['locale'] },
        ...{ isDirect: row['is_direct'], consentId: row['consent_id'] },
        answer: answers[Number(row['place'])],
      })),
    );
  }
  return all;
}

async function eachOf(scope: Scope, act: ReachAct) {
  const ids = Array.from({ length: count + 100 }, (_, at) => String(at + 1));
  const all = await findAmong(scope, ids, act);
  return all.flatMap(({ personId, address, locale = null, isDirect, consentId, answer }) =>
    answer.may && address
      ? [{ personId, address, locale, isDirect, consentId: consentId ?? null, answer }]
      : [],
  );
}

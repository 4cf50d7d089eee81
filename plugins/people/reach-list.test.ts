// Whom a list for another's statement holds, and by which address, is what is found of each of them.
import test from 'ava';
import fc from 'fast-check';
import type { Scope } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { fill, somebody } from './crowd/fixture.ts';
import type { ReachAct } from './index.ts';
import { listReached } from './reach-list.ts';
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
    for (const scope of [app.scope(), app.scope(chapter)]) {
      for (const act of acts) {
        const listed = await listOf(scope, act);
        t.deepEqual(listed, await eachOf(scope, act), JSON.stringify(act));
        if (scope.bound === undefined) t.true(listed.length > 0, JSON.stringify(act));
      }
    }
    const sister = app.scope(await app.chapter('Lille'));
    t.deepEqual(await listOf(sister, acts[0] as ReachAct), []);
  });
}

async function listOf(scope: Scope, act: ReachAct) {
  const all = [];
  for await (const { sql, bindings, answers } of listReached(scope, act, 400)) {
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

// Rates must hold across processes, outlive what is rolled back, and let the patient through.
import test from 'ava';
import { makePlace } from './accounts/fixture.ts';
import { forgetRates, makeLimits } from './limit.ts';

test('as many as allowed pass at once, then one as each grows old', async (t) => {
  const place = await makePlace(t);
  const limits = makeLimits(place.deps.config);
  const take = () => limits.take(place.visitor, 'bell', 3, 60);
  t.deepEqual([await take(), await take(), await take(), await take()], [true, true, true, false]);
  place.later(20);
  t.deepEqual([await take(), await take()], [true, false]);
  place.later(60);
  t.deepEqual([await take(), await take(), await take(), await take()], [true, true, true, false]);

  t.true(await limits.take(place.visitor, 'another bell', 3, 60), 'keys do not touch each other');
  await limits.giveBack(place.visitor, 'bell', 3, 60);
  t.deepEqual([await take(), await take()], [true, false]);

  const inRolledBack = place.visitor.write(async (own) => {
    await limits.take(own, 'lost', 1, 60);
    throw new Error('no');
  });
  await t.throwsAsync(inRolledBack);
  t.false(await limits.take(place.visitor, 'lost', 1, 60), 'what is rolled back was counted');

  const atOnce = Array.from({ length: 8 }, () => limits.take(place.visitor, 'rush', 5, 60));
  t.is((await Promise.all(atOnce)).filter(Boolean).length, 5, 'no two slip through together');

  const { rows } = await place.deps.database.db.raw('select key from core.rate');
  t.false(JSON.stringify(rows).includes(Buffer.from('bell').toString('hex')));
  place.later(3600);
  t.true((await forgetRates(place.visitor)) >= 4);
});

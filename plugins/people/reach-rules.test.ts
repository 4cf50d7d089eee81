// Several laws asked of one person: none of them is asked less for the others.
import test from 'ava';
import fc from 'fast-check';
import { makeApp } from 'rostra/testing';
import { lawsOf } from './fixture.ts';
import type { ReachAct } from './index.ts';
import { decideReach } from './reach.ts';
import { acts, type ReachFacts, unselected, ways, words } from './reach-facts.ts';

const homes = ['fr', 'de', 'gb', 'us', 'it', 'ch', 'us-party'];
const abroad = ['FR', 'DE', 'GB', 'US', 'CA', 'IT', 'ES'];

const facts: fc.Arbitrary<ReachFacts> = fc.record({
  age: fc.constantFrom(12, 16, 40),
  way: fc.constantFrom(...ways, 'ok' as const, 'ok' as const),
  word: fc.constantFrom(...words, 'given' as const, 'confirmed' as const),
  targeting: fc.constantFrom(...words, 'given' as const, 'confirmed' as const),
  ...{ hasWindow: fc.boolean(), isSubscribed: fc.boolean() },
  ...{
    isWayDirect: fc.boolean(),
    isTagDirect: fc.constantFrom(true, true, true, false),
    isBirthDirect: fc.boolean(),
  },
  isTagged: fc.constant(true),
  ...{ isInformed: fc.boolean(), isRegular: fc.boolean() },
});
const met = ['no.special_categories', 'registration.carrier', 'screened.telephone_preference'];

test('whom a law alone keeps from being reached, it keeps so beside another', async (t) => {
  const lawOf = lawsOf(await makeApp(t, { jurisdiction: 'fr' }));
  const one = fc.record({
    ...{ home: fc.constantFrom(...homes), country: fc.constantFrom(...abroad), facts },
    act: fc.constantFrom(...acts).map((act): ReachAct => ({ ...unselected(act), met })),
  });
  let reached = 0;
  fc.assert(
    fc.property(one, ({ home, country, facts, act }) => {
      const both = decideReach(lawOf(home), { ...facts, country }, act);
      if (!both.may) return;
      reached += 1;
      t.true(decideReach(lawOf(home), facts, act).may, JSON.stringify({ home, country, facts }));
      const there = decideReach(lawOf(country.toLowerCase()), { ...facts, country }, act);
      t.true(there.may, JSON.stringify({ home, country, facts, act }));
    }),
    { numRuns: 5_000, seed: 20_261_124 },
  );
  t.true(reached > 500, String(reached));
});

test('a confirmation that a draft wants is wanted of a French number too, and of being chosen', async (t) => {
  const lawOf = lawsOf(await makeApp(t, { jurisdiction: 'fr' }));
  const given: ReachFacts = {
    ...{ age: 40, way: 'ok', word: 'given', targeting: 'confirmed', hasWindow: true },
    ...{ isWayDirect: true, isTagDirect: true, isBirthDirect: true, isInformed: true },
    ...{ isSubscribed: true, isTagged: true, isRegular: true },
  };
  const why = (home: string, act: ReachAct, facts = given) =>
    decideReach(lawOf(home), { ...facts, country: 'FR' }, act).why;
  const voice: ReachAct = { channel: 'voice', purpose: 'campaign' };
  t.is(lawOf('de').rule('consent.voice', { person: { country: 'FR' } }).value, 'explicit');
  t.is(why('fr', voice), 'yes');
  t.is(why('de', voice), 'unconfirmed');
  t.is(why('de', voice, { ...given, word: 'confirmed' }), 'yes');
  const chosen: ReachAct = { channel: 'call', purpose: 'targeting', met };
  t.is(why('us', chosen, { ...given, targeting: 'given' }), 'yes');
  t.is(why('us-party', chosen, { ...given, targeting: 'given' }), 'no-targeting-consent');
  t.is(why('us-party', chosen), 'yes');
});

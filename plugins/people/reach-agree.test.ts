// One person asked alone and the same person found by SQL among all get the same answer, with the same reasons.
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import type { Law, Scope } from 'rostra/plugin';
import { makeApp } from 'rostra/testing';
import { factsOf, type Known, knownOf } from './contact.ts';
import { fill, somebody } from './crowd/fixture.ts';
import { lawsOf } from './fixture.ts';
import type { ReachAct } from './index.ts';
import { findPeople } from './person.sql.ts';
import { findPlaces } from './reach.sql.ts';
import { decideReach } from './reach.ts';
import { acts } from './reach-facts.ts';
import { planOf } from './reach-plan.ts';

const count = 10_000;
const seed = 20_261_124;

test.serial('ten thousand random people are answered alike one by one and by SQL', async (t) => {
  // Ten acts under four laws, each asked ten thousand times over.
  t.timeout(15 * 60_000);
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const chapter = await app.chapter('Lyon');
  await fill(app, chapter, fc.sample(somebody, { numRuns: count, seed }));
  const seen = new Set<string>();
  const all = await everybody(app.scope());
  const few = (await everybody(app.scope(chapter), 1_000)).slice(0, 500);
  const lawOf = lawsOf(app);
  for (const jurisdiction of ['fr', 'us', 'gb', 'de', 'us-party']) {
    const isDraft = ['de', 'us-party'].includes(jurisdiction);
    for (const [scope, known] of [
      [app.scope(), isDraft ? all.slice(0, 2_000) : all],
      [app.scope(chapter), few],
    ] as const) {
      const inForce = app.house.packs.lawOf(jurisdiction, () => scope.now());
      const law = isDraft ? lawOf(jurisdiction) : inForce;
      for (const act of isDraft ? confirmed : (asked[jurisdiction] ?? fulfilled)) {
        for (const why of await compare(t, { scope, law, act, known })) seen.add(why);
      }
    }
  }
  const missed = everyWhy.filter((why) => !seen.has(why));
  t.deepEqual(missed, [], 'the random people meet every answer that the law of the day gives');
});

/** By a sender that does its own part. */
const fulfilled = acts.map((act) => ({
  ...act,
  met: ['no.special_categories', 'registration.carrier', 'screened.telephone_preference'],
}));

const asked: Record<string, readonly ReachAct[]> = { fr: acts, us: [...acts, ...fulfilled] };

/** Where a confirmation that one law wants meets a law that does not. */
const confirmed = fulfilled.filter(
  ({ channel, purpose }) => purpose === 'targeting' || channel === 'sms' || channel === 'voice',
);

const everyWhy = [
  ...['age-unknown', 'claimed', 'dead', 'indirect-birth-date', 'indirect-email', 'indirect-phone'],
  ...['landline', 'no-consent', 'no-targeting-consent', 'uninformed'],
  ...['no-way', 'no-window', 'not-subscribed', 'sender', 'stopped', 'targeting-withdrawn'],
  ...['too-young', 'too-young-to-target', 'unconfirmed', 'unsubscribed', 'withdrawn', 'yes'],
];

interface Case {
  scope: Scope;
  law: Law;
  act: ReachAct;
  known: readonly Known[];
}

async function compare(t: { deepEqual(a: unknown, b: unknown, why?: string): unknown }, one: Case) {
  const { scope, law, act } = one;
  const plan = planOf(law, act);
  const found = await findPlaces(scope, plan, { after: '0', until: '999999999' });
  const places = new Map(found.map(({ id, place }) => [id, place]));
  const agreed = new Set<string>();
  for (const known of one.known) {
    const facts = factsOf(scope, known, act);
    const place = places.get(known.person.id) ?? -1;
    const pair = `${place} ${JSON.stringify(facts)}`;
    if (agreed.has(pair)) continue;
    const among = plan.answers[place];
    const alone = decideReach(law, facts, act);
    if (isDeepStrictEqual(alone, among)) {
      agreed.add(pair);
      continue;
    }
    t.deepEqual(among, alone, JSON.stringify({ act, facts, id: known.person.id }));
    break;
  }
  return new Set(found.map(({ place }) => plan.answers[place]?.why ?? ''));
}

async function everybody(scope: Scope, most = count + 100): Promise<Known[]> {
  const ids = Array.from({ length: most }, (_, index) => String(index + 1));
  const people = await findPeople(scope, ids);
  const all: Known[] = [];
  for (let at = 0; at < people.length; at += 10) {
    all.push(...(await Promise.all(people.slice(at, at + 10).map((one) => knownOf(scope, one)))));
  }
  return all;
}

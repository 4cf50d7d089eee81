// One person asked alone and the same person found by SQL among all get the same answer, with the same reasons.
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import type { Law, Scope } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { factsOf, type Known, knownOf } from './contact.ts';
import { lawsOf } from './fixture.ts';
import type { ReachAct } from './index.ts';
import { findPeople } from './person.sql.ts';
import { findPlaces } from './reach.sql.ts';
import { decideReach } from './reach.ts';
import { acts } from './reach-facts.ts';
import { planOf } from './reach-plan.ts';

const count = 10_000;
const seed = 20_261_124;

const maybe = <T>(...values: T[]) => fc.constantFrom(...values);
const state = maybe('ok', 'ok', 'ok', 'bounced', 'bad');
const stop = maybe(null, null, null, null, 'unsubscribed', 'dead', 'objection', 'complaint');
/** Who a value came from, where that is not who the record came from. */
const origin = maybe(null, null, null, 'person', 'person', 'staff', 'import', 'plugin', 'unknown');
const email = fc.record({ state, stop, origin });
const phone = fc.record({
  state,
  stop,
  origin,
  from: maybe('+336', '+1202', '+447', '+4915', '+999'),
});
const consent = fc.record({
  channel: maybe('email', 'email', 'sms', 'voice', 'call', 'targeting'),
  purpose: maybe('newsletter', 'campaign', 'campaign', 'targeting'),
  given: maybe(true, true, false),
  evidence: maybe(
    { form: '1' },
    { confirmedAt: 'then' },
    { form: '1', window: '18:00-20:00' },
    { window: 'evening' },
  ),
  isChapters: maybe(false, false, false, true),
});
const birth = fc
  .tuple(fc.integer({ min: 11, max: 20 }), maybe('-11-23', '-11-24', '-11-25', '-02-28'))
  .map(([age, day]) => `${2026 - age}${day}`);
const somebody = fc.record({
  source: maybe('website.sign-up', 'stand', 'import', 'staff'),
  born: fc.option(birth),
  bornOrigin: origin,
  country: fc.option(maybe('FR', 'US', 'GB', 'DE', 'CA', 'RE', 'QQ')),
  emails: fc.array(email, { maxLength: 2 }),
  phones: fc.array(phone, { maxLength: 2 }),
  /** Said of an address that they no longer have. */
  gone: fc.option(maybe('unsubscribed', 'objection', 'dead'), { freq: 6 }),
  consents: fc.array(consent, { maxLength: 4 }),
  claims: fc.subarray(['email', 'sms']),
  letter: maybe('none', 'none', 'here', 'ended', 'closed', 'chapter'),
  relation: fc.option(maybe('member', 'former_member', 'regular_contact', 'occasional_contact')),
  isChapters: fc.boolean(),
});

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
  ...['no-consent', 'no-targeting-consent', 'uninformed'],
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

type Somebody = typeof somebody extends fc.Arbitrary<infer One> ? One : never;

/** Everything about everybody in one statement a table. */
async function fill(app: App, chapter: string, people: readonly Somebody[]): Promise<void> {
  const { db } = app.house.database;
  const rows = JSON.stringify(people.map((one, index) => ({ ...one, n: index })));
  const root = app.scope().organization.id;
  const values = { rows, at: '2026-11-01T00:00:00Z', root, chapter };
  await db.raw('alter table people.person add column n int');
  for (const step of steps) await db.raw(step, values);
  await db.raw('alter table people.person drop column n');
  await db.raw('analyze');
}

const who = `from jsonb_to_recordset(cast(:rows as jsonb)) as r (n int, source text, born date, "bornOrigin" text, country text, emails jsonb,
    phones jsonb, gone text, consents jsonb, claims jsonb, letter text, relation text, "isChapters" boolean)`;
const of = `${who} join people.person p on p.n = r.n`;
const steps = [
  `insert into people.person (key, n, given_name, birth_date, source, created_at, changed_at)
   select gen_random_uuid(), r.n, 'Ana', r.born, r.source, :at, :at ${who}`,
  `insert into people.affiliation (organization_id, person_id, since)
   select :chapter, p.id, :at ${of} where r."isChapters"`,
  `insert into people.email_address (person_id, address, status, is_primary, created_at)
   select p.id, 'p' || r.n || '.' || e.at || '@x.example', e.one ->> 'state', e.at = 1, :at
   ${of} cross join jsonb_array_elements(r.emails) with ordinality as e (one, at)`,
  `insert into people.phone_number (person_id, number, status, created_at)
   select p.id, (e.one ->> 'from') || lpad((r.n * 2 + e.at)::text, 8, '0'), e.one ->> 'state', :at
   ${of} cross join jsonb_array_elements(r.phones) with ordinality as e (one, at)`,
  `insert into people.provenance (person_id, field, item, kind, at)
   select p.id, 'birthDate', 0, r."bornOrigin", cast(:at as timestamptz)
   ${of} where r."bornOrigin" is not null and r.born is not null
   union all select p.id, 'emailAddress', w.id, e.one ->> 'origin', :at
   ${of} cross join jsonb_array_elements(r.emails) with ordinality as e (one, at)
   join people.email_address w on w.address = 'p' || r.n || '.' || e.at || '@x.example'
   where e.one ->> 'origin' is not null
   union all select p.id, 'phoneNumber', w.id, e.one ->> 'origin', :at
   ${of} cross join jsonb_array_elements(r.phones) with ordinality as e (one, at)
   join people.phone_number w on w.person_id = p.id
     and w.number = (e.one ->> 'from') || lpad((r.n * 2 + e.at)::text, 8, '0')
   where e.one ->> 'origin' is not null`,
  `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
   select 'email', w.hash, case when r.n % 3 > 0 then p.id end, :root, e.one ->> 'stop', :at
   ${of} cross join jsonb_array_elements(r.emails) with ordinality as e (one, at)
   join people.email_address w on w.address = 'p' || r.n || '.' || e.at || '@x.example'
   where e.one ->> 'stop' is not null`,
  `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
   select 'phone', w.hash, case when r.n % 3 > 0 then p.id end, :root, e.one ->> 'stop', :at
   ${of} cross join jsonb_array_elements(r.phones) with ordinality as e (one, at)
   join people.phone_number w on w.person_id = p.id
     and w.number = (e.one ->> 'from') || lpad((r.n * 2 + e.at)::text, 8, '0')
   where e.one ->> 'stop' is not null`,
  `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
   select case when r.n % 2 = 0 then 'email' else 'phone' end, sha256(('gone' || r.n)::bytea), p.id, :root, r.gone, :at
   ${of} where r.gone is not null`,
  `insert into people.postal_address (person_id, locality, country, created_at)
   select p.id, 'Town', r.country, :at ${of} where r.country is not null or r.n % 5 = 0`,
  `insert into people.postal_address (person_id, locality, country, created_at)
   select p.id, 'Town', 'US', :at ${of} where r.n % 11 = 0`,
  `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
   select case when (c.one ->> 'isChapters')::boolean then cast(:chapter as bigint) else :root end, p.id, c.one ->> 'channel',
     case when c.one ->> 'channel' = 'targeting' then 'targeting' else c.one ->> 'purpose' end,
     (c.one ->> 'given')::boolean, 'fr', (c.one -> 'evidence')::text, :at, ''
   ${of} cross join jsonb_array_elements(r.consents) with ordinality as c (one, at) order by r.n, c.at`,
  `insert into people.consent_detail (consent_id, person_id, wording, evidence, salt)
   select id, person_id, 'Yes', source::jsonb, '' from people.consent where cast(:rows as text) <> ''`,
  `insert into people.import (organization_id, file_name, columns, rows, by_name, created_at) values (:root, 'f', '{}', 1, 'Sam', :at)`,
  `insert into people.consent_claim (person_id, organization_id, channel, import_id, at)
   select p.id, case when r.n % 4 = 0 then cast(:chapter as bigint) else :root end, c.one, (select min(id) from people.import), :at
   ${of} cross join jsonb_array_elements_text(r.claims) as c (one)`,
  `insert into people.newsletter (organization_id, key, name, created_at, closed_at)
   values (:root, 'closed', 'Closed', :at, :at), (:chapter, 'chapter', 'Chapter', :at, null)`,
  `insert into people.subscription (newsletter_id, person_id, since, until)
   select (select min(id) from people.newsletter n where case r.letter when 'closed' then n.key = 'closed'
       when 'chapter' then n.key = 'chapter' else n.closed_at is null and n.organization_id = :root end),
     p.id, :at, case when r.letter = 'ended' then cast(:at as timestamptz) end
   ${of} where r.letter <> 'none'`,
  `insert into people.relation (person_id, kind, since, created_at)
   select p.id, r.relation, '2025-01-01', :at ${of} where r.relation is not null`,
];

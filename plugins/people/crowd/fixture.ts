// For the tests of whom we may reach: people of whom everything that an answer can turn on is random, from a seed.
import fc from 'fast-check';
import type { App } from 'rostra/testing';

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
  line: maybe('mobile', 'mobile', 'fixed', 'either', null),
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
export const somebody = fc.record({
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

export type Somebody = typeof somebody extends fc.Arbitrary<infer One> ? One : never;

/** Everything about everybody in one statement a table. */
export async function fill(app: App, chapter: string, people: readonly Somebody[]): Promise<void> {
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
  `insert into people.phone_number (person_id, number, status, line, created_at)
   select p.id, (e.one ->> 'from') || lpad((r.n * 2 + e.at)::text, 8, '0'), e.one ->> 'state', e.one ->> 'line', :at
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

// A party of many people for the bench, written by SQL: names that repeat as real ones do, ways to reach, chapters, tags.
import { fakerFR } from '@faker-js/faker';
import type { Db } from '../core/database/connect.ts';

export interface Crowd {
  people: number;
  /** Ids of the chapters: a third of the party, a tenth, one in a hundred. */
  chapters: string[];
}

/** Steps that nobody waits for in the party's life: triggers are left out and done at once in the end. */
export async function fillCrowd(db: Db, count: number): Promise<Crowd> {
  const chapters: string[] = [];
  for (const slug of ['lyon', 'lille', 'brest']) chapters.push(await insertChapter(db, slug));
  await db.transaction(async (own) => {
    await own.raw('set local statement_timeout = 0');
    await own.raw('set local session_replication_role = replica');
    const values = { ...namesOf(), count, first: chapters[0] ?? '' };
    for (const step of steps) await own.raw(step, pick(step, values));
    for (const [at, part] of [33, 10, 1].entries()) {
      await own.raw(affiliation, { chapter: chapters[at] ?? '', part });
    }
    await own.raw('select people.refresh(array(select id from people.person))');
  });
  for (const schema of ['people', 'core']) await vacuum(db, schema);
  return { people: count, chapters };
}

async function insertChapter(db: Db, slug: string): Promise<string> {
  const found = await db.raw(
    `insert into core.organization (parent_id, slug, name, path, created_at)
     select id, :slug, initcap(:slug), path, :now from core.organization where parent_id is null returning id`,
    { slug, now: started },
  );
  return found.rows[0].id;
}

function namesOf() {
  const { first_name: given, last_name: family } = fakerFR.definitions.person;
  const towns = fakerFR.definitions.location.city_name ?? [];
  const all = [...(given.female ?? []), ...(given.male ?? [])];
  return { given: all, family: [...(family.generic ?? [])], towns: [...towns], started };
}

/** Only what the statement names. */
function pick(sql: string, values: Record<string, string | number | Date | string[]>) {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql)),
  );
}

async function vacuum(db: Db, schema: string): Promise<void> {
  const found = await db.raw(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = :schema`,
    { schema },
  );
  for (const { name } of found.rows) await db.raw(`vacuum analyze ${name}`);
}

const started = new Date('2026-11-01T08:00:00Z');

/** A few names are everywhere, most are rare: the cube of an even spread leans as a census does. */
const often = (list: string) => `(cast(:${list} as text[]))[1 + floor(power(random(), 3)
  * array_length(cast(:${list} as text[]), 1))::int]`;

const steps = [
  'select setseed(0.5)',
  `insert into people.person (key, given_name, family_name, birth_date, source, created_at, changed_at)
   select gen_random_uuid(), ${often('given')},
     ${often('family')} || case when random() < 0.08 then '-' || ${often('family')} else '' end,
     case when random() < 0.3 then date '2006-01-01' - floor(random() * 24000)::int end,
     case when random() < 0.5 then 'import' else 'website.sign-up' end,
     cast(:started as timestamptz) - random() * interval '1500 days', :started
   from generate_series(1, :count)`,
  `insert into people.email_address (person_id, address, hash, is_primary, created_at)
   select id, address, people.keyed_hash('email', address), true, :started from (select id, translate(lower(given_name || '.' || family_name), 'àâäçéèêëîïôöùûüÿœæ'' ', 'aaaceeeeiioouuuyoa--') || id
     || (array['@courrier.example', '@poste.example', '@libre.example', '@mel.example.org'])[1 + id % 4] as address
   from people.person where random() < 0.92) w`,
  `insert into people.email_address (person_id, address, hash, is_primary, created_at)
   select person_id, 'p' || address, people.keyed_hash('email', 'p' || address), false, :started from people.email_address where random() < 0.15`,
  `insert into people.phone_number (person_id, number, hash, line, created_at)
   select id, number, people.keyed_hash('phone', number), 'mobile', :started
   from (select id, '+336' || lpad(((id * 7919) % 100000000)::text, 8, '0') as number
     from people.person where random() < 0.6) w`,
  `insert into people.postal_address (person_id, line1, postcode, locality, country, created_at)
   select id, (1 + id % 90) || ' rue de la République', lpad((1000 + id % 94000)::text, 5, '0'), ${often('towns')}, 'FR', :started
   from people.person where random() < 0.7`,
  `insert into people.relation (person_id, kind, since, created_at)
   select id, case when one < 0.15 then 'member' when one < 0.2 then 'former_member'
     when one < 0.6 then 'regular_contact' else 'occasional_contact' end, date '2024-01-01', :started
   from (select id, random() as one from people.person) drawn where one < 0.9`,
  `insert into people.tag (name, created_at)
   select 'étiquette ' || n, :started from generate_series(1, 40) as n`,
  `insert into people.tagging (tag_id, person_id, at)
   select distinct t.id, p.id, cast(:started as timestamptz) from people.person p
   cross join lateral (select 1 + floor(40 * power(random(), 2))::int as n from generate_series(1, (p.id % 4)::int)) drawn
   join people.tag t on t.name = 'étiquette ' || drawn.n`,
  `insert into people.timeline (person_id, organization_id, kind, params, at)
   select id, :first, 'people.timeline.added', '{"source":"import"}', created_at
   from people.person cross join generate_series(1, 2)`,
  `insert into people.note (person_id, organization_id, text, by_name, at)
   select id, :first, 'Rencontrée au marché, veut aider à coller des affiches.', 'Sam', :started
   from people.person where random() < 0.1`,
  `insert into people.subscription (newsletter_id, person_id, since)
   select (select min(id) from people.newsletter), id, :started from people.person where random() < 0.55`,
  `insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest, chain, position, hash, sealed_at)
   select (select id from core.organization where parent_id is null), id, 'email', 'newsletter', random() < 0.9, 'fr',
     'website.sign-up', :started, sha256(id::text::bytea), 0, row_number() over (order by id), sha256(id::text::bytea), :started
   from people.person where random() < 0.5`,
  `insert into people.consent_detail (consent_id, person_id, wording, evidence, salt)
   select id, person_id, 'Oui, je veux recevoir la lettre d’information du parti.', '{}', digest from people.consent`,
  `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
   select 'email', hash, person_id, (select id from core.organization where parent_id is null), 'unsubscribed', :started
   from people.email_address where random() < 0.04`,
];

const affiliation = `
  insert into people.affiliation (organization_id, person_id, since)
  select :chapter, id, created_at from people.person where random() * 100 < :part`;

// Whom we may reach of a million people, for one channel and purpose, counted in one query; and how many answers a second.
import { type Database, type Db, openDatabase } from '../core/database/connect.ts';
import { startEmbedded } from '../core/database/embedded.ts';
import { loadPacks } from '../core/law/pack.ts';
import { makeLog } from '../core/log.ts';
import type { Scope } from '../core/scope.ts';
import type { ReachAct } from '../plugins/people/index.ts';
import { countByAnswer } from '../plugins/people/reach.sql.ts';
import { decideReach } from '../plugins/people/reach.ts';
import type { ReachFacts } from '../plugins/people/reach-facts.ts';
import { planOf } from '../plugins/people/reach-plan.ts';
import { atLeast, type Bench, below, type Measure, median, seconds, sized } from './measure.ts';
import { processorsOf } from './people.ts';
import { makeData, startServer } from './server.ts';

const count = sized(1_000_000);
const goal = 2;
const rounds = 5;
const started = new Date('2026-11-01T08:00:00Z');
const log = makeLog('warn');

const acts: readonly ReachAct[] = [
  { channel: 'email', purpose: 'newsletter' },
  { channel: 'email', purpose: 'campaign' },
  { channel: 'sms', purpose: 'campaign' },
  { channel: 'email', purpose: 'targeting', met: ['no.special_categories'] },
];

export const reaching: Bench = {
  name: 'reach',
  async run(say) {
    const data = await makeData();
    try {
      await (await startServer(data.folder)).stop();
      const embedded = await startEmbedded({ data: data.folder, log, owner: true });
      const database = openDatabase({ url: embedded.url, log });
      try {
        say(`  writing ${count.toLocaleString('en')} people …`);
        await fillMillion(database.db, count);
        return await measureAll(database, say);
      } finally {
        await database.close();
        await embedded.stop();
      }
    } finally {
      await data.remove();
    }
  },
};

async function measureAll(database: Database, say: (line: string) => void): Promise<Measure[]> {
  const scope = await partyScope(database.db);
  const processors = await processorsOf(process, database);
  const measures: Measure[] = [];
  for (const act of acts) {
    const name = `${act.purpose} by ${act.channel}, of ${count.toLocaleString('en')} people`;
    const planned = await seconds(async () => planOf(scope.law, act));
    const taken: number[] = [];
    const worked: number[] = [];
    let may = 0;
    for (let round = -1; round < rounds; round += 1) {
      const plan = planOf(scope.law, act);
      const before = processors();
      const took = await seconds(async () => {
        const found = await countByAnswer(scope, plan);
        may = found.reduce(
          (sum, { place, people }) => sum + (plan.answers[place]?.may ? people : 0),
          0,
        );
      });
      if (round < 0) continue;
      taken.push(took);
      worked.push(processors() - before);
    }
    say(`  ${name}: ${taken.map((one) => one.toFixed(2)).join(' ')} s, ${may} may be reached`);
    const notes = { 'may be reached': may, 'law laid out, s': planned };
    measures.push(
      below(1, {
        name,
        value: median(taken),
        limit: goal,
        unit: 's',
        notes: { ...notes, 'processors, s': median(worked), rounds },
      }),
    );
  }
  return [...measures, deciding(scope), oneByOne(scope)];
}

/** The gate by itself, one act after the other: of several kinds, of people from several countries. */
export function deciding({ law }: Pick<Scope, 'law'>): Measure {
  const acts = ['newsletter.send', 'message.sms', 'audience.segment', 'payment.online'] as const;
  const countries = ['FR', 'DE', 'GB', 'US'];
  const questions = acts.flatMap((capability) =>
    countries.map((country) => ({ capability, person: { country, age: 40 } })),
  );
  const times = 400_000;
  for (const question of questions) law.decide(question);
  const began = performance.now();
  for (let turn = 0; turn < times; turn += 1)
    law.decide(questions[turn % questions.length] as never);
  const value = times / ((performance.now() - began) / 1_000);
  return atLeast(1, { name: 'acts decided', value, limit: 100_000, unit: '1/s', notes: {} });
}

/** The same decision for one person, without the database. */
function oneByOne({ law }: Scope): Measure {
  const facts: ReachFacts = {
    ...{
      country: 'FR',
      age: 40,
      way: 'ok',
      word: 'confirmed',
      hasWindow: false,
      targeting: 'none',
    },
    ...{ isSubscribed: true, isTagged: true, isRegular: true },
    ...{ isWayDirect: true, isTagDirect: true, isBirthDirect: true, isInformed: true },
  };
  const times = 100_000;
  const act: ReachAct = { channel: 'email', purpose: 'newsletter' };
  const began = performance.now();
  for (let turn = 0; turn < times; turn += 1) decideReach(law, facts, act);
  const value = times / ((performance.now() - began) / 1_000);
  const name = 'answers on one person each, the facts at hand';
  return atLeast(1, { name, value, limit: 20_000, unit: '1/s', notes: {} });
}

/** What the queries read of a scope: the party's own, past the policies. */
export async function partyScope(db: Db): Promise<Scope> {
  const found = await db.raw('select id, path from core.organization where parent_id is null');
  const law = (await loadPacks()).lawOf('fr', () => new Date('2026-11-24T10:00:00Z'));
  const organization = found.rows[0];
  return { db, law, organization, bound: undefined, now: () => started } as unknown as Scope;
}

/** What the triggers would do is done at once, or is nothing to the question. */
export async function fillMillion(db: Db, people: number): Promise<void> {
  await db.transaction(async (own) => {
    await own.raw('set local statement_timeout = 0');
    await own.raw('set local session_replication_role = replica');
    for (const step of steps) {
      const values = { people, started };
      const used = Object.entries(values).filter(([name]) => step.includes(`:${name}`));
      await own.raw(step, Object.fromEntries(used));
    }
  });
  const found = await db.raw(
    `select format('people.%I', tablename) as name from pg_tables where schemaname = 'people'`,
  );
  for (const { name } of found.rows) await db.raw(`vacuum analyze ${name}`);
}

const party = '(select id from core.organization where parent_id is null)';

/** Asked in the order of their words; some took it back. */
const consents = (channel: string, purpose: string, share: number, given: string) => `
  insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
  select ${party}, id, '${channel}', '${purpose}', ${given}, 'fr', 'website.sign-up', :started, sha256(id::text::bytea)
  from people.person where random() < ${share}`;

/** As the trigger makes it. */
const hashed = (kind: string, address: string) => `sha256((select outer_pad from people.key)
  || sha256((select inner_pad from people.key) || convert_to('${kind}:' || ${address}, 'UTF8')))`;

const steps = [
  'select setseed(0.5)',
  `insert into people.person (key, given_name, family_name, birth_date, source, sort_name, search, created_at, changed_at)
   select gen_random_uuid(), 'Camille', 'Martin ' || n,
     case when random() < 0.3 then date '2014-01-01' - floor(random() * 26000)::int end,
     case when random() < 0.5 then 'import' else 'website.sign-up' end, 'martin ' || n || ' camille',
     ' camille martin ' || n || ' camille.martin' || n || '@poste.example', :started, :started
   from generate_series(1, :people) as n`,
  `insert into people.email_address (person_id, address, hash, status, is_primary, created_at)
   select id, 'p' || id || '@poste.example', ${hashed('email', `'p' || id || '@poste.example'`)},
     case when random() < 0.03 then 'bounced' else 'ok' end, true, :started
   from people.person where random() < 0.92`,
  `insert into people.email_address (person_id, address, hash, is_primary, created_at)
   select person_id, 'q' || address, ${hashed('email', `'q' || address`)}, false, :started
   from people.email_address where random() < 0.1`,
  `insert into people.phone_number (person_id, number, hash, line, created_at)
   select id, number, ${hashed('phone', `number`)}, 'mobile', :started
   from (select id, '+336' || lpad(((id * 7919) % 100000000)::text, 8, '0') as number
     from people.person where random() < 0.6) drawn`,
  `insert into people.postal_address (person_id, line1, postcode, locality, country, created_at)
   select id, (1 + id % 90) || ' rue de la République', lpad((1000 + id % 94000)::text, 5, '0'), 'Lyon',
     case when random() < 0.97 then 'FR' else (array['BE', 'DE', 'GB', 'US'])[1 + id % 4] end, :started
   from people.person where random() < 0.7`,
  `insert into people.subscription (newsletter_id, person_id, since)
   select (select min(id) from people.newsletter), id, :started from people.person where random() < 0.5`,
  consents('email', 'newsletter', 0.5, 'true'),
  consents('email', 'campaign', 0.4, 'true'),
  consents('sms', 'campaign', 0.2, 'true'),
  consents('targeting', 'targeting', 0.1, 'random() < 0.8'),
  consents('email', 'newsletter', 0.05, 'false'),
  `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
   select 'email', hash, person_id, ${party},
     (array['unsubscribed', 'unsubscribed', 'objection', 'dead'])[1 + person_id % 4], :started
   from people.email_address where random() < 0.06`,
];

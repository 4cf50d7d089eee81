// One altered byte among a million sealed consents: how soon `rostra doctor` finds it, against reading the rows plainly.
import type { Check, Job } from '../core/plugin.ts';
import type { Scope } from '../core/scope.ts';
import { type BenchHouse, withParty } from './house.ts';
import { type Bench, below, type Measure, seconds, sized } from './measure.ts';
import { processorsOf } from './people.ts';

const rows = sized(1_000_000);
const goal = 60;

export const ledger: Bench = {
  name: 'ledger',
  run: (say) => withParty((bench) => measure(bench, say)),
};

async function measure(bench: BenchHouse, say: (line: string) => void): Promise<Measure[]> {
  const scope = bench.scope();
  const { check, seal } = partsOf(bench);
  for (const slug of ['lyon', 'lille']) {
    await bench.house.verbs.createOrganization(scope, { name: slug, slug });
  }
  say(`  writing ${rows.toLocaleString('en')} consents …`);
  await fill(scope);
  say('  sealing them …');
  const sealing = await seconds(async () => seal.run(scope, {}));
  await scope.db.raw('vacuum analyze people.consent');
  await scope.db.raw('vacuum analyze people.consent_detail');
  const plain = await seconds(() => readAll(scope));
  const whole = await timed(scope, check);
  if (whole.faults.length > 0) throw new Error(`Not whole to begin with: ${whole.faults[0]}`);
  await alterByte(scope);
  const processors = await processorsOf(process, scope);
  const before = processors();
  const altered = await timed(scope, check);
  const worked = processors() - before;
  const [found = 'nothing'] = altered.faults;
  say(`  found in ${altered.took.toFixed(1)} s: ${found}`);
  if (altered.faults.length === 0) throw new Error('The altered byte was not found.');
  const name = `one altered byte found among ${rows.toLocaleString('en')} consents`;
  const notes = {
    ...{ 'plain reading, s': plain, 'times plain': altered.took / plain },
    ...{ 'processors, s': worked, 'when whole, s': whole.took },
    'sealed, rows/s': rows / sealing,
  };
  return [below(1, { name, value: altered.took, limit: goal, unit: 's', notes })];
}

/** What `rostra doctor` runs of people, and what its job runs. */
function partsOf({ house }: BenchHouse): { check: Check; seal: Job } {
  const given = house.registry.find('people')?.contributions;
  const check = given?.checks?.find(({ label }) => label === 'people.check.consents');
  const seal = given?.jobs?.find(({ name }) => name === 'seal');
  if (!check || !seal) throw new Error('people checks or seals no consents.');
  return { check, seal };
}

async function timed(scope: Scope, check: Check): Promise<{ took: number; faults: string[] }> {
  let faults: string[] = [];
  const took = await seconds(async () => {
    faults = await check.run(scope);
  });
  return { took, faults };
}

/** As whoever owns the database could, past what guards the table. */
async function alterByte({ db }: Scope): Promise<void> {
  await db.transaction(async (own) => {
    await own.raw('set local session_replication_role = replica');
    await own.raw(
      `update people.consent set source = 'website.sign-uq'
       where id = (select max(id) - :near from people.consent)`,
      { near: Math.floor(rows / 10) },
    );
  });
}

/** In as many rows at a time as fit. */
async function readAll({ db }: Scope): Promise<void> {
  for (let after = '0'; ; ) {
    const found = await db.raw(
      `select c.*, d.wording, d.evidence, d.salt from people.consent c
       join people.consent_detail d on d.consent_id = c.id
       where c.id > :after order by c.id limit 10000`,
      { after },
    );
    if (found.rows.length === 0) return;
    after = found.rows.at(-1).id;
  }
}

const started = new Date('2026-11-01T08:00:00Z');

/** Of one person in ten rows, to each organization some. What was said is hashed as a sign-up has it hashed. */
async function fill({ db }: Scope): Promise<void> {
  await db.transaction(async (own) => {
    await own.raw('set local statement_timeout = 0');
    await own.raw('set local session_replication_role = replica');
    for (const step of steps) {
      const values = { rows, people: Math.ceil(rows / 10), started };
      const used = Object.entries(values).filter(([name]) => step.includes(`:${name}`));
      await own.raw(step, Object.fromEntries(used));
    }
  });
  await db.raw('analyze people.consent');
}

const steps = [
  `insert into people.person (key, given_name, source, created_at, changed_at)
   select gen_random_uuid(), 'Camille', 'website.sign-up', :started, :started
   from generate_series(1, :people)`,
  `create temporary table drawn on commit drop as
   select n, p.id as person, o.id as organization, sha256(n::text::bytea) as salt
   from generate_series(1, :rows) n
   join (select id, row_number() over (order by id) as at from people.person) p on p.at = 1 + n % :people
   join (select id, row_number() over (order by id) as at, count(*) over () as all
     from core.organization) o on o.at = 1 + n % o.all`,
  `with line as (
     insert into people.consent (organization_id, person_id, channel, purpose, given, locale, source, at, digest)
     select organization, person, 'email', 'campaign', n % 7 > 0, 'fr', 'website.sign-up', :started,
       sha256(salt || convert_to(format('["%s","Oui.","{\\"form\\":\\"1\\"}"]', person), 'UTF8'))
     from drawn order by n returning id, person_id, digest)
   insert into people.consent_detail (consent_id, person_id, wording, evidence, salt)
   select line.id, line.person_id, 'Oui.', '{"form":"1"}', drawn.salt
   from (select *, row_number() over (order by id) as n from line) line join drawn on drawn.n = line.n`,
];

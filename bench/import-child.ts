// One round: the ground first, then the list for the first time and again, and the floor; timed within the process that does it.
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { assemble } from '../core/assemble.ts';
import { operator } from '../core/cli/terminal.ts';
import { readConfig } from '../core/config.ts';
import { makeLog } from '../core/log.ts';
import { partyOf } from '../core/registry.ts';
import type { Scope } from '../core/scope.ts';
import { setUp } from '../core/setup/setup.ts';
import { depsOf } from '../plugins/people/deps.ts';
import { findImport } from '../plugins/people/import.sql.ts';
import { checkImport, planImport, runImport, startImport } from '../plugins/people/import.ts';
import { guessFields } from '../plugins/people/import-fields.ts';
import { stageFile } from '../plugins/people/stage.ts';
import { insertBare } from './import-floor.ts';
import { processorsOf } from './people.ts';

const [file = ''] = process.argv.slice(2);
const config = readConfig({ ROSTRA_LOG: 'error', ...process.env });
const house = await assemble(config, { log: makeLog(config.logLevel), owner: true });
await house.loadPlugins();
await setUp(house, {
  ...{ jurisdiction: 'fr', party: 'Parti de la mesure', locale: 'fr', timeZone: 'Europe/Paris' },
  legal: {},
  administrator: { name: 'Anne', email: 'anne@parti.example', password: 'correct horse battery' },
});
const scope = operator(house);
const found = house.registry.find('people');
if (!found) throw new Error('The plugin people is not there.');
const deps = depsOf(house.getFor(partyOf(found.manifest)));

const processors = await processorsOf({ pid: process.pid }, scope);
const before = processors();
const ground = await seconds(() => copyAndUpsert(scope));
const between = processors();
let row = await importOnce();
const computed = { ground: between - before, first: processors() - between, floor: 0 };
const first = row.took;
const { createdPeople: created } = row;
row = await importOnce();
const megabytes =
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
const { took: again, unchangedPeople: unchanged } = row;
let floor = 0;
const rows = await insertBare(scope.db, async (act) => {
  const began = processors();
  floor = await seconds(act);
  computed.floor = processors() - began;
});
process.stdout.write(
  `times ${JSON.stringify({ ground, first, again, created, unchanged, megabytes, floor, rows, computed })}\n`,
);
await house.end();

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1_000;
}

/** From the file on the disk to people in every table: read, dry run, run. */
async function importOnce() {
  let id = '';
  const steps: number[] = [];
  const step = async (act: () => Promise<unknown>) => void steps.push(await seconds(act));
  const took = await seconds(async () => {
    await step(async () => {
      id = await stageFile(scope, { path: file, name: 'people.csv' });
    });
    const fields = guessFields((await findImport(scope, id))?.columns ?? []);
    await planImport(scope, deps, id, { fields, origin: 'bench' }, { isQueued: false });
    await step(() => checkImport(scope, id));
    await startImport(scope, deps, id);
    await step(() => runImport(scope, deps, id));
  });
  const row = await findImport(scope, id);
  if (row?.state !== 'done') throw new Error(`The import ended as ${row?.state}: ${row?.fault}`);
  process.stderr.write(`  ${steps.map((each) => each.toFixed(1)).join(' + ')} s\n`);
  return { ...row, took };
}

/** What the database alone does with the same rows: COPY without index or log, and one statement into one table. */
async function copyAndUpsert({ db }: Scope): Promise<void> {
  const columns = [
    'first',
    'last',
    'email',
    'phone',
    'born',
    'street',
    'zip',
    'city',
    'country',
    'relation',
    'tags',
  ];
  const typed = columns.map((name) => `${name} text`).join(', ');
  await db.raw(`create unlogged table public.ground_staging (${typed});
    create table public.ground (id bigint generated always as identity primary key, ${typed}, unique (email))`);
  await db.transaction(async (own) => {
    const connection = await own.client.acquireConnection();
    const sink = connection.query(
      copyFrom(`copy public.ground_staging from stdin (format csv, header)`),
    );
    await pipeline(createReadStream(file), sink);
    await own.raw(`insert into public.ground (${columns.join(', ')}) select ${columns.join(', ')}
      from public.ground_staging on conflict (email) do update set first = excluded.first, last = excluded.last,
        phone = excluded.phone where (ground.first, ground.last, ground.phone)
          is distinct from (excluded.first, excluded.last, excluded.phone)`);
  });
  await db.raw('drop table public.ground_staging, public.ground');
}

// Backup, restore and upgrade as an operator runs them, with kill -9 and a full disk in the middle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { startEmbedded } from '../database/embedded.ts';
import { makeLog } from '../log.ts';
import { makeClient } from './client.ts';
import { cloneEmpty } from './database.ts';
import { outsider } from './outsider.ts';
import { makeDataFolder, runProgram, startProgram, withoutHands } from './program.ts';
import { root } from './sources.ts';

type T = ExecutionContext;
type Env = Record<string, string | undefined>;
const patience = 10 * 60_000;
const bin = join(root, 'core', 'bin.mjs');

function rostra(t: T, data: string, words: string[], env: Env = {}) {
  return runProgram(t, [bin, ...words], { data, ...env });
}

/** What it printed; it must have ended well. */
async function ask(t: T, data: string, words: string[], env: Env = {}): Promise<string> {
  const { code, out, err } = await rostra(t, data, words, env);
  t.is(`${code} ${err}`, '0 ', words.join(' '));
  return out;
}

/** One sentence on the error output, and exit 1. */
async function refusal(t: T, data: string, words: string[], env: Env = {}): Promise<string> {
  const { code, out, err } = await rostra(t, data, words, env);
  t.is(`${code} ${out}`, '1 ', words.join(' '));
  t.is(err.trim().split('\n').length, 1, err);
  return err.trim();
}

function archiveIn(data: string): string {
  const folder = join(data, 'backups');
  const name = readdirSync(folder)
    .filter((one) => one.endsWith('.tar.gz'))
    .sort()
    .at(-1);
  return join(folder, name ?? 'none');
}

/** One statement on the database of a program that is stopped. */
async function onDisk(data: string, sql: string): Promise<Record<string, unknown>[]> {
  const { url, stop } = await startEmbedded({ data, log: makeLog('silent'), owner: true });
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
    await stop();
  }
}

const logIn = {
  email: withoutHands.ROSTRA_ADMIN_EMAIL ?? '',
  password: withoutHands.ROSTRA_ADMIN_PASSWORD ?? '',
};

async function answers(t: T, data: string, env: Env = {}): Promise<void> {
  const server = await startProgram(t, data, { ...env, ROSTRA_JURISDICTION: undefined });
  t.regex(server.lines().join('\n'), /^Parti Pirouette: the admin is at/m);
  t.is((await fetch(server.url)).status, 200);
  t.is((await makeClient(server.url).post('/account/log-in', logIn)).status, 303);
  server.signal('SIGINT');
  t.is((await server.ended).code, 0);
}

test.serial(
  'beside a running server, into an empty folder and a database elsewhere: doctor is green and the site answers',
  async (t) => {
    t.timeout(patience);
    const data = makeDataFolder(t);
    const server = await startProgram(t, data, withoutHands);
    mkdirSync(join(data, 'uploads', 'ab'), { recursive: true });
    writeFileSync(join(data, 'uploads', 'ab', 'abc.png'), 'a picture');
    const said = await ask(t, data, ['backup']);
    const file = archiveIn(data);
    t.regex(said, /^\d+ rows, \d+ kB: \S+\.tar\.gz\n$/);
    t.is(statSync(file).mode & 0o777, 0o600);
    t.is((await fetch(server.url)).status, 200);
    server.signal('SIGINT');
    await server.ended;

    const fresh = makeDataFolder(t);
    mkdirSync(fresh);
    const copy = join(dirname(fresh), 'copy.tar.gz');
    copyFileSync(file, copy);
    t.regex(
      await ask(t, fresh, ['restore', copy]),
      /^Restored Parti Pirouette as of 2\S+Z: \d+ rows\.$/m,
    );
    t.is(readFileSync(join(fresh, 'secret'), 'utf8'), readFileSync(join(data, 'secret'), 'utf8'));
    t.is(readFileSync(join(fresh, 'uploads', 'ab', 'abc.png'), 'utf8'), 'a picture');
    t.notRegex(await ask(t, fresh, ['doctor']), /^BAD/m);
    await answers(t, fresh);
    t.regex(
      await refusal(t, fresh, ['restore', copy]),
      /is not empty \(it holds Parti Pirouette\)/,
    );

    const env = { DATABASE_URL: (await cloneEmpty(t)).url };
    const other = makeDataFolder(t);
    await ask(t, other, ['restore', copy], env);
    t.notRegex(await ask(t, other, ['doctor'], env), /^BAD/m);
    await answers(t, other, env);
    t.false(existsSync(join(other, 'postgres')));
    const third = makeDataFolder(t);
    const again = join(dirname(third), 'again.tar.gz');
    await ask(t, other, ['backup', again], env);
    await ask(t, third, ['restore', again]);
    await answers(t, third);
  },
);

test.serial('a secret of the environment stays out of the archive, and is asked for', async (t) => {
  t.timeout(patience);
  const data = makeDataFolder(t);
  const env = { ROSTRA_SECRET: 'a secret that the operator keeps elsewhere' };
  await ask(t, data, ['setup'], { ...withoutHands, ...env });
  await ask(t, data, ['backup'], env);
  const file = archiveIn(data);
  const fresh = makeDataFolder(t);
  const said = await refusal(t, fresh, ['restore', file]);
  t.is(
    said,
    `${file} was made under another secret than the one here: set ROSTRA_SECRET to that of the server which made it.`,
  );
  await ask(t, fresh, ['restore', file], env);
  t.notRegex(await ask(t, fresh, ['doctor'], env), /^BAD/m);
});

/** Enough that a kill finds the program at work. */
const crowd = `insert into people.person (key, given_name, source, created_at, changed_at)
  select gen_random_uuid(), md5(random()::text) || md5(random()::text), md5(random()::text), now(), now()
  from generate_series(1, 150000)`;

/** The process is killed as soon as what is asked for is so. */
async function killWhen(
  t: T,
  data: string,
  words: string[],
  env: Env,
  isSo: () => Promise<boolean>,
) {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH, HOME, TMPDIR, ROSTRA_DATA: data, ...env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  t.teardown(() => child.kill('SIGKILL'));
  while (child.exitCode === null && !(await isSo())) await wait(5);
  t.is(child.exitCode, null, 'it was at work still');
  child.kill('SIGKILL');
  await ended;
}

/** Large enough to be met at work. */
async function crowdedServer(t: ExecutionContext) {
  const data = makeDataFolder(t);
  const { url, database } = await cloneEmpty(t);
  const env = { DATABASE_URL: url };
  await ask(t, data, ['setup'], { ...withoutHands, ...env });
  await database.db.raw('set statement_timeout = 0');
  await database.db.raw(crowd);
  return { data, env };
}

test.serial(
  'kill -9 in the middle of a backup leaves nothing that looks like one; in a restore, it is begun again',
  async (t) => {
    t.timeout(patience);
    const { data, env } = await crowdedServer(t);
    const folder = join(data, 'backups');
    const names = () => (existsSync(folder) ? readdirSync(folder) : []);
    const isWriting = async () =>
      names().some((name) => statSync(join(folder, name)).size > 500_000);
    await killWhen(t, data, ['backup'], env, isWriting);
    t.deepEqual(
      names().map((name) => name.replace(/^.*tar\.gz/, '')),
      ['.partial'],
    );
    await ask(t, data, ['backup'], env);
    t.deepEqual(
      names().map((name) => name.replace(/^.*tar\.gz/, '')),
      [''],
      'the half one is gone',
    );

    const file = archiveIn(data);
    const target = await cloneEmpty(t);
    const there = { DATABASE_URL: target.url };
    const fresh = makeDataFolder(t);
    const isLoading = async () => {
      const { rows } = await target.database.db.raw(
        `select from pg_stat_progress_copy where relid = to_regclass('people.person') and tuples_processed > 1000`,
      );
      return rows.length > 0;
    };
    await killWhen(t, fresh, ['restore', file], there, isLoading);
    await wait(500);
    t.regex(
      await refusal(t, fresh, ['doctor'], there),
      /^A restore of \S+ was cut off, so the database is not whole: run `rostra restore` with it again\.$/,
    );
    t.regex((await runProgram(t, [bin, 'start'], { data: fresh, ...there })).err, /was cut off/);
    await ask(t, fresh, ['restore', file], there);
    const { rows } = await target.database.db.raw(
      'select count(*)::int as count from people.person',
    );
    t.is(rows[0].count, 150_000);
    t.notRegex(await ask(t, fresh, ['doctor'], there), /^BAD/m);
  },
);

test.serial(
  'a full disk is told in a sentence, and nothing is left of what did not fit',
  async (t) => {
    t.timeout(patience);
    const { data, env } = await crowdedServer(t);
    const { PATH, HOME, TMPDIR } = process.env;
    // A process that may write no file beyond 1 MB meets what a full disk is.
    const child = spawn(
      'sh',
      ['-c', `ulimit -f 1000; exec "$0" "$@"`, process.execPath, bin, 'backup'],
      {
        env: { PATH, HOME, TMPDIR, ROSTRA_DATA: data, ...env },
      },
    );
    let err = '';
    child.stderr.on('data', (chunk) => void (err += chunk));
    const [code] = await once(child, 'close');
    t.is(code, 1);
    t.regex(
      err,
      /^The disk is full: \S+ could not be written, and nothing of it was left\. .*ROSTRA_BACKUPS\.\n$/,
    );
    t.deepEqual(readdirSync(join(data, 'backups')), []);
    t.regex((await rostra(t, data, ['doctor'], env)).out, /^BAD backups\n.*the last one failed/m);
  },
);

const rides = (migrations: Record<string, string>) => ({
  id: 'rides',
  plugin: 'export default { contribute: () => ({}) };',
  manifest: { impersonal: ['rides.ride'] },
  files: {
    ...Object.fromEntries(
      Object.entries(migrations).map(([name, sql]) => [`migrations/${name}.ts`, step(sql)]),
    ),
    'locales/en.json': '{"rides.plugin.name":"Rides"}',
    'locales/fr.json': '{"rides.plugin.name":"Trajets"}',
  },
});
const step = (sql: string) =>
  `export const up = (knex) => knex.raw(\`${sql}\`);\nexport const down = async () => {};\n`;

test.serial('an upgrade says what it changes, backs up, migrates, and can go back', async (t) => {
  t.timeout(patience);
  const plugin = outsider(
    t,
    rides({
      '0001_ride': 'create table rides.ride (id int)',
      '0002_seats': 'alter table rides.ride add seats int not null default 4',
    }),
  );
  const [newer, aside] = [join(plugin, 'migrations', '0002_seats.ts'), join(plugin, 'seats.ts')];
  renameSync(newer, aside);
  const data = makeDataFolder(t);
  const env = { ROSTRA_PLUGINS: plugin };
  await ask(t, data, ['setup'], { ...withoutHands, ...env });
  await ask(t, data, ['doctor'], env);
  await onDisk(data, 'insert into rides.ride values (7)');
  t.is(
    await ask(t, data, ['upgrade'], env),
    'The database is up to date: there is nothing to do.\n',
  );

  renameSync(aside, newer);
  const plan = await ask(t, data, ['upgrade', '--plan'], env);
  t.regex(plan, /^From Rostra \S+ to \S+; what changes in the database:\n {2}rides: 0002_seats\n$/);
  t.false(existsSync(join(data, 'backups')));
  const done = await ask(t, data, ['upgrade'], env);
  t.regex(done, /^Backed up, \d+ kB: \S+-before-upgrade\.tar\.gz$/m);
  t.regex(done, /^The database is up to date\.$/m);
  t.deepEqual(await onDisk(data, 'select * from rides.ride'), [{ id: 7, seats: 4 }]);
  await onDisk(data, 'insert into rides.ride values (8)');

  const fresh = makeDataFolder(t);
  await ask(t, fresh, ['restore', archiveIn(data)], env);
  t.deepEqual(
    await onDisk(fresh, 'select * from rides.ride'),
    [{ id: 7, seats: 4 }],
    'an older archive is brought up to date',
  );

  renameSync(newer, aside);
  const asked = await rostra(t, data, ['upgrade', '--back'], env);
  t.is(asked.code, 1);
  t.regex(asked.out, /Say so with --yes\./);
  const back = await ask(t, data, ['upgrade', '--back', '--yes'], env);
  t.regex(back, /^What was there is in \S+\/postgres\.\S+: remove it/m);
  t.deepEqual(await onDisk(data, 'select * from rides.ride'), [{ id: 7 }]);
  t.notRegex(await ask(t, data, ['doctor'], env), /^BAD/m);
  await answers(t, data, env);
  const external = { ...env, DATABASE_URL: (await cloneEmpty(t)).url };
  t.regex(
    await refusal(t, data, ['upgrade', '--back'], external),
    /Make an empty database, name it in DATABASE_URL/,
  );
});

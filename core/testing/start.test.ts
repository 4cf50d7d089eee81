// What the operator's terminal shows, and that no way of ending the program loses what was committed.
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import test from 'ava';
import { makeClient } from './client.ts';
import { cloneEmpty, type Test } from './database.ts';
import { freePort } from './port.ts';
import {
  type Ended,
  killPostgres,
  makeDataFolder,
  postgresOf,
  query,
  type Running,
  runProgram,
  startProgram,
  withoutHands,
} from './program.ts';

const start = ['--import', './core/typescript.mjs', 'core/main.ts'];

async function stop(running: Running, signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
  running.signal(signal);
  return running.ended;
}

/** One sentence on the error output, nothing else, and exit 1. */
async function refusal(t: Test, env: Parameters<typeof runProgram>[2]): Promise<string> {
  const { code, out, err } = await runProgram(t, start, env);
  if (code !== 1 || out !== '') throw new Error(`exit ${code}: ${out}${err}`);
  return err.trim();
}

test.serial(
  'the first start shows four lines, and Ctrl-C ends it and its PostgreSQL',
  async (t) => {
    const data = makeDataFolder(t);
    const running = await startProgram(t, data);
    const [ready, setup, outbox, end, ...more] = running.lines();
    t.is(ready, `Rostra is ready at ${running.url}; its data lies in ${data}.`);
    const link = /^Set up your party, once and within the hour, at (\S+)$/.exec(setup ?? '')?.[1];
    t.is((await fetch(link ?? '')).status, 200);
    t.is(outbox, `Until a mail server is set, every message waits in ${running.url}/admin/outbox.`);
    t.is(end, 'Stop it with Ctrl-C.');
    t.deepEqual(more, []);
    t.truthy(postgresOf(data));
    const began = performance.now();
    const { code, err } = await stop(running);
    t.is(code, 0);
    t.is(err, '');
    t.true(performance.now() - began < 10_000);
    t.is(postgresOf(data), undefined);
    t.false(existsSync(join(data, 'rostra.lock')));
  },
);

test.serial(
  'the environment sets the party up without hands, and the next start finds it',
  async (t) => {
    const data = makeDataFolder(t);
    const before = performance.now();
    const first = await startProgram(t, data, withoutHands);
    const between = performance.now();
    t.regex(first.lines()[1] ?? '', /^Parti Pirouette: the admin is at \S+\/admin\.$/);
    await stop(first, 'SIGTERM');
    const after = performance.now();
    const second = await startProgram(t, data);
    t.true(performance.now() - after < between - before, 'what is there already is not made again');
    t.regex(second.lines()[1] ?? '', /^Parti Pirouette/);
    t.is(second.lines().length, 4, second.lines().join('\n'));
    await stop(second);
  },
);

test.serial('what was committed outlives kill -9, with and without its PostgreSQL', async (t) => {
  const data = makeDataFolder(t);
  const port = String(await freePort());
  const first = await startProgram(t, data, { ...withoutHands, PORT: port });
  const client = makeClient(first.url);
  const { ROSTRA_ADMIN_EMAIL: email = '', ROSTRA_ADMIN_PASSWORD: password = '' } = withoutHands;
  t.is((await client.post('/account/log-in', { email, password })).status, 303);
  const home = await client.get('/admin');

  const orphan = postgresOf(data);
  await stop(first, 'SIGKILL');
  t.is(postgresOf(data), orphan, 'PostgreSQL is left behind');
  const second = await startProgram(t, data, { PORT: port });
  t.is(postgresOf(data), orphan, 'and is adopted');
  t.is((await client.get('/admin')).status, home.status, 'the session was committed');

  second.signal('SIGKILL');
  killPostgres(data);
  await second.ended;
  const third = await startProgram(t, data, { PORT: port });
  t.not(postgresOf(data), orphan);
  t.is((await client.get('/admin')).status, home.status);
  t.is(third.lines().length, 4, third.lines().join('\n'));
  t.is((await stop(third)).code, 0);
  t.is(postgresOf(data), undefined, 'who adopts it ends it');
});

test.serial(
  'a second server on the same folder is refused in a sentence, the first goes on',
  async (t) => {
    const data = makeDataFolder(t);
    const first = await startProgram(t, data);
    const said = await refusal(t, { data });
    t.is(
      said,
      `Rostra is already running on ${data} (process ${first.pid}): stop it first, or name another folder in ROSTRA_DATA.`,
    );
    t.is((await fetch(`${first.url}/health/ready`)).status, 200);

    await query(data, `insert into core.migration (name, batch) values ('core/9999_later', 9)`);
    await stop(first);
    t.regex(
      await refusal(t, { data }),
      /^The database is newer than this program \(it has core\/9999_later\): .+\.$/,
    );
    t.is(postgresOf(data), undefined, 'nothing is left hanging');
  },
);

test.serial('a busy port is told in a sentence', async (t) => {
  const data = makeDataFolder(t);
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  t.teardown(() => squatter.close());
  const { port } = squatter.address() as { port: number };
  t.is(
    await refusal(t, { data, port: String(port) }),
    `Port ${port} is taken by another program: stop that one, or give Rostra another with PORT=${port + 1}.`,
  );
  t.is(postgresOf(data), undefined);
});

test.serial('a data folder that cannot be used is told, not stumbled over', async (t) => {
  const data = makeDataFolder(t);
  writeFileSync(data, 'a file where a folder should be');
  const said = await refusal(t, { data });
  t.true(said.includes(data), said);
  t.regex(said, /ROSTRA_DATA/);
  t.notRegex(said, /\n\s+at /, 'no stack');

  if (process.getuid?.() !== 0) return;
  const closed = join(dirname(data), 'closed');
  mkdirSync(closed, { mode: 0o700 });
  t.regex(
    await refusal(t, { data: join(closed, 'data') }),
    /cannot (reach|enter|read)|ROSTRA_DATA/,
  );
});

test.serial(
  'a database that is down is told, and DATABASE_URL is used when it is up',
  async (t) => {
    const data = makeDataFolder(t);
    const port = await freePort();
    const down = await refusal(t, {
      data,
      DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/rostra`,
    });
    t.regex(down, new RegExp(`^PostgreSQL at 127.0.0.1:${port}/rostra does not answer .+\\.$`));
    t.false(down.includes('u:p'), 'a password is never shown');

    const { url } = await cloneEmpty(t);
    const running = await startProgram(t, data, { DATABASE_URL: url });
    t.regex(running.lines()[0] ?? '', /; its data lies in the database of DATABASE_URL\.$/);
    t.is(running.lines().length, 4, running.lines().join('\n'));
    t.is((await stop(running)).code, 0);
    t.false(existsSync(join(data, 'postgres')));
  },
);

test.serial('faults of the environment are told all at once', async (t) => {
  const data = makeDataFolder(t);
  const said = await refusal(t, {
    data,
    PORT: 'many',
    ROSTRA_ROLE: 'boss',
    DATABASE_URL: 'mysql://x',
  });
  t.is(said.split('\n').length, 4, said);
});

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import { makeLog } from '../log.ts';
import type { Test } from '../testing/database.ts';
import { startEmbedded } from './embedded.ts';
import { findProcess } from './process.ts';
import { findServerUser } from './server-user.ts';
import { StartError } from './start-error.ts';

const log = makeLog('silent');
const program = join(import.meta.dirname, '..', 'testing', 'embedded-process.ts');

function makeFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-embedded-'));
  chmodSync(folder, 0o711);
  t.teardown(() => {
    endServer(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Whatever the test left running. */
function endServer(data: string): void {
  try {
    if (findProcess(serverPid(data))?.command.includes(data))
      process.kill(serverPid(data), 'SIGQUIT');
  } catch {
    // It has stopped.
  }
}

const pidFile = (data: string) => join(data, 'postgres', 'postmaster.pid');
const serverPid = (data: string) => Number(readFileSync(pidFile(data), 'utf8').split('\n')[0]);
const start = (data: string, owner = true) => startEmbedded({ data, log, owner, fast: true });

interface Told {
  url: string;
  owned: boolean;
  refused?: string;
}

/** Another process that starts the same; without LANG, as under systemd or Docker. */
async function startElsewhere(
  data: string,
  owner = 'owner',
): Promise<Told & { child: ChildProcess }> {
  const child = fork(program, [data, owner], {
    execArgv: ['--import=./core/typescript.mjs'],
    env: { PATH: process.env['PATH'] },
  });
  const [told] = await once(child, 'message');
  return { ...told, child };
}

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function gone(pid: number): Promise<void> {
  while (findProcess(pid)) await wait(10);
}

test.serial(
  'from nothing there is a UTF-8 database whatever LANG says, and nobody can reach it by the network',
  async (t) => {
    const data = makeFolder(t);
    const { url, child } = await startElsewhere(data);
    const rows = await query(
      url,
      `select lower('ÉCOLE') as lower, current_database() as name,
    current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses`,
    );
    t.deepEqual(
      { ...rows[0] },
      { lower: 'école', name: 'rostra', encoding: 'UTF8', addresses: '' },
    );
    child.send('stop');
    await once(child, 'exit');
    t.false(existsSync(pidFile(data)));
  },
);

test.serial('stopped and started again, it has its rows', async (t) => {
  const data = makeFolder(t);
  const first = await start(data);
  await query(first.url, 'create table kept (id int); insert into kept values (1)');
  await first.stop();
  const second = await start(data);
  t.deepEqual(await query(second.url, 'select id from kept'), [{ id: 1 }]);
  await second.stop();
});

test.serial(
  'after kill -9 of who started it, it is adopted as it runs, and stopped by the new owner',
  async (t) => {
    const data = makeFolder(t);
    const { url, child } = await startElsewhere(data);
    await query(url, 'create table kept (id int); insert into kept values (1)');
    const pid = serverPid(data);
    await killed(child);
    const adopted = await start(data);
    t.is(serverPid(data), pid);
    t.true(adopted.owned);
    t.deepEqual(await query(adopted.url, 'select id from kept'), [{ id: 1 }]);
    await adopted.stop();
    await gone(pid);
  },
);

test.serial('after kill -9 of both, the next start has all that was committed', async (t) => {
  const data = makeFolder(t);
  const { url, child } = await startElsewhere(data);
  await query(url, 'create table kept (id int); insert into kept values (1)');
  const pid = serverPid(data);
  await killed(child);
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  const again = await start(data);
  t.deepEqual(await query(again.url, 'select id from kept'), [{ id: 1 }]);
  await again.stop();
});

/** Leaves the folder as a PostgreSQL that died would, its number now being somebody else's. */
async function leavePid(data: string, pid: number): Promise<void> {
  const { url, child } = await startElsewhere(data);
  await query(url, 'create table kept (id int)');
  const lines = readFileSync(pidFile(data), 'utf8').split('\n');
  const server = serverPid(data);
  await killed(child);
  process.kill(server, 'SIGKILL');
  await gone(server);
  const stale = [pid, ...lines.slice(1)].join('\n');
  writeFileSync(pidFile(data), stale);
  writeFileSync(join(lines[4] ?? '', '.s.PGSQL.5432.lock'), stale);
}

test.serial('a number that by now is a stranger’s does not stop it from starting', async (t) => {
  const data = makeFolder(t);
  const stranger = spawn('sleep', ['60'], (await findServerUser()).ids);
  t.teardown(() => stranger.kill());
  await leavePid(data, stranger.pid ?? 0);
  const embedded = await start(data);
  t.deepEqual(await query(embedded.url, 'select count(*)::int as rows from kept'), [{ rows: 0 }]);
  await embedded.stop();
  t.truthy(findProcess(stranger.pid ?? 0));
});

test.serial('a zombie that nobody reaps does not stop it from starting', async (t) => {
  const data = makeFolder(t);
  // The shell's child ends; what the shell became never asks for it.
  const parent = spawn(
    'sh',
    ['-c', 'sleep 0 & echo $!; exec sleep 60'],
    (await findServerUser()).ids,
  );
  t.teardown(() => parent.kill());
  const [said] = await once(parent.stdout, 'data');
  const zombie = Number(said);
  await gone(zombie);
  t.notThrows(() => process.kill(zombie, 0), 'it is still in the table of processes');
  await leavePid(data, zombie);
  const embedded = await start(data);
  t.deepEqual(await query(embedded.url, 'select count(*)::int as rows from kept'), [{ rows: 0 }]);
  await embedded.stop();
});

test.serial('of two that start at once one gets a sentence', async (t) => {
  const data = makeFolder(t);
  const both = await Promise.all([startElsewhere(data), startElsewhere(data)]);
  const winner = both.find(({ url }) => url);
  const loser = both.find(({ refused }) => refused);
  t.regex(
    loser?.refused ?? '',
    /^Rostra is already running on .* \(process \d+\): stop it first, or .*\.$/,
  );
  t.true(winner?.owned);
  winner?.child.send('stop');
  await once(winner?.child as ChildProcess, 'exit');
});

test.serial('a command beside a running server uses it and leaves it running', async (t) => {
  const data = makeFolder(t);
  const server = await startElsewhere(data);
  const beside = await start(data, false);
  t.false(beside.owned);
  t.is(beside.url, server.url);
  await beside.stop();
  t.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
  server.child.send('stop');
  await once(server.child, 'exit');
});

test.serial('a command without a server starts one for its time', async (t) => {
  const data = makeFolder(t);
  const { owned, stop } = await start(data, false);
  t.true(owned);
  await stop();
  t.false(existsSync(pidFile(data)));
  const next = await start(data);
  await next.stop();
});

test.serial('what a start that was cut short had made is made anew', async (t) => {
  const data = makeFolder(t);
  mkdirSync(join(data, 'postgres.new', 'base'), { recursive: true });
  const embedded = await start(data);
  t.deepEqual(await query(embedded.url, 'select 1 as one'), [{ one: 1 }]);
  await embedded.stop();
});

test.serial(
  'files of another version are refused in one sentence, and the folder is free again',
  async (t) => {
    const data = makeFolder(t);
    mkdirSync(join(data, 'postgres'));
    writeFileSync(join(data, 'postgres', 'PG_VERSION'), '16\n');
    const expected = {
      instanceOf: StartError,
      message: /made by PostgreSQL 16 and this Rostra brings 18: /,
    };
    await t.throwsAsync(start(data), expected);
    await t.throwsAsync(start(data), expected);
  },
);

test.serial('a PostgreSQL that cannot start says why', async (t) => {
  const data = makeFolder(t);
  const first = await start(data);
  await first.stop();
  writeFileSync(join(data, 'postgres', 'postgresql.auto.conf'), 'nonsense = 1\n');
  await t.throwsAsync(start(data), {
    instanceOf: StartError,
    message: /stopped at its start \(.*configuration file/,
  });
});

test.serial('a data folder that is a file is refused in one sentence', async (t) => {
  const data = join(makeFolder(t), 'file');
  writeFileSync(data, '');
  await t.throwsAsync(start(data), {
    instanceOf: StartError,
    message: /cannot be used .* ROSTRA_DATA\.$/,
  });
});

const asRoot = process.getuid?.() === 0 ? test.serial : test.skip;

asRoot('started by root on a folder that others cannot enter, it says so', async (t) => {
  const folder = makeFolder(t);
  chmodSync(folder, 0o700);
  await t.throwsAsync(start(join(folder, 'data')), {
    instanceOf: StartError,
    message: /user "postgres", which cannot reach the data folder/,
  });
});

asRoot('as root, PostgreSQL runs as another user in folders that are its own', async (t) => {
  const data = makeFolder(t);
  const embedded = await start(data);
  const status = readFileSync(`/proc/${serverPid(data)}/status`, 'utf8');
  t.is(Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]), (await findServerUser()).uid);
  await embedded.stop();
});

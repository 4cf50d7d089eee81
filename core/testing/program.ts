// The program as an operator runs it: processes of their own, on a data folder of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded } from '../database/embedded.ts';
import { livingPostmaster } from '../database/postmaster.ts';
import { makeLog } from '../log.ts';
import type { Test } from './database.ts';
import { freePort } from './port.ts';
import { root } from './sources.ts';

/** What a process of the program ended with, and all that it said. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  url: string;
  pid: number;
  /** The lines of the terminal so far, both outputs together. */
  lines(): string[];
  /** As the terminal does: to the whole group. */
  signal(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

type Env = Record<string, string | undefined>;
export const bare: Env = { ROSTRA_JURISDICTION: undefined };
export const withoutHands: Env = {
  ROSTRA_JURISDICTION: 'fr',
  ROSTRA_ORGANIZATION: 'Parti Pirouette',
  ROSTRA_ADMIN_EMAIL: 'zoe@example.org',
  ROSTRA_ADMIN_PASSWORD: 'quatre mots sans rapport',
};
const longest = 90_000;

/** Reachable for the user that PostgreSQL runs as when the test runs as root. */
export function makeDataFolder(t: Test): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rostra-start-')));
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  t.teardown(() => {
    killPostgres(data);
    rmSync(folder, { recursive: true, force: true });
  });
  return data;
}

/** The PostgreSQL of that folder, if one runs. */
export function postgresOf(data: string): number | undefined {
  return livingPostmaster(join(data, 'postgres'))?.pid;
}

export function killPostgres(data: string): void {
  const pid = postgresOf(data);
  if (pid) process.kill(pid, 'SIGQUIT');
}

/** One statement on the database of a running program. */
export async function query(data: string, sql: string): Promise<Record<string, unknown>[]> {
  const { url } = await startEmbedded({ data, log: makeLog('silent'), owner: false });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Answers once the four lines are there; throws with what was said if it ends before. */
export async function startProgram(t: Test, data: string, env: Env = bare): Promise<Running> {
  const port = env.PORT ?? String(await freePort());
  const started = launch(t, ['--import', './core/typescript.mjs', 'core/main.ts'], {
    ...env,
    data,
    port,
  });
  const { child, said, ended } = started;
  const lines = () => [said.out, said.err].join('').trim().split('\n');
  for (let waited = 0; said.out.split('\n').length < 5; waited += 25) {
    if (child.exitCode !== null || waited > longest) throw new Error(lines().join('\n'));
    await wait(25);
  }
  const pid = child.pid ?? 0;
  const signal = (name: NodeJS.Signals) => void process.kill(-pid, name);
  return { url: `http://localhost:${port}`, pid, lines, signal, ended };
}

/** A command that stays; answers what it has said once that fits. */
export async function startCommand(
  t: Test,
  args: string[],
  env: Env & { data: string },
  until: RegExp,
): Promise<RegExpExecArray> {
  const { child, said } = launch(t, args, { port: '0', ...env });
  for (let waited = 0; waited < longest; waited += 25) {
    const found = until.exec(said.out);
    if (found) return found;
    if (child.exitCode !== null) break;
    await wait(25);
  }
  throw new Error(said.out + said.err);
}

/** Runs to the end. */
export function runProgram(t: Test, args: string[], env: Env & { data: string }): Promise<Ended> {
  return launch(t, args, { port: '0', ...env }).ended;
}

interface Launched {
  child: ChildProcess;
  said: { out: string; err: string };
  ended: Promise<Ended>;
}

/** In a group of its own, as a terminal makes it; nothing of our environment but the path. */
function launch(t: Test, args: string[], { data, port, cwd, ...env }: Env): Launched {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: cwd ?? root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, TMPDIR, ROSTRA_DATA: data, PORT: port, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => void (said.out += chunk));
  child.stderr?.on('data', (chunk) => void (said.err += chunk));
  const late = setTimeout(() => child.kill('SIGKILL'), longest);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  void ended.then(() => clearTimeout(late));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, said, ended };
}

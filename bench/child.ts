// Processes of the bench: started, listened to, measured and always ended.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Load, LoadResult } from './load.ts';

export const root = path.join(import.meta.dirname, '..');
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Child {
  pid: number;
  output(): string;
  /** Resolves with what the output matched; rejects when the process ends before or `ms` pass. */
  says(pattern: RegExp, ms: number): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/** A file of TypeScript in a process of its own. */
export function startChild(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Child {
  const child = spawn(process.execPath, ['--import', './core/typescript.mjs', file, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  ended.then(() => running.delete(child));
  const hear = (chunk: Buffer): void => {
    output += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    says: (pattern, ms) => heard(child, () => output, pattern, ms),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function heard(
  child: ChildProcess,
  output: () => string,
  pattern: RegExp,
  ms: number,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => () => reject(new Error(`${why}: ${output().slice(-2_000)}`));
    const timer = setTimeout(fail('the server did not become ready'), ms);
    const look = (): void => {
      const match = pattern.exec(output());
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', fail('the server ended'));
    look();
  });
}

/** One round of load, from a process of its own. */
export async function loadOnce(load: Load): Promise<LoadResult> {
  const file = path.join(import.meta.dirname, 'load.ts');
  const args = ['--import', './core/typescript.mjs', file, JSON.stringify(load)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return JSON.parse(stdout);
}

/** Seconds of processor that a process with all its threads has used so far. */
export function processorSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    const line = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
    return Number(line.split(' ')[0]);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
}

/** Megabytes that a process holds. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

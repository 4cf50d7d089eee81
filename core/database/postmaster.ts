// The file in which PostgreSQL says who serves a folder, and whether that is still true.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProcess, processesIn } from './process.ts';
import { StartError } from './start-error.ts';

export const socketPort = 5432;

export interface Postmaster {
  pid: number;
  /** The folder of its socket. */
  sockets: string;
  lives(): boolean;
  lastWords(): string;
}

interface PidFile {
  pid: number;
  sockets: string;
}

/** The server of this folder if it runs, whoever started it. */
export function livingPostmaster(cluster: string): Postmaster | undefined {
  const file = readPidFile(cluster);
  if (!file?.sockets) return undefined;
  const lives = () => serves(file.pid, cluster);
  return lives() ? { ...file, lives, lastWords: () => 'it was stopped' } : undefined;
}

function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), sockets: lines[4] ?? '' };
  } catch {
    return undefined;
  }
}

function serves(pid: number, cluster: string): boolean {
  const command = findProcess(pid)?.command ?? '';
  return command.includes('postgres') && ` ${command} `.includes(` -D ${cluster} `);
}

/**
 * PostgreSQL itself takes a zombie, or a stranger to whom the number was given, for a living server, and never starts
 * again. But its children may outlive it for a moment, and two servers on the same files would destroy them.
 */
export async function removeStalePid(cluster: string): Promise<void> {
  const file = readPidFile(cluster);
  if (!file) return;
  await awaitChildren(cluster);
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  if (file.sockets) rmSync(join(file.sockets, `.s.PGSQL.${socketPort}.lock`), { force: true });
}

async function awaitChildren(cluster: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (processesIn(cluster).length === 0) return;
    await wait(50);
  }
  const pids = processesIn(cluster).join(', ');
  throw new StartError(
    `Processes of a PostgreSQL that died still work in ${cluster} (${pids}): end them, then start Rostra again.`,
  );
}

// Starts the built-in PostgreSQL as a process of its own, which outlives us if we are killed.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { type Postmaster, socketPort } from './postmaster.ts';
import type { ServerUser } from './server-user.ts';

interface SpawnOptions {
  data: string;
  cluster: string;
  sockets: string;
  binaries: Binaries;
  user: ServerUser;
  fast: boolean;
}

const settings = {
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '100',
  // Compiling costs more than it gives on queries as short as ours.
  jit: 'off',
};

const fastSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
};

const largestLog = 10_000_000;

export function spawnServer(options: SpawnOptions): Postmaster {
  const { cluster, sockets, binaries, user, fast } = options;
  const values = { ...settings, ...(fast && fastSettings), unix_socket_directories: sockets };
  const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const file = openLog(options.data);
  // Detached: a Ctrl-C in the terminal is for us; we stop PostgreSQL last.
  const child = spawn(binaries.postgres, ['-D', cluster, ...flags], {
    ...user.ids,
    cwd: '/',
    env: binaries.env,
    detached: true,
    stdio: ['ignore', file.descriptor, file.descriptor],
  });
  closeSync(file.descriptor);
  child.unref();
  let alive = true;
  child.once('exit', () => {
    alive = false;
  });
  child.once('error', () => {
    alive = false;
  });
  return { pid: child.pid ?? 0, sockets, lives: () => alive, lastWords: () => lastLine(file) };
}

interface LogFile {
  descriptor: number;
  path: string;
  /** Where this start's lines begin. */
  from: number;
}

function openLog(data: string): LogFile {
  const path = join(data, 'postgres.log');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLog) renameSync(path, `${path}.old`);
  return { descriptor: openSync(path, 'a', 0o600), path, from: size > largestLog ? 0 : size };
}

function lastLine({ path, from }: LogFile): string {
  const lines = readFileSync(path).subarray(from).toString().split('\n');
  const fatal = lines.findLast((line) => /FATAL|error/.test(line)) ?? lines.findLast(Boolean);
  return fatal?.trim() ?? 'without a word';
}

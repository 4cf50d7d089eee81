// A cluster just made, whose files may not be on the disk yet: beside it lies a mark until they surely are.
import { execFile } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';
import { StartError } from './start-error.ts';

const markOf = (cluster: string): string => `${cluster}.newborn`;

/** On the disk before the cluster gets its name, so that none ever stands there without its mark. */
export function markNewborn(cluster: string): void {
  closeSync(openSync(markOf(cluster), 'w', 0o600));
  flush(markOf(cluster));
  flush(dirname(cluster));
}

export const isNewborn = (cluster: string): boolean => existsSync(markOf(cluster));

/** Its start was cut short, perhaps with the power: nobody was told that anything is kept there. */
export function removeNewborn(cluster: string): void {
  rmSync(cluster, { recursive: true, force: true });
}

/** PostgreSQL may work on the files meanwhile: what it writes it flushes itself. */
export async function flushNewborn(cluster: string, binaries: Binaries, user: ServerUser) {
  const options = { ...user.ids, env: binaries.env, cwd: '/' };
  const flushing = promisify(execFile)(binaries.initdb, ['--sync-only', '-D', cluster], options);
  await flushing.catch((cause) => {
    throw new StartError(
      `PostgreSQL could not write its files in ${cluster} to the disk (${String(cause.stderr || cause.message).trim()}): see that the disk has room and is sound.`,
      { cause },
    );
  });
  flush(dirname(cluster));
  rmSync(markOf(cluster));
  // A mark that came back with the power would take a party's data with it.
  flush(dirname(cluster));
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

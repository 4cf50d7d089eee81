// Whom PostgreSQL runs as: ourselves, or the user `postgres` when we are root, as which it refuses to run.
import { spawnSync } from 'node:child_process';
import { StartError } from './start-error.ts';

export interface ServerUser {
  /** For `spawn`; nothing when it is ourselves. */
  ids: { uid: number; gid: number } | Record<string, never>;
  uid: number;
  gid: number;
}

const name = 'postgres';

export function findServerUser(): ServerUser {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { ids: {}, uid, gid };
  const ids = idsOf(name) ?? createUser();
  return { ids, ...ids };
}

function createUser(): { uid: number; gid: number } {
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    name,
  ]);
  const ids = idsOf(name);
  if (ids) return ids;
  throw new StartError(
    'PostgreSQL does not run as root and the user "postgres" could not be created: start Rostra as an ordinary user, or create that one.',
  );
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  const { stdout } = spawnSync('id', [user], { encoding: 'utf8' });
  const [, uid, gid] = /^uid=(\d+).* gid=(\d+)/.exec(stdout) ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Says so in one sentence when that user cannot reach what it needs. */
export function checkReach(user: ServerUser, path: string, what: string): void {
  if (!('uid' in user.ids)) return;
  const found = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...user.ids, cwd: '/' });
  if (found.status === 0) return;
  throw new StartError(
    `Started by root, PostgreSQL runs as the user "${name}", which cannot reach ${what} ${path}: let others pass through the folders above it (chmod o+x), move it out of there, or start Rostra as an ordinary user.`,
  );
}

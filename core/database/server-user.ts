// Whom PostgreSQL runs as: ourselves, or the user `postgres` when we are root, as which it refuses to run.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { StartError } from './start-error.ts';

export interface ServerUser {
  /** For `spawn`; nothing when it is ourselves. */
  ids: { uid: number; gid: number } | Record<string, never>;
  uid: number;
  gid: number;
}

const name = 'postgres';
const run = promisify(execFile);

export async function findServerUser(): Promise<ServerUser> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { ids: {}, uid, gid };
  const ids = (await idsOf(name)) ?? (await createUser());
  return { ids, ...ids };
}

async function createUser(): Promise<{ uid: number; gid: number }> {
  const made = run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    name,
  ]);
  await made.catch(() => {});
  const ids = await idsOf(name);
  if (ids) return ids;
  throw new StartError(
    'PostgreSQL does not run as root and the user "postgres" could not be created: start Rostra as an ordinary user, or create that one.',
  );
}

async function idsOf(user: string): Promise<{ uid: number; gid: number } | undefined> {
  return localIdsOf(user) ?? askedIdsOf(user);
}

/** To start a program takes longer than to read the file. */
function localIdsOf(user: string): { uid: number; gid: number } | undefined {
  const file = '/etc/passwd';
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${user}:`))?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Users may also stand in a directory elsewhere. */
async function askedIdsOf(user: string): Promise<{ uid: number; gid: number } | undefined> {
  const { stdout } = await run('id', [user]).catch(() => ({ stdout: '' }));
  const [, uid, gid] = /^uid=(\d+).* gid=(\d+)/.exec(stdout) ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Says so in one sentence when that user cannot reach what it needs. */
export async function checkReach(user: ServerUser, places: Record<string, string>): Promise<void> {
  if (!('uid' in user.ids)) return;
  const script = 'for path in "$@"; do test -x "$path" || { echo "$path"; exit 1; }; done';
  const args = ['-c', script, 'sh', ...Object.values(places)];
  const failed = await run('/bin/sh', args, { ...user.ids, cwd: '/' }).then(
    () => undefined,
    (error: { stdout?: string }) => error.stdout?.trim() ?? '',
  );
  if (failed === undefined) return;
  const [what, path] = Object.entries(places).find(([, one]) => one === failed) ?? ['', failed];
  throw new StartError(
    `Started by root, PostgreSQL runs as the user "${name}", which cannot reach ${what} ${path}: let others pass through the folders above it (chmod o+x), move it out of there, or start Rostra as an ordinary user.`,
  );
}

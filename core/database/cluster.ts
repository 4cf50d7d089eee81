// The files of the built-in PostgreSQL: created whole or not at all, and the private folder of its socket.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { isNewborn, markNewborn, removeNewborn } from './newborn.ts';
import type { ServerUser } from './server-user.ts';
import { StartError } from './start-error.ts';

const clusterVersion = '18';

interface ClusterOptions {
  cluster: string;
  binaries: Binaries;
  user: ServerUser;
  fast: boolean;
}

/** Its files may not be on the disk yet: see `isNewborn`. */
export async function createCluster({ cluster, binaries, user, fast }: ClusterOptions) {
  if (isNewborn(cluster)) removeNewborn(cluster);
  if (existsSync(join(cluster, 'PG_VERSION'))) return checkVersion(cluster);
  // Made beside and moved, so that a start that is cut short leaves nothing half-made.
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  makePrivate(draft, user);
  await runInitdb(binaries, draft, user);
  // The socket lies in a folder that only its owner may enter, so whoever reaches it is trusted.
  writeFileSync(join(draft, 'pg_hba.conf'), 'local all all trust\n');
  if (!fast) markNewborn(cluster);
  renameSync(draft, cluster);
}

async function runInitdb(binaries: Binaries, folder: string, user: ServerUser) {
  const encoding = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const rest = ['--locale=C', '--username=rostra', '--auth=trust', '--no-instructions'];
  const args = ['-D', folder, ...encoding, ...rest, '--no-sync'];
  // With a zone it does not compare the machine's clock with every zone there is.
  const options = { ...user.ids, env: { ...binaries.env, TZ: 'UTC' }, cwd: '/' };
  await promisify(execFile)(binaries.initdb, args, options).catch((cause) => {
    const said = String(cause.stderr || cause.message)
      .trim()
      .split('\n')
      .at(-1);
    throw new StartError(
      `PostgreSQL could not create its files in ${folder} (${said}): see that the disk has room and can be written to.`,
      { cause },
    );
  });
}

function checkVersion(cluster: string): void {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === clusterVersion) return;
  throw new StartError(
    `The files in ${cluster} were made by PostgreSQL ${version} and this Rostra brings ${clusterVersion}: start the Rostra that made them, back up, and restore into a new data folder.`,
  );
}

/** In the temporary folder, since the path of a socket may have 103 bytes at most. */
export function prepareSocketFolder(cluster: string, user: ServerUser): string {
  const key = createHash('sha256').update(cluster).digest('hex').slice(0, 12);
  const base = tmpdir().length < 70 ? tmpdir() : '/tmp';
  const folder = join(base, `rostra-${key}`);
  makePrivate(folder, user);
  return folder;
}

function makePrivate(folder: string, { uid, gid }: ServerUser): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  // In a folder where all may write, somebody else may have been there first.
  if (!found.isDirectory() || ![uid, process.getuid?.()].includes(found.uid)) {
    throw new StartError(`${folder} belongs to somebody else: remove it and start again.`);
  }
  chmodSync(folder, 0o700);
  if (found.uid !== uid) chownSync(folder, uid, gid);
}

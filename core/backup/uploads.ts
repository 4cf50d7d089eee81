// The files that were uploaded: into the archive after the rows, and out of it before they are there.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StartError } from '../database/start-error.ts';
import { uploadsFolder } from '../store/store.ts';
import { type ArchiveEntry, type ArchiveWriter, hashing } from './archive.ts';
import { names } from './format.ts';

/** Named by their content, never changed and not removed meanwhile: none that the snapshot names is missing. */
export async function addUploads(archive: ArchiveWriter, data: string): Promise<void> {
  const folder = uploadsFolder(data);
  for await (const path of filesBelow(folder)) {
    const handle = await open(path).catch(() => undefined);
    // Removed by hand.
    if (!handle) continue;
    const { size } = await handle.stat();
    const name = names.uploads + relative(folder, path).split(sep).join('/');
    const content = handle.createReadStream({ end: Math.max(size - 1, 0) });
    if (size > 0) await archive.addFile(name, size, content);
    else await archive.add(name, '').finally(() => handle.close());
  }
}

async function* filesBelow(folder: string): AsyncIterable<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // What begins with a dot is being written just now.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

export interface Taken {
  /** When the file was not there before. */
  path?: string;
  /** Other bytes than its name says: left out, since all else in the archive is good. */
  isDamaged?: boolean;
}

export async function takeUpload(entry: ArchiveEntry, data: string): Promise<Taken> {
  const folder = uploadsFolder(data);
  const path = join(folder, entry.name.slice(names.uploads.length));
  if (!path.startsWith(folder + sep)) {
    throw new StartError(`The archive has a file outside of its folder (${entry.name}).`);
  }
  const found = await stat(path).catch(() => undefined);
  const isKnown = found?.isFile() && found.size === entry.size;
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${basename(path)}`);
  const hash = createHash('sha256');
  await pipeline(
    entry.chunks(),
    hashing(hash),
    createWriteStream(partial, { mode: 0o600, flush: true }),
  );
  const said = /^[0-9a-f]{64}(?=\.)/.exec(basename(path))?.[0];
  if (said && said !== hash.digest('hex')) {
    await rm(partial);
    return { isDamaged: true };
  }
  await rename(partial, path);
  return isKnown ? {} : { path };
}

/** Of a restore that did not come to its end. */
export async function dropFiles(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}

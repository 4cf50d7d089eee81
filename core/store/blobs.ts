// Where the bytes of uploads lie. On disk for now; another place would be another maker of the same.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { invalid } from '../errors.ts';

/** Named by what is in them, so what is there under a name never changes. */
export interface Blobs {
  /** There whole or not at all; once more does no harm. */
  write(name: string, body: Uint8Array): Promise<void>;
  read(name: string): Promise<{ bytes: number; stream(): Readable } | undefined>;
  remove(name: string): Promise<void>;
  /** Names of what was written before that time. */
  writtenBefore(time: Date): AsyncIterable<string>;
}

/** `<folder>/ab/abcd….png`. */
export function diskBlobs(folder: string): Blobs {
  const fileOf = (name: string): string => path.join(folder, name.slice(0, 2), name);
  return {
    async write(name, body) {
      const shelf = path.dirname(fileOf(name));
      await mkdir(shelf, { recursive: true, mode: 0o700 });
      const part = path.join(shelf, `.${randomUUID()}`);
      try {
        await writeThrough(part, body);
        await rename(part, fileOf(name));
        await flush(shelf);
      } catch (error) {
        await rm(part, { force: true });
        throw asFault(error);
      }
    },
    async read(name) {
      const found = await stat(fileOf(name)).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      return { bytes: found.size, stream: () => createReadStream(fileOf(name)) };
    },
    remove: (name) => rm(fileOf(name), { force: true }),
    async *writtenBefore(time) {
      const shelves = await readdir(folder).catch(() => []);
      for (const shelf of shelves) {
        for (const name of await readdir(path.join(folder, shelf)).catch(() => [])) {
          const file = path.join(folder, shelf, name);
          const found = await stat(file).catch(() => undefined);
          if (!found || found.mtime >= time) continue;
          if (name.startsWith('.')) await rm(file, { force: true });
          else yield name;
        }
      }
    },
  };
}

async function writeThrough(file: string, body: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file, or a folder: a rename is safe against a power cut once its folder is on the disk too. */
export async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync().finally(() => handle.close());
}

/** A full disk is for the reader to know of; what was there is untouched. */
export function asFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return isFull ? invalid([{ path: '/file', message: 'store.fault.disk-full' }]) : error;
}

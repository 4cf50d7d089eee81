// The file of a backup: tar, compressed; each entry with its checksum, and a last one that says it is whole.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { StartError } from '../database/start-error.ts';
import { flush } from '../store/blobs.ts';
import { type Complete, type Manifest, names } from './format.ts';

type Entry = AsyncIterable<Buffer> & { header: { name: string; size: number } };

/** Nearly as small as level 6 on rows of text, at a third of the time. */
const level = 1;
const chunkSize = 256 * 1024;
/** Far more than a list of tables needs; what is read as one text is bounded by it. */
const longestText = 8 * 1024 * 1024;

export interface ArchiveWriter {
  add(name: string, content: Buffer | string): Promise<void>;
  addFile(name: string, size: number, content: Readable): Promise<void>;
  /** Whole, on the disk and under its name; answers its size. */
  finish(rows: Record<string, number>): Promise<number>;
  abandon(): Promise<void>;
}

const partialOf = (file: string): string => `${file}.partial`;

/** Readable by its owner alone: it holds all that the party knows of people. */
export async function writeArchive(file: string): Promise<ArchiveWriter> {
  if (existsSync(file)) throw new StartError(`${file} is there already: name another file.`);
  const partial = partialOf(file);
  await mkdir(dirname(file), { recursive: true });
  await rm(partial, { force: true });
  const out = createWriteStream(partial, { flags: 'wx', mode: 0o600, highWaterMark: chunkSize });
  const tar = pack();
  const written = pipeline(tar, createGzip({ level, chunkSize }), out);
  const failed = written.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  const sums: string[] = [];

  /** What befell the file says more than that the tar has ended. */
  async function guarded(put: () => Promise<unknown>): Promise<void> {
    try {
      await Promise.race([put(), failed]);
    } catch (error) {
      tar.destroy();
      const cause = await written.catch((cause: NodeJS.ErrnoException) => cause);
      throw cause?.syscall ? cause : error;
    }
  }

  function add(name: string, content: Buffer | string): Promise<void> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    sums.push(sumLine(createHash('sha256').update(body), name));
    const header = { name, mode: 0o600, size: body.length };
    const put = () =>
      new Promise<void>((resolve, reject) => {
        const entry = tar.entry(header, body, (error) => (error ? reject(error) : resolve()));
        entry.on('error', reject);
      });
    return guarded(put);
  }

  return {
    add,
    async addFile(name, size, content) {
      const hash = createHash('sha256');
      const header = { name, mode: 0o600, size };
      await guarded(() => pipeline(content, hashing(hash), tar.entry(header)));
      sums.push(sumLine(hash, name));
    },
    async finish(rows) {
      const all = sums.join('');
      await add(names.sums, all);
      const complete: Complete = { entries: sums.length - 1, sums: sumOf(all), rows };
      await add(names.complete, JSON.stringify(complete));
      tar.finalize();
      await written;
      await settle(partial, file);
      return out.bytesWritten;
    },
    async abandon() {
      tar.destroy();
      await written.catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

/** A name that is there after a power cut stands for a file that is there whole. */
async function settle(partial: string, file: string): Promise<void> {
  await flush(partial);
  await rename(partial, file);
  await flush(dirname(file));
}

export interface ArchiveEntry {
  name: string;
  size: number;
  chunks(): AsyncIterable<Buffer>;
}

export interface ArchiveReader {
  /** Each must be read to its end before the next; `undefined` once the archive has proved to be whole. */
  next(): Promise<ArchiveEntry | undefined>;
  /** How many rows each table has; known at the end. */
  rows(): Record<string, number>;
  close(): void;
}

export function readArchive(file: string): ArchiveReader {
  const tar = extract();
  const source = createReadStream(file, { highWaterMark: chunkSize });
  pipeline(source, createGunzip({ chunkSize }), tar).catch(() => {});
  const entries = tar[Symbol.asyncIterator]();
  const seen = new Map<string, string>();
  let complete: Complete | undefined;

  async function next(): Promise<ArchiveEntry | undefined> {
    const found = await entries.next().catch((error) => {
      throw unreadable(file, error);
    });
    const entry = found.value as Entry | undefined;
    if (found.done || !entry) {
      if (!complete) throw cutOff(file);
      return undefined;
    }
    const { name, size = 0 } = entry.header;
    if (name === names.sums) return verify(await textOf(entry));
    if (name === names.complete) {
      complete = parsed(file, await textOf(entry));
      return next();
    }
    return { name, size, chunks: () => hashed(entry, name) };
  }

  async function* hashed(entry: Entry, name: string): AsyncIterable<Buffer> {
    const hash = createHash('sha256');
    try {
      yield* hashing(hash)(entry);
    } catch (error) {
      throw unreadable(file, error);
    }
    seen.set(name, hash.digest('hex'));
  }

  /** Only what is said before the sums counts; what is said after them is `complete` alone. */
  async function verify(sums: string): Promise<ArchiveEntry | undefined> {
    const said = new Map(sums.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
    said.delete('');
    const wrong = [...seen].find(([name, sum]) => said.get(name) !== sum)?.[0];
    const missing = [...said.keys()].find((name) => !seen.has(name));
    if (wrong ?? missing) throw damaged(file, wrong ?? missing ?? '');
    const last = await next();
    if (last || complete?.sums !== sumOf(sums)) throw damaged(file, names.complete);
    return undefined;
  }

  return { next, rows: () => complete?.rows ?? {}, close: () => source.destroy() };
}

/** The first entry; throws a StartError when the file is none of ours. */
export async function readManifest(file: string): Promise<Manifest> {
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`);
  const archive = readArchive(file);
  try {
    const first = await archive.next();
    if (first?.name !== names.manifest) throw new StartError(`${file} is no backup of Rostra.`);
    return parsed(file, await contentOf(first));
  } finally {
    archive.close();
  }
}

function parsed<T>(file: string, text: string): T {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
}

export async function contentOf(entry: ArchiveEntry): Promise<string> {
  if (entry.size > longestText) {
    throw new StartError(`The archive is none of Rostra’s: its ${entry.name} is too long.`);
  }
  return textOf(entry.chunks());
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  return (await buffer(chunks)).toString();
}

/** For a pipeline: what passes through is added to the sum. */
export function hashing(hash: Hash) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
}

/** As `sha256sum -c` reads it. */
function sumLine(hash: Hash, name: string): string {
  return `${hash.digest('hex')}  ${name}\n`;
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unreadable(file: string, error: unknown): Error {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR' || message === 'Unexpected end of data') return cutOff(file);
  if (error instanceof StartError || syscall) return error as Error;
  return new StartError(`${file} is damaged, or no backup of Rostra: take another archive.`);
}

function cutOff(file: string): StartError {
  return new StartError(`${file} is cut off: it does not reach its end. Take another archive.`);
}

function damaged(file: string, entry: string): StartError {
  return new StartError(`${file} is damaged (${entry} is not what was written): take another.`);
}

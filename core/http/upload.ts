// Reads a multipart body: fields into memory, files onto the disk, each within its bound.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { type Fault, unavailable } from '../errors.ts';
import type { RawBody } from './body.ts';
import type { UploadedFile } from './context.ts';
import { malformed, tooLarge } from './faults.ts';

export interface UploadBounds {
  /** Folder for the files; made when it is missing. */
  folder: string;
  maxFileBytes: number;
}

const limits = { fieldNameSize: 200, fieldSize: 1024 * 1024, fields: 2_000, files: 20 };

/** Rejects when the reader goes away or the body breaks off; then no file is left behind. */
export async function readMultipart(req: IncomingMessage, bounds: UploadBounds): Promise<RawBody> {
  await mkdir(bounds.folder, { recursive: true, mode: 0o700 });
  const body: RawBody = { fields: [], files: [], faults: [] };
  const writing: Promise<void>[] = [];
  try {
    const parser = makeParser(req, bounds.maxFileBytes);
    parser.on('field', (name, value, info) => {
      if (info.valueTruncated || info.nameTruncated) parser.destroy(tooLarge(limits.fieldSize));
      else body.fields.push([name, value]);
    });
    parser.on('fieldsLimit', () => parser.destroy(tooLarge(limits.fields)));
    parser.on('filesLimit', () => parser.destroy(tooLarge(limits.files)));
    parser.on('file', (name, stream, info) => {
      writing.push(receive({ name, stream, info }, bounds, body));
    });
    await feed(req, parser);
    await Promise.all(writing);
    return body;
  } catch (error) {
    await Promise.allSettled(writing);
    await removeFiles(body.files);
    throw broken(error);
  }
}

export async function removeFiles(files: readonly UploadedFile[]): Promise<void> {
  await Promise.all(files.map((file) => rm(file.path, { force: true })));
}

/** Where files lie until their request is answered. */
export function uploadFolder(data: string): string {
  return path.join(data, 'tmp');
}

/** What a process that was killed left behind: nobody reads it any more, and it may be a list of people. */
export async function sweepUploads(folder: string, before: Date): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found && found.mtime < before) await rm(file, { force: true });
  }
}

function makeParser(req: IncomingMessage, maxFileBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { ...limits, fileSize: maxFileBytes },
    });
  } catch {
    throw malformed('multipart');
  }
}

/** Not `pipeline`: that would break the line when the body is refused, and the reader would never learn why. */
function feed(req: IncomingMessage, parser: busboy.Busboy): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      req.unpipe(parser);
      parser.destroy(error);
      reject(error);
    };
    req.once('error', fail);
    req.once('close', () => req.complete || fail(new Error('the reader has left')));
    parser.once('error', fail);
    parser.once('close', resolve);
    req.pipe(parser);
  });
}

interface Incoming {
  name: string;
  stream: Readable & { truncated?: boolean };
  info: busboy.FileInfo;
}

async function receive(
  { name, stream, info }: Incoming,
  bounds: UploadBounds,
  body: RawBody,
): Promise<void> {
  const file: UploadedFile = {
    field: name,
    name: info.filename ?? '',
    type: info.mimeType,
    bytes: 0,
    path: path.join(bounds.folder, randomUUID()),
  };
  stream.on('data', (chunk: Buffer) => {
    file.bytes += chunk.length;
  });
  body.files.push(file);
  await pipeline(stream, createWriteStream(file.path, { mode: 0o600 }));
  const isEmptyChoice = file.name === '' && file.bytes === 0;
  if (!stream.truncated && !isEmptyChoice) return;
  body.files.splice(body.files.indexOf(file), 1);
  await removeFiles([file]);
  if (stream.truncated) body.faults.push(tooLargeFile(name, bounds.maxFileBytes));
}

function tooLargeFile(field: string, maxBytes: number): Fault {
  const params = { megabytes: Math.max(1, Math.floor(maxBytes / 1024 / 1024)) };
  return { path: `/${field}`, message: 'http.upload.too-large', params };
}

function broken(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isFull = 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));
  if (isFull) return unavailable('disk', error);
  const isParsing = /^(Unexpected end of form|Malformed|Multipart)/.test(error.message);
  return isParsing ? malformed('multipart') : error;
}

// Reads a body within its bound and makes fields of it: urlencoded, multipart or JSON.
import type { IncomingMessage } from 'node:http';
import { AppError, type Fault } from '../errors.ts';
import type { UploadedFile } from './context.ts';
import { malformed, tooLarge } from './faults.ts';
import { readMultipart, type UploadBounds } from './upload.ts';

export interface RawBody {
  fields: [string, string][];
  files: UploadedFile[];
  /** What was wrong with a single file. */
  faults: Fault[];
}
export interface Body {
  /** As typed; a repeated field, or one whose name ends in `[]`, is a list. */
  values: Record<string, unknown>;
  files: UploadedFile[];
  faults: Fault[];
  /** JSON brings its own types; a form brings text. */
  isJson: boolean;
}

export const maxTextBytes = 1024 * 1024;

export async function readBody(req: IncomingMessage, bounds: UploadBounds): Promise<Body> {
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  switch (type) {
    case 'multipart/form-data': {
      const { fields, files, faults } = await readMultipart(req, bounds);
      return { values: collect(fields), files, faults, isJson: false };
    }
    case 'application/json':
      return { values: parseJson(await readText(req)), files: [], faults: [], isJson: true };
    case 'application/x-www-form-urlencoded': {
      const fields = parseUrlencoded(await readText(req));
      return { values: collect(fields), files: [], faults: [], isJson: false };
    }
    case '':
      return { values: {}, files: [], faults: [], isJson: false };
    default:
      throw new AppError('core.unknown-type', 415, { type });
  }
}

/** The whole body, or 413 once it is longer. */
export async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  // The line stays whole, since it has to carry the answer.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Field by field, as a browser or a query string writes them. */
export function collect(fields: Iterable<[string, string]>): Record<string, unknown> {
  const values = new Map<string, string | string[]>();
  for (const [written, value] of fields) {
    const isList = written.endsWith('[]');
    const name = isList ? written.slice(0, -2) : written;
    const before = values.get(name);
    if (Array.isArray(before)) before.push(clean(value));
    else if (before !== undefined) values.set(name, [before, clean(value)]);
    else values.set(name, isList ? [clean(value)] : clean(value));
  }
  // Entries, not assignments: a field may be called `__proto__`.
  return Object.fromEntries(values);
}

async function readText(req: IncomingMessage): Promise<string> {
  return decode(await readBytes(req, maxTextBytes));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('encoding');
  }
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, part) => (typeof part === 'string' ? clean(part) : part));
  } catch {
    throw malformed('json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('json');
  return Object.fromEntries(Object.entries(value));
}

function parseUrlencoded(text: string): [string, string][] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...rest] = part.split('=');
      return [unescapeField(name), unescapeField(rest.join('='))];
    });
}

function unescapeField(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('encoding');
  }
}

/** PostgreSQL has no text with a zero byte in it; lines end as the database's do. */
function clean(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\r\n', '\n');
}

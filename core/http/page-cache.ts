// Pages kept whole for visitors who are all answered alike; they leave before Koa is entered.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { PageCache } from '../services.ts';
import type { Versions } from '../versions.ts';
import { type Encoding, encodingFor } from './encoding.ts';
import { type Head, headOf, writeHead } from './head.ts';
import { type Counter, makeCounter } from './page-counter.ts';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

export interface KeptPages {
  /** Answers the request from what is kept; `false` leaves it to the pipeline. */
  answer(req: IncomingMessage, res: ServerResponse): boolean;
  /** Taken before a page is rendered: what it will have been made from. */
  stamp(organizationId: string): string;
  /** Keeps the page unless something changed since the stamp was taken. */
  store(page: PageToKeep): Promise<void>;
  /** Drops everything, e.g. when a theme changed on disk. */
  clear(): void;
  /** Bytes held. */
  size(): number;
  readonly counter: Counter;
}

export interface PageToKeep {
  organizationId: string;
  stamp: string;
  host: string;
  /** Path without a query. */
  path: string;
  html: string;
  /** As sent with the first answer. */
  headers: Record<string, string>;
  until: Date | undefined;
}

interface Body {
  /** Short ones as latin1, which node sends in one piece with the headers; longer ones cost less as they are. */
  bytes: string | Buffer;
  head: Head;
}
interface Kept {
  organizationId: string;
  etag: string;
  until: number | undefined;
  unchanged: string[];
  bodies: Partial<Record<Encoding, Body>> & { identity: Body };
}

export function makePageCache(
  versions: Versions,
  clock: Clock,
  maxBytes = 64 * 1024 * 1024,
): KeptPages {
  const kept = new LRUCache<string, Kept>({ maxSize: maxBytes, sizeCalculation: sizeOf });
  const counter = makeCounter();
  const stamp = (organizationId: string): string =>
    `${versions.current('house')}/${versions.current(`site:${organizationId}`)}`;
  versions.listen((name) => drop(kept, name));

  return {
    answer(req, res) {
      const asked = askedOf(req);
      const now = clock.now().getTime();
      const page = find(kept, now, req, asked.host);
      if (!page) return false;
      send(page, asked, res, now);
      counter.hit();
      return true;
    },
    stamp,
    async store(page) {
      const key = page.host + page.path;
      const plain = keep(page);
      if (sizeOf(plain) > maxBytes / 8 || stamp(page.organizationId) !== page.stamp) return;
      kept.set(key, plain);
      const whole = await withEncodings(plain, page);
      // Dropped or replaced while it was being compressed: then it is no longer the page.
      if (kept.peek(key) === plain) kept.set(key, whole);
    },
    clear: () => kept.clear(),
    size: () => kept.calculatedSize,
    counter,
  };
}

/** What plugins are handed: dropping goes through the versions, so that every process hears of it. */
export function pageCacheService(versions: Versions): PageCache {
  return { drop: (scope) => versions.bump(scope.db, `site:${scope.organization.id}`) };
}

interface Asked {
  host: string | undefined;
  encodings: string | undefined;
  tags: string | undefined;
}

/** The three that count, by their length first: node would make an object of all of them. */
function askedOf({ rawHeaders }: IncomingMessage): Asked {
  const asked: Asked = { host: undefined, encodings: undefined, tags: undefined };
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') asked.host ??= rawHeaders[at + 1];
    else if (name.length === 15 && name.toLowerCase() === 'accept-encoding') {
      asked.encodings = rawHeaders[at + 1];
    } else if (name.length === 13 && name.toLowerCase() === 'if-none-match') {
      asked.tags = rawHeaders[at + 1];
    }
  }
  return asked;
}

/**
 * By which link somebody came says nothing of the page: a mailing's readers, who all open it at once, get the one that is
 * kept.
 */
export const withoutTracking = (url: string): string =>
  url.replace(/\?tracking=[\w.~-]{1,100}$/, '');

function find(
  kept: LRUCache<string, Kept>,
  now: number,
  { method, url }: IncomingMessage,
  host: string | undefined,
): Kept | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (host === undefined || url === undefined) return undefined;
  let key = host + url;
  let page = kept.get(key);
  if (!page && url.includes('?')) {
    key = host + withoutTracking(url);
    page = kept.get(key);
  }
  if (page?.until === undefined) return page;
  if (now < page.until) return page;
  kept.delete(key);
  return undefined;
}

function send(page: Kept, { encodings, tags }: Asked, res: ServerResponse, now: number): void {
  if (tags?.includes(page.etag)) {
    res.writeHead(304, page.unchanged);
    res.end();
    return;
  }
  const body = page.bodies[encodingFor(encodings)] ?? page.bodies.identity;
  writeHead(res, body.head, now);
  res.end(body.bytes, 'latin1');
}

function drop(kept: LRUCache<string, Kept>, name: string): void {
  if (name === 'house' || name === '*') return kept.clear();
  if (!name.startsWith('site:')) return;
  const id = name.slice('site:'.length);
  for (const [key, page] of kept.entries()) {
    if (page.organizationId === id) kept.delete(key);
  }
}

function keep(page: PageToKeep): Kept {
  const bytes = Buffer.from(page.html);
  const etag = etagOf(bytes);
  const headers = headersOf(page, etag);
  return {
    organizationId: page.organizationId,
    etag,
    until: page.until?.getTime(),
    unchanged: headers,
    bodies: { identity: bodyOf(headers, bytes, 'identity') },
  };
}

async function withEncodings(plain: Kept, page: PageToKeep): Promise<Kept> {
  const bytes = Buffer.from(page.html);
  const headers = headersOf(page, plain.etag);
  const [br, gz] = await Promise.all([
    brotli(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    gzipped(bytes, { level: 9 }),
  ]);
  return {
    ...plain,
    bodies: {
      identity: plain.bodies.identity,
      br: bodyOf(headers, br, 'br'),
      gzip: bodyOf(headers, gz, 'gzip'),
    },
  };
}

function headersOf(page: PageToKeep, etag: string): string[] {
  const all = { ...page.headers, ...cacheHeaders, ETag: etag };
  return Object.entries(all).flat();
}

function bodyOf(headers: string[], bytes: Buffer, encoding: Encoding): Body {
  const length = ['Content-Length', String(bytes.length)];
  const coding = encoding === 'identity' ? [] : ['Content-Encoding', encoding];
  const isShort = bytes.length < 8 * 1024;
  return {
    bytes: isShort ? bytes.toString('latin1') : bytes,
    head: headOf([...headers, ...coding, ...length]),
  };
}

/** The browser may keep the page but asks each time whether it is still the same. */
export const cacheHeaders = { 'Cache-Control': 'public, no-cache', Vary: 'Accept-Encoding' };

/** Weak, since one tag stands for all encodings. */
export function etagOf(bytes: Buffer): string {
  return `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

function sizeOf(page: Kept): number {
  let total = 1024;
  for (const body of Object.values(page.bodies)) total += body.bytes.length + 1024;
  return total;
}

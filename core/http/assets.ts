// Files of themes and of the core: their addresses hold a digest, so they may be kept for ever.
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Asset } from '../theme/assets.ts';
import { type Encoding, encodingFor } from './encoding.ts';
import { etagOf } from './page-cache.ts';
import type { HttpCore } from './parts.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const worthPacking = /^(text\/|application\/(json|manifest)|image\/svg)/;

interface Packed {
  changed: number;
  etag: string;
  bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer };
}
type Shelf = LRUCache<string, Packed>;

export function sendAssets(core: HttpCore, maxBytes = 32 * 1024 * 1024): HttpMiddleware {
  const shelf: Shelf = new LRUCache({
    maxSize: maxBytes,
    sizeCalculation: ({ bodies }) =>
      Object.values(bodies).reduce((sum, { length }) => sum + length, 1024),
  });
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/assets/') || !isRead(ctx)) return next();
    const asset = core.themes.findAsset(ctx.path);
    if (!asset) return next();
    send(ctx, asset, await packed(shelf, asset));
  };
}

/** The stylesheet that says how the organization's site looks; made from what was chosen in the admin. */
export function sendLook(core: HttpCore): HttpMiddleware {
  return (ctx, next) => {
    const { organization } = ctx.visit;
    if (ctx.path !== '/assets/look.css' || !isRead(ctx) || !organization) return next();
    const css = core.themes.look(organization);
    ctx.set('Cache-Control', ctx.search ? forEver : 'no-cache');
    ctx.type = 'text/css; charset=utf-8';
    ctx.set('ETag', etagOf(Buffer.from(css)));
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = css;
  };
}

const forEver = 'public, max-age=31536000, immutable';

function isRead(ctx: HttpContext): boolean {
  return ctx.method === 'GET' || ctx.method === 'HEAD';
}

function send(ctx: HttpContext, asset: Asset, { etag, bodies }: Packed): void {
  ctx.set('Cache-Control', asset.immutable ? forEver : 'no-cache');
  ctx.set('Vary', 'Accept-Encoding');
  ctx.set('ETag', etag);
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const wanted = encodingFor(ctx.req.headers['accept-encoding']);
  const body = bodies[wanted];
  if (body && wanted !== 'identity') ctx.set('Content-Encoding', wanted);
  ctx.body = body ?? bodies.identity;
  ctx.type = asset.type;
}

async function packed(shelf: Shelf, asset: Asset): Promise<Packed> {
  const changed = (await stat(asset.file)).mtimeMs;
  const held = shelf.get(asset.file);
  if (held?.changed === changed) return held;
  const identity = await readFile(asset.file);
  const fresh: Packed = { changed, etag: etagOf(identity), bodies: { identity } };
  if (worthPacking.test(asset.type)) {
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
    fresh.bodies.br = await brotli(identity, { params });
    fresh.bodies.gzip = await gzipped(identity);
  }
  shelf.set(asset.file, fresh);
  return fresh;
}

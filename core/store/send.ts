// `/uploads/<sha256>.<ext>`: what lies under a digest never changes, so it may be kept for ever.
import type { HttpMiddleware } from '../http/visit.ts';
import type { Blobs } from './blobs.ts';
import { typeOf } from './kind.ts';

/** Should a browser open one as a page: it runs nothing, loads nothing, and is of no origin. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export function sendUploads(blobs: Blobs | undefined): HttpMiddleware {
  return async (ctx, next) => {
    const [, name = '', extension = ''] =
      /^\/uploads\/([0-9a-f]{64}\.([a-z0-9]{2,5}))$/.exec(ctx.path) ?? [];
    const type = typeOf(extension);
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    const found = blobs && type && isRead ? await blobs.read(name) : undefined;
    if (!found || !type) return next();
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.set('Content-Security-Policy', policy);
    ctx.set('ETag', `"${name}"`);
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.type = type;
    ctx.length = found.bytes;
    if (ctx.method === 'GET') ctx.body = found.stream();
  };
}

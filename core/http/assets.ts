// Files of themes and of the core: their addresses hold a digest, so they may be kept for ever.

import type { Core } from '../core.ts';
import type { Asset } from '../theme/assets.ts';
import { encodingFor } from './encoding.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

export function sendAssets(core: Core): HttpMiddleware {
  return async (ctx, next) => {
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!isRead || !ctx.path.startsWith('/assets/')) return next();
    const asset = await core.themes.findAsset(ctx.path);
    if (!asset) return next();
    send(ctx, asset);
  };
}

function send(ctx: HttpContext, asset: Asset): void {
  ctx.set('Cache-Control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  ctx.set('Vary', 'Accept-Encoding');
  ctx.set('ETag', asset.etag);
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const wanted = encodingFor(ctx.req.headers['accept-encoding']);
  const packed = wanted === 'identity' ? undefined : asset[wanted];
  if (packed) ctx.set('Content-Encoding', wanted);
  ctx.body = packed ?? asset.body;
  ctx.type = asset.type;
}

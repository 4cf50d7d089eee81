// Files of themes and of the core: their addresses hold a digest, so they may be kept for ever.
import { encodingFor } from './encoding.ts';
import type { Asset, HttpParts } from './parts.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

export function sendAssets(findAsset: HttpParts['findAsset']): HttpMiddleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    const asset = await findAsset(ctx.path);
    if (!asset) return next();
    send(ctx, asset);
  };
}

function send(ctx: HttpContext, asset: Asset): void {
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
  ctx.set('Vary', 'Accept-Encoding');
  ctx.set('ETag', asset.etag);
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const wanted = encodingFor(ctx.req.headers['accept-encoding']);
  const encoding = wanted !== 'identity' && asset[wanted] ? wanted : 'identity';
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
  ctx.body = (encoding === 'identity' ? undefined : asset[encoding]) ?? asset.body;
  ctx.type = asset.type;
}

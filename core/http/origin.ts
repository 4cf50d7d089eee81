// The guard against forms of other sites: Sec-Fetch-Site first, then Origin.
import { AppError } from '../errors.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `ownUrl`: the public address, for proxies that do not hand the host on. */
export function guardOrigin(ownUrl: string): HttpMiddleware {
  const own = URL.canParse(ownUrl) ? new URL(ownUrl).host : '';
  return (ctx, next) => {
    if (!safe.has(ctx.method) && !isOurs(ctx, own)) {
      throw new AppError('core.foreign-origin', 403, {});
    }
    return next();
  };
}

function isOurs(ctx: HttpContext, own: string): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site === 'same-origin' || site === 'none') return true;
  if (site === 'cross-site') return false;
  const origin = ctx.get('Origin');
  // No browser sends neither: this is a program, which carries nobody's cookies.
  if (origin === '') return site === '';
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === ctx.get('Host').toLowerCase() || host === own;
}

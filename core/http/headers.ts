// Security headers, set one by one: a ready-made set breaks forms (Referrer-Policy) and plain-http installs.
import type { FoundPlugin } from '../registry.ts';
import { cspOf } from './csp.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

const year = 365 * 24 * 60 * 60;

export function setSecurityHeaders(isHttps: boolean): HttpMiddleware {
  return (ctx, next) => {
    ctx.set({
      'Content-Security-Policy': cspOf([]),
      'X-Content-Type-Options': 'nosniff',
      // `no-referrer` would make browsers send `Origin: null` with our own forms.
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
    });
    if (isHttps) ctx.set('Strict-Transport-Security', `max-age=${year}`);
    return next();
  };
}

/** The page may also load what this plugin declared, and send forms there. `isAsked`: the page itself says so. */
export function allowSourcesOf(
  ctx: HttpContext,
  plugin: FoundPlugin | undefined,
  isAsked = false,
): void {
  const csp = plugin?.contributions.csp;
  if (!csp || (csp.onlyAllowed && !isAsked) || ctx.visit.sources.includes(csp)) return;
  ctx.visit.sources.push(csp);
  ctx.set('Content-Security-Policy', cspOf(ctx.visit.sources));
}

/** The plugin whose sources were allowed does not answer after all. */
export function forgetSources(ctx: HttpContext): void {
  if (ctx.visit.sources.length === 0) return;
  ctx.visit.sources = [];
  ctx.set('Content-Security-Policy', cspOf([]));
}

// Security headers, set one by one: a ready-made set breaks forms (Referrer-Policy) and plain-http installs.
import type { Organization } from '../organizations/organization.ts';
import type { Registry } from '../registry.ts';
import { cspOf } from './csp.ts';
import type { HttpMiddleware } from './visit.ts';

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

/** Widens the policy by what the plugins that are on for the organization have declared. */
export function declareSources(registry: Registry): HttpMiddleware {
  return (ctx, next) => {
    const { organization } = ctx.visit;
    if (organization) ctx.set('Content-Security-Policy', policyOf(registry, organization));
    return next();
  };
}

function policyOf(registry: Registry, organization: Organization): string {
  const declared = [];
  for (const { manifest, contributions } of registry.all()) {
    if (!contributions.csp) continue;
    if (registry.isOn(manifest.id, organization)) declared.push(contributions.csp);
  }
  return cspOf(declared);
}

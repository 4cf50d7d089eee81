// Health for the machine that watches us, and numbers for the one that draws them.
import { collectDefaultMetrics, Registry as Metrics } from 'prom-client';
import { deriveKey, sameSecret } from '../secret.ts';
import { within } from './bound.ts';
import { isLoopback } from './client.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

export interface HealthParts {
  readonly secret: Buffer;
  readonly metrics: Metrics;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  /** The server is about to stop and wants no new visitors. */
  isDraining(): boolean;
}

export function makeMetrics(): Metrics {
  const metrics = new Metrics();
  collectDefaultMetrics({ register: metrics });
  return metrics;
}

/** What a watcher on another machine sends as `Authorization: Bearer …` to `/metrics`. */
export function metricsToken(secret: Buffer): string {
  return deriveKey(secret, 'http.metrics').toString('hex');
}

export function answerHealth(parts: HealthParts): HttpMiddleware {
  return async (ctx, next) => {
    if (ctx.path === '/health/live') return say(ctx, 200, 'live');
    if (ctx.path === '/health/ready') return say(ctx, ...(await readiness(parts)));
    if (ctx.path !== '/metrics' || !maySeeMetrics(ctx, parts.secret)) return next();
    say(ctx, 200, await parts.metrics.metrics());
    ctx.type = parts.metrics.contentType;
  };
}

async function readiness(parts: HealthParts): Promise<[number, string]> {
  if (parts.isDraining()) return [503, 'stopping'];
  try {
    await within(2_000, 'database', () => parts.check());
    return [200, 'ready'];
  } catch {
    return [503, 'database does not answer'];
  }
}

function maySeeMetrics(ctx: HttpContext, secret: Buffer): boolean {
  // Behind a proxy on this machine every visitor comes from loopback.
  const isDirect = ctx.get('X-Forwarded-For') === '' && ctx.get('Forwarded') === '';
  if (isDirect && isLoopback(ctx.req.socket.remoteAddress ?? '')) return true;
  return sameSecret(ctx.get('Authorization'), `Bearer ${metricsToken(secret)}`);
}

function say(ctx: HttpContext, status: number, text: string): void {
  ctx.status = status;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${text}\n`;
}

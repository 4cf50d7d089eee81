// The request log and its numbers: who in short, what by pattern, how long; never a query or a whole address.
import { Histogram, type Registry as Metrics } from 'prom-client';
import type { Log } from '../log.ts';
import { type AddressOf, shortAddress } from './client.ts';
import { routeOf } from './mount.ts';
import { beginVisit, type HttpContext, type HttpMiddleware } from './visit.ts';

export function recordRequests(log: Log, addressOf: AddressOf, metrics: Metrics): HttpMiddleware {
  const seconds = new Histogram({
    name: 'rostra_request_seconds',
    help: 'Requests that were not answered from memory',
    labelNames: ['surface', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  return async (ctx, next) => {
    const began = performance.now();
    ctx.visit = beginVisit(addressOf(ctx.req));
    // What routes count their rates by.
    ctx.request.ip = ctx.visit.address;
    ctx.set('X-Request-Id', ctx.visit.id);
    await next();
    const ms = performance.now() - began;
    seconds.observe({ surface: ctx.visit.surface, status: ctx.status }, ms / 1_000);
    log.info(lineOf(ctx, ms), 'request');
  };
}

function lineOf(ctx: HttpContext, ms: number): object {
  const { id, plugin, surface, address } = ctx.visit;
  return {
    request: id,
    method: ctx.method,
    route: routeOf(ctx),
    surface,
    plugin,
    status: ctx.status,
    ms: Math.round(ms),
    from: shortAddress(address),
  };
}

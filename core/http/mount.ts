// Runs the routers of plugins and core: looked up at each request, composed once, bounded in time.
import KoaRouter, { type RouterMiddleware } from '@koa/router';
import type { Core } from '../core.ts';
import { isAppError, notFound } from '../errors.ts';
import type { Contributions } from '../plugin.ts';
import type { FoundPlugin } from '../registry.ts';
import { within } from './bound.ts';
import type { RouteContext, Router, RouteState } from './context.ts';
import { allowSourcesOf, forgetSources } from './headers.ts';
import type { HttpContext, HttpMiddleware } from './visit.ts';

export type Surface = 'site' | 'admin' | 'api' | 'hooks';
const prefixes = { site: () => '', admin: at('/admin'), api: at('/api/v1'), hooks: at('/hooks') };
const composed = new WeakMap<Contributions, Map<Surface, HttpMiddleware>>();

/** The core's own router, below a prefix. */
export function mount(prefix: string, router: Router): HttpMiddleware {
  const outer = new KoaRouter<RouteState, RouteContext>();
  demandKeys(outer, router);
  if (prefix === '') outer.use(router.routes());
  else outer.use(prefix, router.routes());
  return asMiddleware(outer.routes());
}

/** `:id`, and what ends in `Id`, is the key of a row: any other text there names nothing. */
function demandKeys(outer: Router, router: Router): void {
  const names = router.stack.flatMap((layer) => layer.paramNames.map(({ name }) => String(name)));
  for (const name of new Set(names)) {
    if (!/^id$|Id$/.test(name)) continue;
    outer.param(name, (value, _ctx, next) => {
      if (!/^\d{1,18}$/.test(value)) throw notFound('page');
      return next();
    });
  }
}

/** What the routes at this address take; one that hands a request on may name it as `Allow`. */
export function methodsAt(ctx: HttpContext): string[] {
  const matched = 'matched' in ctx ? (ctx.matched as Router['stack']) : [];
  const named = String(ctx.res.getHeader('Allow') ?? '')
    .split(', ')
    .filter(Boolean);
  return [...new Set([...matched.flatMap((layer) => layer.methods), ...named])];
}

/** What a plugin offers on a surface, if anything. */
export function routesOf(plugin: FoundPlugin, surface: Surface): HttpMiddleware | undefined {
  const router = plugin.contributions[surface];
  if (!router) return undefined;
  const made = composed.get(plugin.contributions) ?? new Map<Surface, HttpMiddleware>();
  composed.set(plugin.contributions, made);
  const routes = made.get(surface) ?? mount(prefixes[surface](plugin.manifest.id), router);
  made.set(surface, routes);
  return routes;
}

/** Answers whether the middleware took the request; `false` when it handed it on. */
export async function take(ctx: HttpContext, middleware: HttpMiddleware): Promise<boolean> {
  let isPassedOn = false;
  await middleware(ctx, async () => {
    isPassedOn = true;
  });
  return !isPassedOn;
}

/** As `take`, for a plugin: its faults are its own, and it has only so much time. */
export async function takeBy(
  core: Core,
  plugin: FoundPlugin,
  ctx: HttpContext,
  middleware: HttpMiddleware,
  ms: number,
): Promise<boolean> {
  const { id } = plugin.manifest;
  ctx.visit.plugin = id;
  core.scopes.enter(ctx.scope, id);
  allowSourcesOf(ctx, plugin);
  try {
    const isTaken = await within(ms, id, (bound) => {
      ctx.visit.bound = bound;
      return take(ctx, middleware);
    });
    if (!isTaken) {
      ctx.visit.plugin = undefined;
      forgetSources(ctx);
      core.scopes.enter(ctx.scope, undefined);
    }
    return isTaken;
  } catch (error) {
    if (isFaulty(error, id)) core.registry.report(id, `${ctx.method} ${routeOf(ctx)}`, error);
    throw error;
  } finally {
    ctx.visit.bound = undefined;
  }
}

/** The pattern, since addresses may hold keys that open something. */
export function routeOf(ctx: HttpContext): string {
  const pattern = '_matchedRoute' in ctx ? ctx._matchedRoute : undefined;
  return typeof pattern === 'string' ? pattern : '(none)';
}

export function asMiddleware(
  middleware: RouterMiddleware<RouteState, RouteContext> | ReturnType<Router['routes']>,
): HttpMiddleware {
  // A router adds `params` and the like to the context by itself.
  return middleware as unknown as HttpMiddleware;
}

function isFaulty(error: unknown, id: string): boolean {
  if (!isAppError(error)) return true;
  return error.status === 503 && error.details.service === id;
}

function at(prefix: string): (id: string) => string {
  return (id) => `${prefix}/${id}`;
}

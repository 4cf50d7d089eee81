// Where a request goes once it may pass: the core's pages, the plugins', and the one that answers what is left.

import { Readable } from 'node:stream';
import type { Core } from '../core.ts';
import type { FoundPlugin } from '../registry.ts';
import type { Scope } from '../scope.ts';
import { giveAnswers } from './answers.ts';
import { wrongAddress } from './faults.ts';
import { asMiddleware, methodsAt, mount, routesOf, type Surface, take, takeBy } from './mount.ts';
import { withoutTracking } from './page-cache.ts';
import type { HttpParts } from './parts.ts';
import { admitStaff } from './reader.ts';
import { firstSegment, type HttpContext, type HttpMiddleware } from './visit.ts';

/** A webhook acts as the system; it comes before origin and session, which a provider has not. */
export function answerHooks(core: Core, parts: HttpParts): HttpMiddleware {
  return async (ctx, next) => {
    if (ctx.visit.surface !== 'hooks') return next();
    const { organization } = ctx.visit;
    if (!organization) return next();
    const actor = { kind: 'system', name: 'hook' } as const;
    ctx.visit.reader = { organizationId: organization.id, actor };
    await inScope(core, parts, ctx, () => takeByPlugins(core, parts, ctx, 'hooks'));
  };
}

export function route(core: Core, parts: HttpParts): HttpMiddleware {
  const own = ownRoutes(parts);
  return async (ctx) => {
    await inScope(core, parts, ctx, async () => {
      switch (ctx.visit.surface) {
        case 'admin':
          return routeAdmin(core, parts, own, ctx);
        case 'api':
          return takeByPlugins(core, parts, ctx, 'api');
        default:
          return routeSite(core, parts, ctx);
      }
    });
  };
}

interface OwnRoutes {
  setup: HttpMiddleware;
  open: HttpMiddleware;
  staff: HttpMiddleware[];
}

function ownRoutes(parts: HttpParts): OwnRoutes {
  const core = parts.coreAdmin.map(({ prefix, router }) => mount(prefix, router));
  return {
    setup: mount('', parts.setup),
    open: mount('', parts.accounts.publicRoutes),
    staff: [mount('', parts.accounts.adminRoutes), ...core],
  };
}

async function routeAdmin(
  core: Core,
  parts: HttpParts,
  own: OwnRoutes,
  ctx: HttpContext,
): Promise<boolean> {
  if ((await take(ctx, own.open)) || (await take(ctx, own.setup))) return true;
  if (firstSegment(ctx.path) === '/setup' || methodsAt(ctx).length > 0) return false;
  if (!(await admitStaff(core, ctx))) return true;
  for (const routes of own.staff) {
    if (await take(ctx, routes)) return true;
  }
  return takeByPlugins(core, parts, ctx, 'admin');
}

async function routeSite(core: Core, parts: HttpParts, ctx: HttpContext): Promise<boolean> {
  if (await takeByPlugins(core, parts, ctx, 'site')) return true;
  for (const plugin of pluginsOn(core, ctx)) {
    const { fallback } = plugin.contributions;
    if (fallback && (await run(core, parts, plugin, ctx, asMiddleware(fallback)))) return true;
  }
  return false;
}

async function takeByPlugins(
  core: Core,
  parts: HttpParts,
  ctx: HttpContext,
  surface: Surface,
): Promise<boolean> {
  for (const plugin of pluginsOn(core, ctx)) {
    const routes = routesOf(plugin, surface);
    if (routes && (await run(core, parts, plugin, ctx, routes))) return true;
  }
  return false;
}

function run(
  core: Core,
  parts: HttpParts,
  plugin: FoundPlugin,
  ctx: HttpContext,
  middleware: HttpMiddleware,
): Promise<boolean> {
  return takeBy(core, plugin, ctx, middleware, parts.handlerMs ?? 30_000);
}

/** Asked at each request, so that a switch acts at once. */
function pluginsOn(core: Core, ctx: HttpContext): FoundPlugin[] {
  const { organization } = ctx.visit;
  if (!organization) return [];
  const { registry } = core;
  return registry.all().filter(({ manifest }) => registry.isOn(manifest.id, organization));
}

async function inScope(
  core: Core,
  parts: HttpParts,
  ctx: HttpContext,
  act: () => Promise<boolean>,
): Promise<void> {
  const { reader, organization } = ctx.visit;
  if (!reader || !organization) throw new Error('a request has its reader before its route');
  const stamp = parts.pages.stamp(organization.id);
  const answer = (scope: Scope) => {
    ctx.scope = scope;
    giveAnswers(core, parts, ctx);
    return act();
  };
  const isTaken = await core.scopes.with(reader, answer, () => streamed(ctx));
  if (!isTaken) throw wrongAddress(ctx.method, methodsAt(ctx));
  keepPage(parts, ctx, organization.id, stamp);
}

/** Resolves when an answer that is written while it is sent has gone out, or its reader has left. */
function streamed({ body, res }: HttpContext): Promise<unknown> | undefined {
  if (!(body instanceof Readable) || body.destroyed) return undefined;
  return new Promise((resolve) => {
    body.once('close', resolve);
    res.once('close', resolve);
  });
}

/** Only what is alike for everybody: a whole public page without query and cookie. */
function keepPage(parts: HttpParts, ctx: HttpContext, organizationId: string, stamp: string): void {
  const { keep, surface } = ctx.visit;
  const isWhole = withoutTracking(ctx.originalUrl) === ctx.path;
  const isPlain = ctx.method === 'GET' && isWhole && ctx.status === 200;
  if (!keep || surface !== 'site' || !isPlain) return;
  if (typeof ctx.body !== 'string' || ctx.res.hasHeader('Set-Cookie')) return;
  const kept = parts.pages.store({
    organizationId,
    stamp,
    host: ctx.get('Host'),
    path: ctx.path,
    html: ctx.body,
    headers: headersOf(ctx),
    until: keep.until,
  });
  // A page that cannot be kept is made anew each time; the reader has his answer.
  kept.catch(() => undefined);
}

function headersOf(ctx: HttpContext): Record<string, string> {
  const own = new Set(['x-request-id', 'cache-control', 'vary', 'content-length', 'etag']);
  const headers = Object.entries(ctx.response.headers).filter(([name]) => !own.has(name));
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
}

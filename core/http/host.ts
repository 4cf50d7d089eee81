// Whose site or admin was asked for: by host, and in the admin by the chapter in the address.
import { AppError, notFound } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import type { HttpCore, HttpParts } from './parts.ts';
import { firstSegment, type HttpContext, type HttpMiddleware } from './visit.ts';

/** Until the party is set up there is nothing but the setup page. */
export function leadToSetup(core: HttpCore, setup: HttpParts['setup']): HttpMiddleware {
  const routes = setup.routes() as unknown as HttpMiddleware;
  return async (ctx, next) => {
    const isSetup = firstSegment(ctx.path) === '/setup';
    if (core.organizations.root()) return next();
    ctx.set('Cache-Control', 'no-store');
    if (!isSetup) return ctx.redirect('/setup');
    await routes(ctx, async () => {
      throw new AppError('core.not-set-up', 503, {});
    });
  };
}

export function chooseOrganization(core: HttpCore): HttpMiddleware {
  return (ctx, next) => {
    const organization = core.organizations.byHost(hostOf(ctx));
    if (!organization) throw new AppError('core.unknown-host', 421, {});
    ctx.visit.organization = organization;
    ctx.visit.surface = surfaceOf(ctx.path);
    if (ctx.visit.surface === 'admin') enterChapter(core, ctx);
    ctx.visit.adminBase = baseOf(ctx.visit.organization);
    return next();
  };
}

/** `/admin/@lyon/people` is `/admin/people` at Lyon. */
function enterChapter(core: HttpCore, ctx: HttpContext): void {
  const [prefix, slug] = /^\/admin\/@([^/]+)/.exec(ctx.path) ?? [];
  if (prefix === undefined || slug === undefined) return;
  const chapter = core.organizations.bySlug(slug);
  if (!chapter) throw notFound('chapter', slug);
  ctx.visit.organization = chapter;
  ctx.path = `/admin${ctx.path.slice(prefix.length)}`;
}

function baseOf(organization: Organization): string {
  return organization.parentId === undefined ? '/admin' : `/admin/@${organization.slug}`;
}

function surfaceOf(path: string): HttpContext['visit']['surface'] {
  switch (firstSegment(path)) {
    case '/admin':
    case '/account':
      return 'admin';
    case '/api':
      return 'api';
    case '/hooks':
      return 'hooks';
    default:
      return 'site';
  }
}

/** Without port, in lower case; `[::1]` keeps its brackets. */
function hostOf(ctx: HttpContext): string {
  return ctx
    .get('Host')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/\.$/, '');
}

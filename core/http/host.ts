// Whose site or admin was asked for: by host, and in the admin by the chapter in the address.

import type { Core } from '../core.ts';
import { AppError, notFound } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import { unborn } from '../scopes.ts';
import { giveAnswers } from './answers.ts';
import { chosenLanguage } from './language.ts';
import { mount, take } from './mount.ts';
import { guardOrigin } from './origin.ts';
import type { HttpParts } from './parts.ts';
import { firstSegment, type HttpContext, type HttpMiddleware } from './visit.ts';

/** Until the party is set up there is nothing but the setup page. */
export function leadToSetup(core: Core, parts: HttpParts): HttpMiddleware {
  const routes = mount('', parts.setup);
  const guard = guardOrigin(core.config.url);
  return async (ctx, next) => {
    if (core.organizations.root()) return next();
    ctx.visit.surface = 'admin';
    ctx.visit.reader = {
      organizationId: unborn.id,
      actor: { kind: 'visitor' },
      locale: chosenLanguage(core, ctx) ?? core.locales.choose(ctx.get('Accept-Language'), 'en'),
    };
    ctx.scope = core.scopes.make(ctx.visit.reader);
    giveAnswers(core, parts, ctx);
    await guard(ctx, async () => {
      const isSetup = firstSegment(ctx.path) === '/setup';
      if (!isSetup || !(await take(ctx, routes))) await ctx.render('setup/waiting', {}, 503);
    });
  };
}

export function chooseOrganization(core: Core): HttpMiddleware {
  return (ctx, next) => {
    const organization = core.organizations.byHost(hostOf(ctx));
    if (!organization) throw new AppError('core.unknown-host', 421, {});
    ctx.visit.organization = organization;
    ctx.visit.surface = surfaceOf(ctx.path);
    if (ctx.visit.surface === 'admin' || ctx.visit.surface === 'api') enterChapter(core, ctx);
    ctx.visit.adminBase = baseOf(ctx.visit.organization);
    return next();
  };
}

/** `/admin/@lyon/people` is `/admin/people` at Lyon, `/api/v1/@lyon/people` likewise. */
function enterChapter(core: Core, ctx: HttpContext): void {
  const [prefix, surface, slug] = /^(\/admin|\/api\/v1)\/@([^/]+)/.exec(ctx.path) ?? [];
  if (prefix === undefined || slug === undefined) return;
  const chapter = core.organizations.bySlug(slug);
  if (!chapter) throw notFound('chapter', slug);
  ctx.visit.organization = chapter;
  ctx.path = `${surface}${ctx.path.slice(prefix.length)}`;
}

function baseOf(organization: Organization): string {
  return organization.parentId === undefined ? '/admin' : `/admin/@${organization.slug}`;
}

function surfaceOf(path: string): HttpContext['visit']['surface'] {
  switch (firstSegment(path)) {
    case '/admin':
    case '/account':
    case '/setup':
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
  return ctx.get('Host').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

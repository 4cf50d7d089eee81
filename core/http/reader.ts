// Who reads: a visitor of the site, or staff with what they may do at the organization that was asked for.
import { type StaffSession, secondFactorPath } from '../accounts/session.ts';
import { actorOf, standingOf } from '../accounts/standing.ts';
import { tokenIn } from '../accounts/token.ts';
import type { Core } from '../core.ts';
import { forbidden } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import { chosenLanguage } from './language.ts';
import type { HttpParts } from './parts.ts';
import { leadTo } from './render.ts';
import { firstSegment, type HttpContext, type HttpMiddleware } from './visit.ts';

/** Public pages never look at the cookie, so that they are the same for everybody. */
export function recognizeReader(core: Core, parts: HttpParts): HttpMiddleware {
  return async (ctx, next) => {
    const { visit } = ctx;
    const organization = visit.organization as Organization;
    const token = visit.surface === 'api' ? tokenIn(ctx.headers.authorization) : undefined;
    if (token !== undefined) {
      // Whoever shows a token acts by it alone, whatever cookie came along.
      ctx.set('WWW-Authenticate', 'Bearer');
      visit.reader = await parts.accounts.readToken(token, organization.id);
      ctx.remove('WWW-Authenticate');
      return next();
    }
    if (visit.surface === 'admin' || visit.surface === 'api') {
      visit.session = await parts.accounts.readSession(ctx.headers.cookie);
    }
    visit.reader = visit.session
      ? staff(core, ctx, visit.session)
      : visitor(core, ctx, organization);
    return next();
  };
}

/** Lets staff of this organization pass; the others are led to where they can go. */
export async function admitStaff(core: Core, ctx: HttpContext): Promise<boolean> {
  const { session, organization } = ctx.visit;
  if (!session) return leave(ctx, `/account/log-in?next=${encodeURIComponent(ctx.originalUrl)}`);
  if (firstSegment(ctx.path) === '/account') return true;
  const factor = secondFactorPath(session);
  if (factor) return leave(ctx, factor);
  if (organization && standingOf(core, session, organization.id)) return true;
  const home = core.organizations.find(session.organizationId);
  if (!home || ctx.originalUrl.startsWith('/admin/@')) throw forbidden('admin');
  return leave(ctx, `/admin/@${home.slug}${ctx.path.slice('/admin'.length)}${ctx.search}`);
}

function leave(ctx: HttpContext, to: string): false {
  leadTo(ctx, to);
  return false;
}

function staff(
  core: Core,
  ctx: HttpContext,
  session: StaffSession,
): HttpContext['visit']['reader'] {
  const organization = ctx.visit.organization as Organization;
  const standing = standingOf(core, session, organization.id);
  const actor = actorOf(session, session.secondFactorNeeded ? undefined : standing);
  const locale = chosenLanguage(core, ctx) ?? session.locale;
  return { organizationId: organization.id, actor, locale };
}

function visitor(
  core: Core,
  ctx: HttpContext,
  organization: Organization,
): HttpContext['visit']['reader'] {
  const actor = { kind: 'visitor' } as const;
  if (ctx.visit.surface === 'site') return { organizationId: organization.id, actor };
  const preferred = core.locales.choose(ctx.get('Accept-Language'), organization.locale);
  const locale = chosenLanguage(core, ctx) ?? preferred;
  return { organizationId: organization.id, actor, locale };
}

// Every public address that belongs to no other plugin: pages, posts, the sign-up form, and what moved.
import type { Context, Contributions } from 'rostra/plugin';
import { ensureSite } from '../default-site.ts';
import type { Deps } from '../deps.ts';
import { closedBy } from '../form.ts';
import { headOf } from '../head.ts';
import { authorityOf, linesOf, practicesOf } from '../legal-pages.ts';
import {
  findAddress,
  findPageByPath,
  findShownPage,
  findShownPosts,
  type Page,
} from '../page.sql.ts';
import { withoutHidden } from '../page-type.ts';
import { findRedirect } from '../redirect.sql.ts';
import { NewsQuery } from '../schemas.ts';
import { keep } from './keep.ts';
import { show as showSignUp, signUp } from './sign-up.ts';
import { showTyped } from './typed.ts';

const postsAPage = 10;
const postsOnFront = 3;

export function fallbackOf(deps: Deps): NonNullable<Contributions['fallback']> {
  return async (ctx, next) => {
    const path = ctx.path.length > 1 ? ctx.path.replace(/\/+$/, '') : ctx.path;
    const page = await findPageAt(deps, ctx, path);
    if (!page) return lead(ctx, path, next);
    if (path !== ctx.path) return moved(ctx, path || '/');
    if (ctx.method === 'POST' && page.kind === 'sign_up') return signUp(deps, ctx, page);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', page.kind === 'sign_up' ? 'GET, HEAD, POST' : 'GET, HEAD');
      return next();
    }
    if (page.kind !== 'typed') await keep(ctx);
    return showPage(deps, ctx, page);
  };
}

/** The first visitor finds a site, even if nobody has written anything yet. */
async function findPageAt(deps: Deps, ctx: Context, path: string): Promise<Page | undefined> {
  const page = await findShownPage(ctx.scope, path);
  if (page) return (await withoutHidden(ctx.scope, deps, [page]))[0];
  await ensureSite(ctx.scope);
  return findShownPage(ctx.scope, path);
}

async function lead(ctx: Context, path: string, next: () => Promise<unknown>): Promise<unknown> {
  const to = await findRedirect(ctx.scope, path);
  return to === undefined ? next() : moved(ctx, to);
}

function moved(ctx: Context, to: string): void {
  ctx.set('Cache-Control', 'no-cache');
  ctx.status = 301;
  ctx.redirect(to);
}

/** Also draws what is not out yet, for a preview. */
export function showPage(deps: Deps, ctx: Context, page: Page, isPreview = false): Promise<void> {
  switch (page.kind) {
    case 'front':
      return showFront(ctx, page);
    case 'news':
      return showNews(ctx, page);
    case 'post':
      return showPost(ctx, page);
    case 'sign_up':
      return showSignUp(deps, ctx, page);
    case 'privacy':
      return showPrivacy(deps, ctx, page);
    case 'typed':
      return showTyped(deps, ctx, page, isPreview);
    case 'imprint':
      return ctx.render('imprint', { ...headOf(page), legal: legalOf(ctx) });
    default:
      return ctx.render('page', headOf(page));
  }
}

async function showFront(ctx: Context, page: Page): Promise<void> {
  const posts = await findShownPosts(ctx.scope, postsOnFront);
  const act = await findAddress(ctx.scope, 'sign_up');
  const news = await findAddress(ctx.scope, 'news');
  await ctx.render('front', { ...headOf(page), posts, act, news });
}

async function showNews(ctx: Context, page: Page): Promise<void> {
  const { before } = ctx.filters(NewsQuery);
  const last = before ? await findPageByPath(ctx.scope, `${page.path}/${before}`) : undefined;
  const found = await findShownPosts(ctx.scope, postsAPage + 1, last);
  const posts = found.slice(0, postsAPage);
  const older = found.length > postsAPage ? `?before=${posts.at(-1)?.slug}` : undefined;
  const newer = last && page.path;
  await ctx.render('news', { ...headOf(page), posts, older, newer });
}

async function showPost(ctx: Context, page: Page): Promise<void> {
  const news = page.path.slice(0, page.path.lastIndexOf('/'));
  await ctx.render('post', { ...headOf(page), news });
}

async function showPrivacy(deps: Deps, ctx: Context, page: Page): Promise<void> {
  const { scope } = ctx;
  await ctx.render('privacy', {
    ...headOf(page),
    legal: legalOf(ctx),
    practices: await practicesOf(scope, deps),
    sources: await deps.plugins.foreignSources(scope),
    authority: authorityOf(scope),
    desk: await deps.desks(scope)[0]?.service.path(scope),
  });
}

function legalOf(ctx: Context) {
  const { controller, address, contact, publicationDirector, host } = ctx.scope.organization.legal;
  const isWhole = closedBy(ctx.scope) !== 'identity';
  const [hostLines, addressLines] = [linesOf(host), linesOf(address)];
  return { controller, contact, publicationDirector, hostLines, addressLines, isWhole };
}

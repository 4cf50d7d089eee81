// Fixed public addresses: feed, sitemap, robots, confirmation, preview.
import { type Context, notFound, type Router, router } from 'rostra/plugin';
import { ensureSite } from '../default-site.ts';
import type { Deps } from '../deps.ts';
import { findFeedPosts, findPageByPreview, findShownPages } from '../page.sql.ts';
import { withoutHidden } from '../page-type.ts';
import { keep } from './keep.ts';
import { showPage } from './pages.ts';
import { ask, settle, showDone, showSent } from './sign-up.ts';

const postsInFeed = 20;

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/feed.xml', showFeed);
  routes.get('/sitemap.xml', (ctx) => showSitemap(deps, ctx));
  routes.get('/robots.txt', showRobots);
  routes.get('/confirm', showSent);
  routes.get('/confirm/done', showDone);
  routes.get('/confirm/:token', (ctx) => ask(ctx, ctx.params.token ?? ''));
  routes.post('/confirm/:token', (ctx) => settle(deps, ctx, ctx.params.token ?? ''));
  routes.get('/preview/:key', (ctx) => showPreview(deps, ctx));
  return routes;
}

async function showFeed(ctx: Context): Promise<void> {
  const { scope } = ctx;
  await ensureSite(scope);
  const pages = await findShownPages(scope);
  const news = pages.find((page) => page.kind === 'news');
  if (!news) throw notFound('page');
  const posts = await findFeedPosts(scope, postsInFeed);
  const at = posts.map((post) => post.changedAt).sort((a, b) => Number(b) - Number(a))[0];
  await write(ctx, 'feed', 'application/atom+xml', { news, posts, at: at ?? news.changedAt });
}

async function showSitemap(deps: Deps, ctx: Context): Promise<void> {
  await ensureSite(ctx.scope);
  const pages = await withoutHidden(ctx.scope, deps, await findShownPages(ctx.scope));
  await write(ctx, 'sitemap', 'application/xml', { pages });
}

const showRobots = (ctx: Context): Promise<void> => write(ctx, 'robots', 'text/plain', {});

async function write(ctx: Context, view: string, type: string, data: object): Promise<void> {
  await keep(ctx);
  await ctx.fragment(view, data);
  ctx.type = `${type}; charset=utf-8`;
}

/** For whoever was sent the address; never kept, never in a search engine. */
async function showPreview(deps: Deps, ctx: Context): Promise<void> {
  const page = await findPageByPreview(ctx.scope, ctx.params.key ?? '');
  if (!page) throw notFound('page');
  ctx.set('X-Robots-Tag', 'noindex');
  await showPage(deps, ctx, page, true);
  ctx.set('Cache-Control', 'no-store');
}

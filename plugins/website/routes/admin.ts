// Staff pages of the site: the tree, the news, the editor, what stood there before, redirects, the sign-up form.
import { type Context, permit, type Router, router } from 'rostra/plugin';
import { ensureSite } from '../default-site.ts';
import type { Deps } from '../deps.ts';
import { findPage, findPages, findPosts, type PageHead } from '../page.sql.ts';
import { menuOf, movePage, putInMenu, removePage } from '../page.ts';
import { describeTypes, fillerOf } from '../page-type.ts';
import { deleteRedirect, findRedirects, insertRedirect } from '../redirect.sql.ts';
import { AfterQuery, MenuForm, MoveForm, RedirectForm } from '../schemas.ts';
import { createFrom, saveFrom, showEditor, showNew } from './editor.ts';
import { restore, showHistory, showRevision } from './history.ts';
import { chooseImage, describeFrom, dropImage, showImages, uploadImage } from './images.ts';
import { saveSettings, showSettings } from './sign-up-settings.ts';

const mayRead = () => permit('website.page.read');
const mayEdit = () => permit('website.page.edit');
const mayForm = () => permit('website.form.edit');
const postsAPage = 50;
const home = '/admin/website';

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/', mayRead(), (ctx) => showPages(deps, ctx));
  routes.get('/news', mayRead(), showPosts);
  routes.get('/redirects', mayRead(), (ctx) => showRedirects(ctx));
  routes.post('/redirects', mayEdit(), (ctx) => addRedirect(deps, ctx));
  routes.post('/redirects/:id/delete', mayEdit(), (ctx) => dropRedirect(deps, ctx));
  routes.get('/images', mayRead(), (ctx) => showImages(ctx));
  routes.post('/images', mayEdit(), (ctx) => uploadImage(deps, ctx));
  routes.post('/images/choose', mayEdit(), (ctx) => chooseImage(deps, ctx));
  routes.post('/images/:id', mayEdit(), (ctx) => describeFrom(deps, ctx));
  routes.post('/images/:id/delete', mayEdit(), (ctx) => dropImage(deps, ctx));
  routes.get('/pages/new', mayEdit(), (ctx) => showNew(deps, ctx));
  routes.post('/pages/new', mayEdit(), (ctx) => createFrom(deps, ctx));
  routes.get('/pages/:id', mayRead(), (ctx) => showEditor(deps, ctx, idOf(ctx)));
  routes.post('/pages/:id', mayEdit(), (ctx) => saveFrom(deps, ctx, idOf(ctx)));
  routes.post('/pages/:id/move', mayEdit(), (ctx) => move(deps, ctx));
  routes.post('/pages/:id/menu', mayEdit(), (ctx) => putInto(deps, ctx));
  routes.post('/pages/:id/delete', mayEdit(), (ctx) => drop(deps, ctx));
  routes.get('/pages/:id/history', mayRead(), (ctx) => showHistory(ctx, idOf(ctx)));
  routes.get('/pages/:id/history/:revision', mayRead(), (ctx) =>
    showRevision(deps, ctx, idOf(ctx)),
  );
  routes.post('/pages/:id/history/:revision', mayEdit(), (ctx) => restore(deps, ctx, idOf(ctx)));
  routes.get('/pages/:id/form', mayForm(), (ctx) => showSettings(deps, ctx, idOf(ctx)));
  routes.post('/pages/:id/form', mayForm(), (ctx) => saveSettings(deps, ctx, idOf(ctx)));
  return routes;
}

function idOf(ctx: Context): string {
  return ctx.params.id ?? '';
}

async function showPages(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  // Its first texts are in the organization's language, which need not be this reader's.
  if (scope.locale === scope.organization.locale) await ensureSite(scope);
  const pages = await findPages(scope);
  const types = await describeTypes(scope, deps);
  const rowOf = (page: PageHead) => {
    const type = types.find(({ id }) => id === page.type);
    const missing = page.type && !type ? fillerOf(scope, page.type) : undefined;
    const kind = type?.name ?? missing ?? scope.t(`website.kind.${page.kind}`);
    return { ...page, kindName: kind, missing, depth: depthOf(page), stage: stageOf(ctx, page) };
  };
  await ctx.render('pages', {
    title: scope.t('website.pages.title'),
    pages: pages.map(rowOf),
    menu: await menuOf(scope),
  });
}

async function showPosts(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { after } = ctx.filters(AfterQuery);
  const last = after ? await findPage(scope, after) : undefined;
  const found = await findPosts(scope, postsAPage + 1, last);
  const posts = found.slice(0, postsAPage).map((post) => ({ ...post, stage: stageOf(ctx, post) }));
  const next = found.length > postsAPage ? `?after=${posts.at(-1)?.id}` : undefined;
  await ctx.render('posts', { title: scope.t('website.posts.title'), posts, next });
}

export function stageOf(ctx: Context, page: PageHead): 'draft' | 'planned' | 'out' {
  if (page.state === 'draft' || !page.publishAt) return 'draft';
  return page.publishAt > ctx.scope.now() ? 'planned' : 'out';
}

function depthOf(page: PageHead): number {
  return page.path === '/' ? 0 : page.path.split('/').length - 2;
}

async function move(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(MoveForm);
  if (form.ok) await movePage(ctx.scope, deps, idOf(ctx), form.value.direction);
  ctx.done(home, 'website.menu.moved');
}

async function putInto(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(MenuForm);
  const inMenu = form.ok && form.value.inMenu;
  await putInMenu(ctx.scope, deps, idOf(ctx), inMenu);
  ctx.done(home, inMenu ? 'website.menu.added' : 'website.menu.removed');
}

async function drop(deps: Deps, ctx: Context): Promise<void> {
  const page = await findPage(ctx.scope, idOf(ctx));
  await removePage(ctx.scope, deps, idOf(ctx));
  const list = page?.kind === 'post' ? `${home}/news` : home;
  ctx.done(list, 'website.page.deleted', { title: page?.title ?? '' });
}

async function showRedirects(
  ctx: Context,
  form: { values: Record<string, unknown>; faults: Record<string, string> } = {
    values: {},
    faults: {},
  },
): Promise<void> {
  const redirects = await findRedirects(ctx.scope);
  await ctx.render('redirects', { title: ctx.scope.t('website.redirects.title'), redirects, form });
}

async function addRedirect(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(RedirectForm);
  if (!form.ok) return showRedirects(ctx, form);
  const { from, to } = form.value;
  await ctx.scope.write(async (own) => {
    await insertRedirect(own, from.replace(/\/+$/, '') || '/', to);
    await deps.audit.record(own, {
      act: 'redirect.added',
      subject: { type: 'redirect', id: from },
    });
  });
  ctx.done(`${home}/redirects`, 'website.redirects.added');
}

async function dropRedirect(deps: Deps, ctx: Context): Promise<void> {
  const id = idOf(ctx);
  await ctx.scope.write(async (own) => {
    await deleteRedirect(own, id);
    await deps.audit.record(own, { act: 'redirect.deleted', subject: { type: 'redirect', id } });
  });
  ctx.done(`${home}/redirects`, 'website.redirects.deleted');
}

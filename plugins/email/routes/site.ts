// Letters on the site: a newsletter's archive, one letter, and what the link in a letter opens.
import type { Newsletter } from 'rostra/people';
import { type Context, notFound, type Router, router, Type } from 'rostra/plugin';
import {
  archivePath,
  letterBehind,
  listLetters,
  publicLetter,
  publicNewsletters,
  type Shown,
} from '../archive.ts';
import { channel } from '../channel.ts';
import type { Deps } from '../deps.ts';
import { letterData } from '../letter.ts';

/** A letter that is paused or cancelled is gone from the site as soon, without anybody telling us. */
const keptMinutes = 5;
const BeforeQuery = Type.Object({
  before: Type.Optional(Type.String({ pattern: '^[0-9a-f]{16}$' })),
});

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/letters/open/:token', (ctx) => openLetter(deps, ctx));
  routes.get('/letters/:newsletter', (ctx) => showArchive(deps, ctx));
  routes.get('/letters/:newsletter/feed.xml', (ctx) => showFeed(deps, ctx));
  routes.get('/letters/:newsletter/:letter', (ctx) => showPublic(deps, ctx));
  return routes;
}

async function newsletterOf(deps: Deps, { scope, params }: Context): Promise<Newsletter> {
  const all = await publicNewsletters(scope, deps);
  const found = all.find(({ key }) => key === params['newsletter']);
  if (!found) throw notFound('page');
  return found;
}

function keep(ctx: Context): void {
  ctx.keep(new Date(ctx.scope.now().getTime() + keptMinutes * 60_000));
}

async function showArchive(deps: Deps, ctx: Context): Promise<void> {
  const newsletter = await newsletterOf(deps, ctx);
  const { before } = ctx.filters(BeforeQuery);
  const { letters, older } = await listLetters(ctx.scope, deps, newsletter, before);
  const path = archivePath(newsletter);
  keep(ctx);
  await ctx.render('archive', {
    ...{ title: newsletter.name, newsletter, path, letters: letters.map(lineOf) },
    ...(newsletter.description && { description: newsletter.description }),
    ...(older && { older: `?before=${older}` }),
    ...(before && { newer: path }),
  });
}

async function showFeed(deps: Deps, ctx: Context): Promise<void> {
  const newsletter = await newsletterOf(deps, ctx);
  const { letters } = await listLetters(ctx.scope, deps, newsletter, undefined);
  keep(ctx);
  await ctx.fragment('archive-feed', {
    ...{ newsletter, path: archivePath(newsletter), letters: letters.map(lineOf) },
    at: letters[0]?.letter.sentAt ?? ctx.scope.now(),
  });
  ctx.type = 'application/atom+xml; charset=utf-8';
}

function lineOf({ content, letter, path }: Shown) {
  const { subject, preheader } = letterData(content, [], nobody);
  return { path, subject, preheader, sentAt: letter.sentAt };
}

const nobody = { nameOf: (fallback: string) => fallback, stopPath: '' };

async function showPublic(deps: Deps, ctx: Context): Promise<void> {
  const newsletter = await newsletterOf(deps, ctx);
  const shown = await publicLetter(ctx.scope, deps, newsletter, ctx.params['letter'] ?? '');
  if (!shown) throw notFound('page');
  keep(ctx);
  await show(deps, ctx, shown);
}

/** To its public address where it has one; else it is drawn for its reader and kept by nobody. */
async function openLetter(deps: Deps, ctx: Context): Promise<void> {
  const shown = await letterBehind(ctx.scope, deps, ctx.params['token'] ?? '');
  if (!shown) throw notFound('page');
  if (shown.path) ctx.redirect(shown.path);
  else await show(deps, ctx, shown);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'same-origin');
  ctx.set('X-Robots-Tag', 'noindex');
}

/** Without what is said to one reader alone. */
const personal = ['purpose', 'source', 'stop'].map((name) => `outreach.notice.${name}`);

async function show(deps: Deps, ctx: Context, { content, letter, newsletter, path }: Shown) {
  const frame = await deps.outreach.frame(ctx.scope, { newsletterId: newsletter.id, channel });
  const notices = frame
    .notices({ isDirect: true })
    .filter(({ key, link }) => !personal.includes(key) && typeof link?.path !== 'symbol');
  const data = letterData(content, notices, nobody);
  await ctx.render('letter', {
    ...{ title: data.subject, letter: data, newsletter: newsletter.name, sentAt: letter.sentAt },
    ...(data.preheader && { description: data.preheader }),
    ...(path ? { path, archive: archivePath(newsletter) } : { noindex: true }),
  });
}

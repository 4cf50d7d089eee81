// /counted/<mark>: where the links of a reader who is counted lead first, and the picture at the end of their letter.
import type { Context, Router } from 'rostra/plugin';
import { count, openCounted } from '../counted.ts';
import type { Deps } from '../deps.ts';
import { findLink } from '../measure.sql.ts';

/** One point that does not show, as GIF. */
const point = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export function countedRoutes(routes: Router, deps: Deps): void {
  routes.get('/counted/:mark/picture.gif', async (ctx) => {
    unkept(ctx);
    // A mailbox in a browser shows it on a page of its own.
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    const link = await openCounted(ctx.scope, deps, ctx.params['mark'] ?? '');
    if (link && isLookedAt(ctx)) await count(ctx.scope, deps, link);
    ctx.type = 'image/gif';
    ctx.body = point;
  });
  routes.get('/counted/:mark/:place', async (ctx) => {
    unkept(ctx);
    const { scope } = ctx;
    const link = await openCounted(scope, deps, ctx.params['mark'] ?? '');
    const place = placeIn(ctx.params['place'] ?? '');
    // From the text as it was sent, never from the request: nobody is led elsewhere in the party's name.
    const href = link && place && (await findLink(scope, link.sendId, place));
    if (!href) return showNowhere(ctx);
    if (isLookedAt(ctx)) await count(scope, deps, link, place);
    ctx.redirect(href);
  });
}

const placeIn = (text: string): number | undefined =>
  /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;

function unkept(ctx: Context): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'no-referrer');
}

/** Not a program that looks ahead, or asks only whether it is there. */
function isLookedAt(ctx: Context): boolean {
  const ahead = ['Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz'].map((name) => ctx.get(name));
  return ctx.method === 'GET' && !/prefetch|prerender|preview/i.test(ahead.join(' '));
}

function showNowhere(ctx: Context): Promise<void> {
  const title = ctx.scope.t('outreach.stop.gone.title');
  return ctx.render('gone', { title, noindex: true }, 404);
}

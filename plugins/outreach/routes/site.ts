// The reader's way out: one press for people, one POST for their mail program (RFC 8058).
import { type Context, type Router, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { leave, openStop, type StopLink } from '../stop.ts';

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  // A look changes nothing: mail programs and scanners open every link.
  routes.get('/unsubscribe/:token', (ctx) => behind(deps, ctx, (link) => show(deps, ctx, link)));
  routes.post('/unsubscribe/:token', (ctx) =>
    behind(deps, ctx, async (link) => {
      await leave(ctx.scope, deps, link);
      await show(deps, ctx, link, 'stopped');
    }),
  );
  return routes;
}

async function behind(
  deps: Deps,
  ctx: Context,
  act: (link: StopLink) => Promise<void>,
): Promise<void> {
  const link = await openStop(ctx.scope, deps, ctx.params['token'] ?? '');
  const title = ctx.scope.t('outreach.stop.gone.title');
  if (link) await act(link);
  else await ctx.render('gone', { title, noindex: true }, 404);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'same-origin');
}

async function show(
  deps: Deps,
  ctx: Context,
  { newsletterId }: StopLink,
  view: 'stop' | 'stopped' = 'stop',
): Promise<void> {
  const { scope } = ctx;
  const newsletter = (await deps.newsletters.find(scope, newsletterId))?.name;
  const title = scope.t(`outreach.${view}.title`);
  await ctx.render(view, { title, newsletter, noindex: true });
}

// The way out of text messages whose sender cannot be answered: a short link, and one press.
import { type Context, type Router, refused, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { Shortened } from '../short.sql.ts';
import { openShort, stopBy } from '../short.ts';

/** Links that lead nowhere, an hour and network: nobody guesses one of sixty bits, and many readers share a carrier's. */
const [missesMost, hour] = [300, 3600];

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  // A look changes nothing: telephones open links to show what is behind them.
  routes.get('/s/:code', (ctx) => behind(deps, ctx, (found) => show(ctx, found, 'stop')));
  routes.post('/s/:code', (ctx) =>
    behind(deps, ctx, async (found) => {
      await stopBy(ctx.scope, deps, found);
      await show(ctx, found, 'stopped');
    }),
  );
  return routes;
}

async function behind(
  deps: Deps,
  ctx: Context,
  act: (found: Shortened) => Promise<void>,
): Promise<void> {
  const { scope } = ctx;
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'same-origin');
  const found = await openShort(scope, ctx.params['code'] ?? '');
  if (found) return act(found);
  const misses = `sms.short:${scope.organization.id}:${ctx.caller}`;
  const isCalm = await deps.limits.take(scope, misses, missesMost, hour);
  if (!isCalm) throw refused('sms.hook-often', { status: 429 });
  const { contact } = scope.organization.legal;
  await ctx.render('gone', { title: scope.t('sms.stop.gone'), noindex: true, contact }, 404);
}

async function show(ctx: Context, { number }: Shortened, view: 'stop' | 'stopped') {
  const { scope } = ctx;
  const title = scope.t(`sms.stop.${view}`);
  // Whoever gets hold of the link learns no number by it.
  await ctx.render(view, { title, noindex: true, end: number.slice(-2) });
}

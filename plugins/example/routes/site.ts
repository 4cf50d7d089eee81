// The public page.
import { type Router, router } from 'rostra/plugin';
import { countOpenOffers } from '../offer.sql.ts';

export function siteRoutes(): Router {
  const routes = router();
  routes.get('/example', async (ctx) => {
    const { scope } = ctx;
    await ctx.render('offers', {
      title: scope.t('example.page.title'),
      count: await countOpenOffers(scope),
    });
  });
  return routes;
}

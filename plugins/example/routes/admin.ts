// The staff's page. Every staff route names its permission.
import { permit, type Router, router } from 'rostra/plugin';
import { findOpenOffers } from '../offer.sql.ts';

const most = 100;

export function adminRoutes(): Router {
  const routes = router();
  routes.get('/', permit('example.offer.read'), async (ctx) => {
    const { scope } = ctx;
    await ctx.render('list', {
      title: scope.t('example.list.title'),
      offers: await findOpenOffers(scope, most),
    });
  });
  return routes;
}

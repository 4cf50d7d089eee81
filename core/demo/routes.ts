// /admin/demo: an invented party comes, its log-ins shown once, and goes.
import { isAppError, notFound } from '../errors.ts';
import { type Context, permit, type Router, router } from '../http/context.ts';
import { Type } from '../type.ts';
import { type DemoHouse, demoCountryOf, fillDemo, type Login, removeDemo } from './demo.ts';
import { inventedParties } from './party.ts';

const Wish = Type.Object({ country: Type.Enum(Object.keys(inventedParties)) });
/** As many as a party has that one can believe in. */
export const demoPeople = 20_000;

export function demoRoutes(house: DemoHouse): Router {
  const routes = router();
  const may = permit('core.organizations.manage');

  routes.get('/', may, (ctx) => show(house, ctx));

  routes.post('/', may, async (ctx) => {
    demandParty(ctx);
    const form = await ctx.form(Wish);
    if (!form.ok) return show(house, ctx);
    const wish = { ...form.value, people: demoPeople, by: ctx.scope };
    await showFilled(ctx, () => fillDemo(house, wish));
  });

  routes.post('/remove', may, async (ctx) => {
    demandParty(ctx);
    const kept = await removeDemo(house, ctx.scope);
    if (kept.length === 0) return ctx.done('/admin', 'demo.removed');
    ctx.done('/admin', 'demo.removed-but', { chapters: kept.join(', ') });
  });

  return routes;
}

/** The page after the fill, in the setup too: the passwords stand on it and nowhere else. */
export async function showFilled(
  ctx: Context,
  fill: () => Promise<Login[]>,
  data: object = {},
): Promise<void> {
  const { scope } = ctx;
  try {
    const logins = (await fill()).map((one) => ({
      ...one,
      role: scope.t(`accounts.role.${one.role}`),
    }));
    await ctx.render('demo/filled', { ...data, title: scope.t('demo.filled'), logins });
  } catch (error) {
    if (isAppError(error)) throw error;
    // `fillDemo` wrote why to the log; the party itself stands.
    await ctx.render('demo/failed', { ...data, title: scope.t('demo.failed') }, 500);
  }
}

function show(house: DemoHouse, ctx: Context): Promise<void> {
  demandParty(ctx);
  const { organization, locale } = ctx.scope;
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  return ctx.render('demo/demo', {
    title: ctx.scope.t('demo.title'),
    demo: house.demo.current(),
    people: demoPeople,
    country: demoCountryOf(organization.jurisdiction, organization.locale),
    countries: Object.keys(inventedParties).map((value) => ({
      value,
      label: names.of(value.toUpperCase()) ?? value,
    })),
  });
}

/** A chapter has no say in what the whole party shows. */
function demandParty({ scope }: Context): void {
  if (scope.bound) throw notFound('demo');
}

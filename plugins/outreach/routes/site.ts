// The reader's way out: one press for people, one POST for their mail program (RFC 8058); and what they get, to be chosen.
import { type Context, type Router, router, type Static, Type } from 'rostra/plugin';
import { type Chosen, choicesOf, choose, chooseCounting, stopEvery, wordingOf } from '../choose.ts';
import { countChoiceOf } from '../choose-count.ts';
import type { Deps } from '../deps.ts';
import { choicePathOf } from '../index.ts';
import { leave, openStop, type StopLink, stopWording } from '../stop.ts';
import { countedRoutes } from './counted.ts';
import { transparency } from './transparency.ts';

const Ids = Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 500 }));
const ChoiceForm = Type.Object({
  shown: Ids,
  wanted: Ids,
  do: Type.Optional(Type.String({ pattern: '^(save|stop|count)$' })),
  counted: Type.Optional(Type.String({ maxLength: 5 })),
});

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
  routes.get('/unsubscribe/:token/choose', (ctx) =>
    behind(deps, ctx, (link) => showChoices(deps, ctx, link)),
  );
  routes.post('/unsubscribe/:token/choose', (ctx) =>
    behind(deps, ctx, async (link) => {
      const form = await ctx.form(ChoiceForm);
      if (!form.ok) return showChoices(deps, ctx, link);
      await showChoices(deps, ctx, link, await chosenBy(deps, ctx, link, form.value));
    }),
  );
  routes.get('/transparency/:mark', (ctx) => transparency(deps, ctx));
  countedRoutes(routes, deps);
  return routes;
}

function chosenBy(
  deps: Deps,
  { scope }: Context,
  link: StopLink,
  { shown = [], wanted = [], counted, do: what }: Static<typeof ChoiceForm>,
): Promise<Chosen> {
  if (what === 'stop') return stopEvery(scope, deps, link);
  if (what === 'count') return chooseCounting(scope, deps, link, counted === 'yes');
  return choose(scope, deps, link, { shown, wanted });
}

async function behind(
  deps: Deps,
  ctx: Context,
  act: (link: StopLink) => Promise<void>,
): Promise<void> {
  const link = await openStop(ctx.scope, deps, ctx.params['token'] ?? '');
  if (link) await act(link);
  else await showGone(ctx);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Referrer-Policy', 'same-origin');
}

function showGone(ctx: Context): Promise<void> {
  const title = ctx.scope.t('outreach.stop.gone.title');
  return ctx.render('gone', { title, noindex: true }, 404);
}

async function show(
  deps: Deps,
  ctx: Context,
  { newsletterId, channel }: StopLink,
  view: 'stop' | 'stopped' = 'stop',
): Promise<void> {
  const { scope } = ctx;
  const found = newsletterId ? await deps.newsletters.find(scope, newsletterId) : undefined;
  const data = {
    ...{
      title: scope.t(`outreach.${view}${channel ? '.selection' : ''}.title`),
      newsletter: found?.name,
      noindex: true,
    },
    ...(channel && { wording: stopWording(scope, channel) }),
    choose: choicePathOf(ctx.path),
  };
  await ctx.render(view, data);
}

async function showChoices(
  deps: Deps,
  ctx: Context,
  link: StopLink,
  chosen?: Chosen,
): Promise<void> {
  const { scope } = ctx;
  const choices = await choicesOf(scope, deps, link);
  if (!choices) return showGone(ctx);
  const data = {
    ...{ title: scope.t('outreach.choose.title'), noindex: true, choices, chosen },
    // Beside newsletters: the message that brought them here.
    ...(link.channel && { stop: ctx.path.replace(/\/choose$/, '') }),
    counting: await countChoiceOf(scope, deps, link),
    wording: {
      keep: wordingOf(scope, 'keep'),
      stop: wordingOf(scope, 'stop'),
      count: wordingOf(scope, 'count'),
    },
  };
  await ctx.render(
    'choose',
    data,
    chosen === 'never-again' || chosen === 'not-counted' ? 422 : 200,
  );
}

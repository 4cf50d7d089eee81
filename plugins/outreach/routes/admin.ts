// /admin/outreach: what was and will be sent to many, who gets it, and what became of it.
import { type Context, permit, type Router, router, Type } from 'rostra/plugin';
import { sendAgain } from '../again.ts';
import { findAsked } from '../approval.sql.ts';
import { isWriter } from '../approval.ts';
import { channelsOf } from '../channel.ts';
import type { Deps } from '../deps.ts';
import { resultsFile } from '../results.ts';
import { findSelections } from '../selection.sql.ts';
import { findSends } from '../send.sql.ts';
import { discard, type Move, move, ownNewsletters } from '../send.ts';
import { home, sendOf, showOne } from './one.ts';
import { askForOne, releaseOne, sendOneBack } from './release.ts';
import { sendSelections, showSelections } from './selections.ts';
import { addTagRules } from './tag-rules.ts';

const pageSize = 50;
const askedMost = 50;
const Filters = Type.Object({ before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })) });

export function adminRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/', permit('outreach.send.read'), (ctx) => showAll(deps, ctx));
  routes.get('/selections', permit('outreach.send.read'), (ctx) => showSelections(ctx));
  routes.get('/selections/file', permit('outreach.send.read'), (ctx) => sendSelections(ctx));
  addTagRules(routes, deps);
  routes.get('/:id', permit('outreach.send.read'), (ctx) => showOne(deps, ctx));
  routes.post('/:id/release', permit('outreach.send.release'), (ctx) => releaseOne(deps, ctx));
  routes.post('/:id/ask', permit('outreach.send.write'), (ctx) => askForOne(deps, ctx));
  routes.post('/:id/back', permit('outreach.send.release'), (ctx) => sendOneBack(deps, ctx));
  routes.post('/:id/again', permit('outreach.send.release'), async (ctx) => {
    const { id } = await sendOf(ctx);
    const count = await sendAgain(ctx.scope, deps, id);
    ctx.done(`${home}/${id}`, 'outreach.done.again', { count });
  });
  routes.get('/:id/results', permit('outreach.send.read'), async (ctx) => {
    const send = await sendOf(ctx);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.attachment(`results-${send.id}.csv`);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await resultsFile(ctx.scope, deps, send);
  });
  for (const how of ['pause', 'resume', 'cancel'] as const satisfies Move[]) {
    routes.post(`/:id/${how}`, permit('outreach.send.release'), async (ctx) => {
      const { id } = await sendOf(ctx);
      await move(ctx.scope, deps, id, how);
      ctx.done(`${home}/${id}`, `outreach.done.${how}`);
    });
  }
  routes.post('/:id/discard', permit('outreach.send.write'), async (ctx) => {
    const { id } = await sendOf(ctx);
    await discard(ctx.scope, deps, id);
    ctx.done(home, 'outreach.done.discard');
  });
  return routes;
}

async function showAll(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { before } = ctx.filters(Filters);
  const found = await findSends(scope, { ...(before && { before }), most: pageSize + 1 });
  const sends = found.slice(0, pageSize);
  const channels = (await channelsOf(scope, deps)).map(({ info }) => info);
  const hasRecord = (await findSelections(scope, { most: 1 })).length > 0;
  const hasAudience =
    (await ownNewsletters(scope, deps)).length > 0 || (await deps.tags.list(scope)).length > 0;
  const next = found.length > pageSize ? sends.at(-1)?.id : undefined;
  const asked = before ? [] : await findAsked(scope, askedMost);
  const mayRelease = scope.may('outreach.send.release');
  const waits = asked.filter((one) => mayRelease && !isWriter(scope, one.writerId));
  await ctx.render('list', { sends, channels, hasRecord, hasAudience, next, waits });
}

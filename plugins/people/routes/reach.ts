// The page that counts whom we can reach, and asks those of whom a list says that they agreed.
import { type Context, permit, type Router } from 'rostra/plugin';
import { findAnswers } from '../ask.sql.ts';
import { askAll, askOne, claimed, openDesk } from '../ask.ts';
import type { Deps } from '../deps.ts';
import type { ReachCount } from '../index.ts';
import { confirmTold } from '../provenance.ts';
import { countAsked } from '../reach.sql.ts';
import { acts } from '../reach-facts.ts';
import { countReach } from '../reach-page.ts';
import { planOf } from '../reach-plan.ts';
import { ReachQuery } from '../schemas.ts';
import { pageOf, personOfPath } from './forms.ts';
import type { Desks } from './stand.ts';

export function reachRoutes(router: Router, deps: Deps, desks: Desks): void {
  router.get('/reach', permit('people.person.read'), (ctx) => showReach(ctx, desks));
  router.post('/reach/ask', permit('people.person.import'), async (ctx) => {
    await askAll(ctx.scope, deps);
    return ctx.done('/admin/people/reach?purpose=campaign&channel=email', 'people.ask.begun');
  });
  router.post('/:id/told', permit('people.person.edit'), async (ctx) => {
    const person = await personOfPath(ctx);
    const isNoted = await confirmTold(ctx.scope, deps, person.id);
    return ctx.done(pageOf(person, '#reach'), isNoted ? 'people.told.done' : 'people.told.not');
  });
  router.post('/:id/ask', permit('people.consent.record'), async (ctx) => {
    const person = await personOfPath(ctx);
    const isAsked = await askOne(ctx.scope, deps, desks, person.id);
    return ctx.done(pageOf(person, '#reach'), isAsked ? 'people.ask.done' : 'people.ask.not');
  });
}

async function showReach(ctx: Context, desks: Desks): Promise<void> {
  const { scope } = ctx;
  const asked = ctx.filters(ReachQuery);
  const ofPurpose = acts.filter(({ purpose }) => purpose === asked.purpose);
  const act = ofPurpose.find(({ channel }) => channel === asked.channel) ?? ofPurpose[0] ?? acts[0];
  if (!act) return;
  const count = await countReach(scope, act);
  await ctx.render('reach', { count, acts, asking: await askingOn(ctx, desks, count) });
}

/** Where a list says of some that they agreed: what can be done about it. */
async function askingOn({ scope }: Context, desks: Desks, { act, rows }: ReachCount) {
  const isOn = act.channel === claimed.channel && act.purpose === claimed.purpose;
  const some = rows.find(({ why }) => why === 'claimed');
  if (!isOn || !scope.may('people.person.import')) return undefined;
  const { asked, confirmed } = await findAnswers(scope);
  if (!some && asked === 0) return undefined;
  const { left } = await countAsked(scope, planOf(scope.law, claimed));
  const isOpen = (await openDesk(scope, desks)) !== undefined;
  return { left, asked, confirmed, silent: asked - confirmed, isOpen };
}

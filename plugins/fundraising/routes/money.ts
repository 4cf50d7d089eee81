// The treasurer's home of one recipient: what came in, what waits and till when, and how it went over time.
import { type Context, type Router, Type } from 'rostra/plugin';
import { todayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { findDonations } from '../donation.sql.ts';
import { type Period, periods, pointsOf, spanOf, waitingOf } from '../home.ts';
import { nameOf } from '../identity.ts';
import { sumBalances } from '../ledger.sql.ts';
import { findLikenesses } from '../likeness.sql.ts';
import { tellDonorsApart } from '../likeness.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { type Report, reportOf, sumStandings } from '../report.sql.ts';
import { findExcessTasks } from '../task.sql.ts';
import { queryOf as query } from './query.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const latest = 8;
const pagesShown = 8;
const PeriodQuery = Type.Object({
  period: Type.Optional(Type.Union(periods.map((period) => Type.Literal(period)))),
});

export function addMoneyRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id', mayEnter(), (ctx) => showMoney(deps, ctx));
  routes.post('/:id/likeness/:likenessId/apart', mayEnter(), async (ctx) => {
    const recipientId = idOf(ctx);
    await tellDonorsApart(ctx.scope, deps, recipientId, ctx.params['likenessId'] ?? '');
    ctx.done(`${home}/${recipientId}`, 'fundraising.money.likeness.done');
  });
}

async function showMoney(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const usual: Period = recipient.opensOn ? 'window' : 'year';
  const { period = usual } = ctx.filters(PeriodQuery);
  const span = await spanOf(scope, recipient, period);
  const report = await reportOf(scope, recipient.id, span, span.grain);
  const states = ['accepted', 'refunded'] as const;
  const donations = await findDonations(scope, recipient.id, { states, most: latest });
  const [standing] = await sumStandings(scope, {
    today: todayOf(scope),
    recipientId: recipient.id,
  });
  await ctx.render('money', {
    title: recipient.name,
    ...{ query, recipient, period, span, standing, today: todayOf(scope) },
    report: { ...report, points: pointsOf(span, report.byTime) },
    periods: periods.filter((one) => one !== 'window' || recipient.opensOn),
    pages: await namedPages(deps, ctx, report.byPage),
    donations: donations.map((one) => ({ ...one, name: nameOf(one.identity) })),
    waiting: await waitingOf(scope, recipient.id),
    balances: await sumBalances(scope, recipient.id),
    excesses: await findExcessTasks(scope, recipient.id),
    likenesses: await findLikenesses(scope, recipient.id),
    mayMerge: scope.may('people.person.merge'),
    mayDo: await deedsOf(scope, recipient),
  });
}

/** Those that brought most. One that was deleted has no name any more; its gifts stay. */
function namedPages(deps: Deps, { scope }: Context, byPage: Report['byPage']) {
  const most = byPage.filter(({ pageId }) => pageId !== undefined).slice(0, pagesShown);
  return Promise.all(
    most.map(async (one) => ({
      ...one,
      name: (await deps.sitePages.find(scope, one.pageId ?? ''))?.title,
    })),
  );
}

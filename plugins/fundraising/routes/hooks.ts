// Where payment providers call: what they say is never believed, only that something is to be asked about.
import { type Context, notFound, type Router, refused, router, type Scope } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { HookNews } from '../index.ts';
import { noteHeard } from '../payment.sql.ts';
import { type AccountRow, findAccountByHook } from '../provider-account.sql.ts';
import { connect } from '../provider-account.ts';

const mostBytes = 256 * 1024;
/** Of a provider whose calls nobody can prove: per account and minute. */
const mostUnproven = 600;

export function hookRoutes(deps: Deps): Router {
  const routes = router();
  routes.post('/:provider/:hookKey', async (ctx) => {
    const { provider = '', hookKey = '' } = ctx.params;
    const row = await findAccountByHook(ctx.scope, provider, hookKey);
    if (!row) throw notFound('hook');
    const body = await ctx.raw(mostBytes);
    const { service, info, account } = await connect(ctx.scope, deps, row);
    if (info.hook === 'ask-back') await demandCalm(ctx.scope, deps, row);
    const news = await service.readHook(ctx.scope, account, { headers: headersOf(ctx), body });
    if (!news) throw refused('fundraising.hook-refused', { status: 400 });
    await ctx.scope.write((own) => queue(own, deps, row, news));
    ctx.status = 200;
    ctx.body = '';
  });
  return routes;
}

/** Many calls about one payment are one question. */
async function queue(scope: Scope, deps: Deps, row: AccountRow, news: HookNews): Promise<void> {
  // Whose law is asked is the recipient's organization: there it is asked about within five minutes.
  const isHere = row.organizationId === scope.organization.id;
  for (const { kind, reference } of news.about.slice(0, 100)) {
    if (kind === 'payment') await noteHeard(scope, row.id, reference);
    if (!isHere) continue;
    const accountId = row.id;
    if (kind === 'payout') await deps.jobs.add(scope, 'payouts', { accountId }, { key: accountId });
    else {
      const key = `${accountId}.${reference}`.slice(0, 250);
      await deps.jobs.add(scope, 'hear', { accountId, reference }, { key });
    }
  }
}

async function demandCalm(scope: Scope, deps: Deps, { id }: AccountRow): Promise<void> {
  const isCalm = await deps.limits.take(scope, `fundraising.hook.${id}`, mostUnproven, 60);
  if (!isCalm) throw refused('fundraising.hook-often', { status: 429 });
}

function headersOf(ctx: Context): Record<string, string> {
  const entries = Object.entries(ctx.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? ''].flat().join(', '),
  ]);
  return Object.fromEntries(entries);
}

// Where gateways call: receipts, and what people write back.
import { type Context, notFound, type Router, refused, router } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findAccountByHook } from '../gateway-account.sql.ts';
import { connect } from '../gateway-account.ts';
import { handle } from '../news.ts';

const mostBytes = 64 * 1024;
/** Of a gateway whose calls nobody can prove: per account and minute. */
const mostUnproven = 60_000;

export function hookRoutes(deps: Deps): Router {
  const routes = router();
  routes.post('/:gateway/:key', (ctx) => hear(deps, ctx));
  // Kannel and its like ask with GET.
  routes.get('/:gateway/:key', (ctx) => hear(deps, ctx));
  return routes;
}

async function hear(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { gateway = '', key = '' } = ctx.params;
  const row = await findAccountByHook(scope, gateway, key);
  if (!row) throw notFound('hook');
  const body = ctx.method === 'POST' ? await ctx.raw(mostBytes) : Buffer.alloc(0);
  const { service, info, account } = await connect(scope, deps, row);
  if (info.news === 'unsigned') await demandCalm(deps, ctx, row.id);
  const method = ctx.method === 'POST' ? 'POST' : 'GET';
  // As the gateway was told to call, whatever proxy stands in between.
  const url = `${account.hookUrl}${ctx.search}`;
  const heard = await service.hear(scope, account, { method, url, headers: headersOf(ctx), body });
  if (!heard) throw refused('sms.hook-refused', { status: 400 });
  await handle(scope, deps, row, heard.news);
  ctx.status = 200;
  ctx.type = heard.answer?.type ?? 'text/plain';
  ctx.body = heard.answer?.body ?? '';
}

async function demandCalm(deps: Deps, ctx: Context, id: string): Promise<void> {
  const isCalm = await deps.limits.take(ctx.scope, `sms.hook.${id}`, mostUnproven, 60);
  if (!isCalm) throw refused('sms.hook-often', { status: 429 });
}

function headersOf(ctx: Context): Record<string, string> {
  const entries = Object.entries(ctx.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? ''].flat().join(', '),
  ]);
  return Object.fromEntries(entries);
}

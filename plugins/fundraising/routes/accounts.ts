// A recipient's accounts at payment providers: its treasurer fills in the keys, nobody sees them again.
import { type Context, faultsOf, isAppError, notFound, type Router, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { differingPayouts, seePayout } from '../payout-law.ts';
import {
  accountsOf,
  closeAccount,
  hookPathOf,
  type Provider,
  providersOn,
  saveAccount,
} from '../provider-account.ts';
import { home, idOf, mayEnter } from './recipients.ts';

interface Typed {
  provider: string;
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export function addAccountRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/accounts', mayEnter(), (ctx) => showAccounts(deps, ctx));
  routes.post('/:id/accounts/:provider', mayEnter(), (ctx) => save(deps, ctx));
  routes.post('/:id/payouts/:payoutId/seen', mayEnter(), (ctx) => see(deps, ctx));
  routes.post('/:id/accounts/:provider/end', mayEnter(), (ctx) => end(deps, ctx));
}

async function showAccounts(deps: Deps, ctx: Context, typed?: Typed): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const accounts = await accountsOf(scope, recipient.id);
  const providers = await Promise.all(
    (await providersOn(scope, deps)).map(async (provider) => {
      const { id, name, methods } = provider.info;
      const account = accounts.find((one) => one.provider === id);
      const form = typed?.provider === id ? typed : { values: {}, faults: {} };
      const values = { ...account?.publicSettings, ...form.values };
      const fields = await deps.fields.of(scope, provider.info.settings, {
        ...{ words: `${provider.plugin}.payment.${id}`, values, faults: form.faults },
      });
      const hook = account && `${ctx.protocol}://${ctx.host}${hookPathOf(account)}`;
      return { id, name, methods, account, fields, faults: form.faults, hook };
    }),
  );
  const payouts = await differingPayouts(scope, recipient.id);
  const data = { providers, payouts, recipient, mayDo: await deedsOf(scope, recipient) };
  const title = scope.t('fundraising.payment.accounts');
  await ctx.render('accounts', { title, ...data }, typed ? 422 : 200);
}

async function save(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const provider = await demandProvider(deps, ctx);
  const { id, name, settings } = provider.info;
  const names = Object.keys((settings.properties ?? {}) as object);
  const text = Type.Optional(Type.String({ maxLength: 1_000 }));
  const form = await ctx.form(Type.Object(Object.fromEntries(names.map((one) => [one, text]))));
  const typed = { provider: id, values: form.values };
  if (!form.ok) return showAccounts(deps, ctx, { ...typed, faults: form.faults });
  try {
    const order = { recipientId: idOf(ctx), provider: id, settings: form.value };
    await saveAccount(scope, deps, order);
    ctx.done(`${home}/${idOf(ctx)}/accounts`, 'fundraising.payment.account.saved', { name });
  } catch (error) {
    const isAway = isAppError(error) && error.status === 503;
    const away = scope.t('fundraising.payment.account.unreachable', { name });
    const faults = isAway ? { [names[0] ?? '']: away } : faultsOf(scope, error);
    await showAccounts(deps, ctx, { ...typed, faults });
  }
}

async function see(deps: Deps, ctx: Context): Promise<void> {
  await seePayout(ctx.scope, deps, idOf(ctx), ctx.params['payoutId'] ?? '');
  ctx.done(`${home}/${idOf(ctx)}/accounts`, 'fundraising.payout.seen');
}

async function end(deps: Deps, ctx: Context): Promise<void> {
  const { id } = (await demandProvider(deps, ctx)).info;
  const accounts = await accountsOf(ctx.scope, idOf(ctx));
  const account = accounts.find((one) => one.provider === id);
  if (account) await closeAccount(ctx.scope, deps, account.id);
  ctx.done(`${home}/${idOf(ctx)}/accounts`, 'fundraising.payment.account.ended');
}

async function demandProvider(deps: Deps, ctx: Context): Promise<Provider> {
  const { provider } = ctx.params;
  const found = (await providersOn(ctx.scope, deps)).find(({ info }) => info.id === provider);
  if (!found) throw notFound('provider', provider);
  return found;
}

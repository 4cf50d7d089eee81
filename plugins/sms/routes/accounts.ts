// The organization's account at a gateway: staff fill in the keys, nobody sees them again; tried on one's own telephone.
import {
  type Context,
  faultsOf,
  isAppError,
  notFound,
  permit,
  type Router,
  Type,
} from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import {
  accountInUse,
  closeAccount,
  connectTo,
  fieldsOf,
  type Gateway,
  gatewaysOn,
  hookPathOf,
  ownAccount,
  saveAccount,
  settingsIn,
} from '../gateway-account.ts';
import { openLine } from '../line.ts';
import { countParts } from '../parts.ts';

const may = () => permit('sms.account.manage');
const home = '/admin/sms/gateway';
const text = Type.Optional(Type.String({ maxLength: 1_000 }));
const OwnSchema = {
  sender: Type.String({ pattern: '^(\\+\\d{7,15}|\\d{3,8}|[A-Za-z0-9 ]{1,11})$' }),
  price: Type.Optional(Type.String({ pattern: '^\\d{1,6}([.,]\\d{1,5})?$' })),
  currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR' }),
  perSecond: Type.Optional(Type.String({ pattern: '^([1-9]\\d{0,3})?$' })),
};
const TrySchema = Type.Object({ number: Type.String({ maxLength: 40 }) });

interface Shown {
  gateway?: string;
  values?: Record<string, unknown>;
  faults?: Record<string, string>;
  tried?: { state: string; answer: string };
  tryFault?: string;
  /** As it was typed. */
  tryNumber?: string;
}

export function addAccountRoutes(routes: Router, deps: Deps): void {
  routes.get('/gateway', may(), (ctx) => show(deps, ctx));
  routes.post('/gateway/end', may(), (ctx) => end(deps, ctx));
  routes.post('/gateway/try', may(), (ctx) => tryOut(deps, ctx));
  routes.post('/gateway/:gateway', may(), (ctx) => save(deps, ctx));
}

async function show(deps: Deps, ctx: Context, shown: Shown = {}): Promise<void> {
  const { scope } = ctx;
  const account = await ownAccount(scope);
  const inUse = account ?? (await accountInUse(scope));
  const site = await deps.siteAddress.of(scope);
  const gateways = await Promise.all(
    (await gatewaysOn(scope, deps)).map(async ({ plugin, info }) => {
      const mine = account?.gateway === info.id ? account : undefined;
      const typed = shown.gateway === info.id ? shown : {};
      const price = mine && (mine.priceMilli / 100_000).toFixed(5).replace(/0{1,3}$/, '');
      const own = mine && { ...mine, price, perSecond: mine.perSecond ?? '' };
      const values = { currency: 'EUR', ...own, ...mine?.publicSettings, ...typed.values };
      const faults = typed.faults ?? {};
      const words = { words: `${plugin}.gateway.${info.id}`, values, faults };
      const fields = await deps.fields.of(scope, info.settings as never, words);
      const hook = mine && info.news !== 'session' ? `${site}${hookPathOf(mine)}` : undefined;
      const name = scope.t(info.name);
      // One alone: what is beside a fault, else what is in use.
      const isOpen = shown.gateway ? shown.gateway === info.id : mine !== undefined;
      const usual = info.perSecond;
      return { id: info.id, name, usual, account: mine, isOpen, fields, values, faults, hook };
    }),
  );
  // What is in use is not looked for below the others.
  gateways.sort((one, other) => Number(!!other.account) - Number(!!one.account));
  const gateway = gateways.find(({ id }) => id === inUse?.gateway)?.name ?? inUse?.gateway;
  const { tried, tryFault, tryNumber } = shown;
  const title = scope.t('sms.gateway.title');
  const isAbove = account === undefined && inUse !== undefined;
  const data = { title, gateways, account: inUse, gateway, isAbove, tried, tryFault, tryNumber };
  await ctx.render('gateway', data, shown.faults || tryFault ? 422 : 200);
}

async function save(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const gateway = await demandGateway(deps, ctx);
  const names = fieldsOf(gateway.info).map(([name]) => name);
  const schema = { ...OwnSchema, ...Object.fromEntries(names.map((name) => [name, text])) };
  const form = await ctx.form(Type.Object(schema));
  const typed = { gateway: gateway.info.id, values: form.values };
  if (!form.ok) {
    const faults = await settingFaults(deps, ctx, gateway, form.values);
    return show(deps, ctx, { ...typed, faults: { ...form.faults, ...faults } });
  }
  const {
    sender,
    price = '0',
    currency,
    perSecond,
    ...settings
  } = form.value as Record<string, string>;
  try {
    await saveAccount(scope, deps, {
      ...{ gateway: gateway.info.id, sender: String(sender), currency: String(currency) },
      // Prices are told in the currency; a part costs a few cents and fractions of them.
      priceMilli: Math.round(Number(price.replace(',', '.')) * 100_000),
      perSecond: perSecond ? Number(perSecond) : undefined,
      settings,
    });
    ctx.done(home, 'sms.gateway.saved', { name: scope.t(gateway.info.name) });
  } catch (error) {
    const isAway = isAppError(error) && error.status === 503;
    const away = scope.t('sms.gateway.unreachable', { name: scope.t(gateway.info.name) });
    const faults = isAway ? { [names[0] ?? '']: away } : faultsOf(scope, error);
    await show(deps, ctx, { ...typed, faults });
  }
}

/** Said with the others, so that nobody corrects a form twice. */
async function settingFaults(
  deps: Deps,
  { scope }: Context,
  gateway: Gateway,
  values: Record<string, unknown>,
): Promise<Record<string, string>> {
  try {
    await settingsIn(scope, deps, gateway, values);
    return {};
  } catch (error) {
    return faultsOf(scope, error);
  }
}

async function tryOut(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(TrySchema);
  const tryNumber = String(form.values['number'] ?? '').trim();
  const to = form.ok && (await deps.people.readNumber(scope, tryNumber));
  if (!to) return show(deps, ctx, { tryNumber, tryFault: scope.t('sms.gateway.try.fault') });
  const account = await accountInUse(scope);
  if (!account) throw notFound('account');
  const { row } = await connectTo(scope, deps, account.id);
  const words = scope.t('sms.gateway.try.text', { name: scope.organization.name });
  const { alphabet, parts } = countParts(words);
  try {
    const line = await openLine(scope, deps, row);
    const message = {
      ...{ key: `try-${scope.now().getTime()}`, from: row.sender, to },
      ...{ text: words, encoding: alphabet, parts },
    };
    const cut = AbortSignal.timeout(15_000);
    await line.turn(parts, cut);
    const { state, answer } = await line.hand(message, cut);
    await line.close();
    await show(deps, ctx, { tryNumber, tried: { state, answer } });
  } catch (error) {
    if (!isAppError(error) || error.status !== 503) throw error;
    const name = scope.t(`sms.gateway.${row.gateway}`);
    await show(deps, ctx, { tryNumber, tryFault: scope.t('sms.gateway.unreachable', { name }) });
  }
}

async function end(deps: Deps, ctx: Context): Promise<void> {
  const account = await ownAccount(ctx.scope);
  if (account) await closeAccount(ctx.scope, deps, account.id);
  ctx.done(home, 'sms.gateway.ended');
}

async function demandGateway(deps: Deps, ctx: Context): Promise<Gateway> {
  const { gateway } = ctx.params;
  const found = (await gatewaysOn(ctx.scope, deps)).find(({ info }) => info.id === gateway);
  if (!found) throw notFound('gateway', gateway);
  return found;
}

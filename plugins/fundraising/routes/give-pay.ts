// The last steps of giving: the donor pays at the provider, and is thanked once the money is there.
import { type Context, isAppError, type Router, type Scope, unavailable } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import type { Donation } from '../donation.sql.ts';
import { demandDonation } from '../donation.ts';
import type { OpenedPayment } from '../index.ts';
import { sayMoney, writeMoney } from '../money.ts';
import { closedWhy, settingsOf } from '../page-type.ts';
import { findPaymentOf } from '../payment.sql.ts';
import { openPayment } from '../payment.ts';
import { leavePayment, settlePayment } from '../payment-settle.ts';
import { findAskingRecipient } from '../recipient.sql.ts';
import { giftOf, openDesk, sayOver } from './give-desk.ts';

export function addPayRoutes(routes: Router, deps: Deps): void {
  routes.get('/give/pay/:key', (ctx) => showPay(deps, ctx));
  routes.post('/give/pay/:key/leave', (ctx) => leave(deps, ctx));
  routes.get('/give/thanks/:key', (ctx) => showThanks(deps, ctx));
}

/** Opened again, it is the same payment: who comes back, or sends twice, pays once. */
async function showPay(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { gift, page } = await giftOf(deps, ctx);
  if (gift.state !== 'pledged') return ctx.done(thanksOf(ctx), 'fundraising.page.name');
  ctx.set('Cache-Control', 'no-store');
  const desk = await openDesk(ctx, page);
  const closed = desk && closedWhy(scope, desk.till, desk.day);
  if (!desk || closed) return sayOver(ctx, closed);
  const returnUrl = `${ctx.protocol}://${ctx.host}${thanksOf(ctx)}`;
  const donation = await demandDonation(scope, gift.id);
  const about = {
    ...{ title: scope.t('fundraising.pay.title'), noindex: true, page, here: ctx.path },
    amount: sayMoney(scope, donation.amountMinor, donation.currency),
    ...{ recipient: desk.recipient.name, isTest: desk.recipient.isTest },
    contact: scope.organization.legal.contact,
  };
  try {
    const opened = await openPayment(scope, deps, gift.id, { returnUrl, locale: scope.locale });
    await ctx.render('pay', { ...about, ...(await placeOf(ctx, opened)) });
  } catch (error) {
    if (!isAppError(error)) throw error;
    const isAway = error.status === 503;
    const why = scope.t(isAway ? 'fundraising.pay.later' : error.code);
    await ctx.render('pay', { ...about, why, isAway }, isAway ? 503 : 409);
  }
}

/** At a provider that does not answer it ends by itself within the hour. */
async function leave(deps: Deps, ctx: Context): Promise<void> {
  const { gift } = await giftOf(deps, ctx);
  if (gift.state === 'pledged') await whenThere(() => leavePayment(ctx.scope, deps, gift.id));
  ctx.done(thanksOf(ctx), 'fundraising.page.name');
}

/** What the donor pays in: the provider's own piece, or its page. */
async function placeOf(ctx: Context, { client, plugin }: OpenedPayment & { plugin: string }) {
  if (client.kind === 'page') return { client };
  const element = await ctx.piece(plugin, client.view, { values: client.values });
  if (!element) throw unavailable(plugin);
  ctx.allow(plugin);
  return { client, element };
}

/** The provider is asked, never the address that the donor came back by. */
async function showThanks(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { gift, page } = await giftOf(deps, ctx);
  if (gift.state === 'pledged') await askProvider(scope, deps, gift.id);
  const donation = await demandDonation(scope, gift.id);
  const recipient = await findAskingRecipient(scope, donation.recipientId);
  ctx.set('Cache-Control', 'no-store');
  await ctx.render('thanks', {
    ...{ title: titleOf(scope, donation), noindex: true, page, state: donation.state },
    ...{ why: donation.why, returnBy: donation.returnBy, isTest: recipient?.isTest },
    amount: sayMoney(scope, donation.amountMinor, donation.currency),
    ...{ recipient: recipient?.name, email: donation.identity.emailAddress },
    words: page && settingsOf(page.settings).thanks,
    again: page?.isPublic ? againOf(page.id, donation) : undefined,
    pay: `/give/pay/${ctx.params['key']}`,
  });
}

function titleOf(scope: Scope, { state }: Donation): string {
  const words = { pledged: 'waits', refunded: 'refunded', refused: 'failed' };
  const word = state in words ? words[state as keyof typeof words] : 'title';
  return scope.t(`fundraising.thanks.${word}`);
}

function againOf(pageId: string, { amountMinor, currency, tracking, recruiterId }: Donation) {
  const query = new URLSearchParams({ amount: writeMoney(amountMinor, currency) });
  if (tracking) query.set('tracking', tracking);
  if (recruiterId) query.set('recruiter', recruiterId);
  return `/give/${pageId}?${query}`;
}

/** One that does not answer is asked again by a job; until then the donor is told that it is under way. */
async function askProvider(scope: Scope, deps: Deps, donationId: string): Promise<void> {
  const payment = await findPaymentOf(scope, donationId);
  if (payment) await whenThere(() => settlePayment(scope, deps, payment.id));
}

async function whenThere(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isAppError(error) || error.status !== 503) throw error;
  }
}

function thanksOf(ctx: Context): string {
  return `/give/thanks/${ctx.params['key']}`;
}

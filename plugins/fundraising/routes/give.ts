// Giving: how much (on the page itself), who you are, how you pay, thank you. Each step is a page of its own.
import { randomUUID } from 'node:crypto';
import {
  type Context,
  countryOptions,
  dayOf,
  faultsOf,
  invalid,
  isAppError,
  notFound,
  type Router,
  router,
  type Scope,
  Type,
} from 'rostra/plugin';
import type { SitePage } from 'rostra/website';
import { findGiftOfKey } from '../appeal.sql.ts';
import { appealOf } from '../appeal.ts';
import { countryOf } from '../country.ts';
import type { Deps } from '../deps.ts';
import { demandDonation } from '../donation.ts';
import { giftFormOf, offerIn, questionsOf } from '../gift-form.ts';
import { readMoney, sayMoney, writeMoney } from '../money.ts';
import {
  closedWhy,
  type DonationPageSettings,
  donationPage,
  methodsOf,
  settingsOf,
} from '../page-type.ts';
import { findPaymentOf } from '../payment.sql.ts';
import { openPayment } from '../payment.ts';
import { settlePayment } from '../payment-settle.ts';
import { actOf, pledge } from '../pledge.ts';
import { findAskingRecipient, type Recipient } from '../recipient.sql.ts';
import { openTill, type Till } from '../till.ts';

interface Desk {
  page: SitePage;
  settings: DonationPageSettings;
  recipient: Recipient;
  till: Till;
  day: string;
}
interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}
const word = Type.Optional(Type.String({ maxLength: 100, pattern: '^[\\w.~-]+$' }));
const GiveQuery = Type.Object({
  amount: Type.Optional(Type.String({ maxLength: 30 })),
  other: Type.Optional(Type.String({ maxLength: 30 })),
  tracking: word,
  recruiter: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});
const ownFields = {
  key: Type.String({ format: 'uuid' }),
  email: Type.String({ format: 'email', maxLength: 254 }),
  tracking: word,
  recruiter: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  /** Nobody sees it: who fills it in is a machine. */
  homepage: Type.Optional(Type.String({ maxLength: 200 })),
};
const perHour = 30;

export function siteRoutes(deps: Deps): Router {
  const routes = router();
  routes.get('/give/:pageId', (ctx) => showDonor(deps, ctx));
  routes.post('/give/:pageId', (ctx) => take(deps, ctx));
  routes.get('/give/pay/:key', (ctx) => showPay(deps, ctx));
  routes.get('/give/thanks/:key', (ctx) => showThanks(deps, ctx));
  return routes;
}

async function showDonor(deps: Deps, ctx: Context, form?: Shown): Promise<void> {
  const { scope } = ctx;
  const desk = await deskOf(deps, ctx);
  const asked = ctx.filters(GiveQuery);
  const values = form?.values ?? {
    amount: asked.other || asked.amount,
    ...{ key: randomUUID(), tracking: asked.tracking, recruiter: asked.recruiter },
    country: countryOf(scope.organization.jurisdiction),
  };
  const { recipient, till, settings } = desk;
  const amountMinor = readMoney(String(values['amount'] ?? ''), recipient.currency);
  const faults = form?.faults ?? {};
  // Without an amount there is nothing to ask; the page is where it is chosen.
  if (amountMinor === undefined && !faults['amount']) {
    faults['amount'] = scope.t('fundraising.fault.amount');
  }
  const countries = countryOptions(scope.locale);
  const data = {
    ...{
      title: desk.page.title,
      noindex: true,
      page: { path: desk.page.path, title: desk.page.title },
    },
    ...{
      recipient: { name: recipient.name, currency: recipient.currency },
      isTest: recipient.isTest,
    },
    ...{ form: { values, faults }, questions: questionsOf(scope, till), countries },
    amount: amountMinor && sayMoney(scope, amountMinor, recipient.currency),
    methods: await methodsOf(scope, deps, till),
    appeal: appealOf(scope, recipient, actOf(desk.day)),
    closed: closedWhy(scope, till, desk.day),
    fund: settings.fund,
  };
  await ctx.render('donor', data, form ? 422 : 200);
}

async function take(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { page, settings, recipient, till, day } = await deskOf(deps, ctx);
  const { declarations } = questionsOf(scope, till);
  const form = await ctx.form(giftFormOf(declarations, ownFields));
  if (!form.ok) return showDonor(deps, ctx, form);
  const answers = form.value;
  if (answers.homepage) return ctx.done(page.path, 'fundraising.page.name');
  try {
    const methods: readonly string[] = await methodsOf(scope, deps, till);
    if (!methods.includes(answers.method)) {
      throw invalid([{ path: '/method', message: 'fundraising.page.fault.method' }]);
    }
    if (!(await deps.limits.take(scope, `give ${ctx.caller}`, perHour, 3600))) {
      throw invalid([{ path: '/email', message: 'fundraising.page.fault.too-many' }]);
    }
    const read = offerIn(till, answers, { givenOn: day });
    if (read.fault) throw invalid([read.fault]);
    await pledge(scope, deps, recipient, read.offer, {
      ...{ source: 'page', key: answers.key, pageId: page.id, fund: settings.fund },
      ...{
        tracking: answers.tracking,
        recruiterId: await recruiterOf(scope, deps, answers.recruiter),
      },
      attestedTexts: declarations
        .filter(({ value }) => read.offer.attested.includes(value))
        .map(({ value, label }) => ({ word: value, text: label })),
    });
    ctx.done(`/give/pay/${answers.key}`, 'fundraising.page.name');
  } catch (error) {
    await showDonor(deps, ctx, { values: form.values, faults: faultsOf(scope, error) });
  }
}

/** Opened again, it is the same payment: who comes back, or sends twice, pays once. */
async function showPay(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { gift, page } = await giftOf(deps, ctx);
  if (gift.state !== 'pledged') return ctx.done(thanksOf(ctx), 'fundraising.page.name');
  const returnUrl = new URL(thanksOf(ctx), ctx.origin).toString();
  const donation = await demandDonation(scope, gift.id);
  const recipient = await findAskingRecipient(scope, donation.recipientId);
  const about = {
    ...{ title: scope.t('fundraising.pay.title'), noindex: true, page, returnUrl },
    amount: sayMoney(scope, donation.amountMinor, donation.currency),
    ...{ recipient: recipient?.name, isTest: recipient?.isTest },
  };
  ctx.set('Cache-Control', 'no-store');
  try {
    const { client } = await openPayment(scope, deps, gift.id, { returnUrl, locale: scope.locale });
    await ctx.render('pay', { ...about, client });
  } catch (error) {
    if (!isAppError(error)) throw error;
    const why = scope.t(error.status === 503 ? 'fundraising.pay.later' : error.code);
    await ctx.render('pay', { ...about, why }, error.status === 503 ? 503 : 409);
  }
}

/** The provider is asked, never the address that the donor came back by. */
async function showThanks(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { gift, page } = await giftOf(deps, ctx);
  if (gift.state === 'pledged') await askProvider(scope, deps, gift.id);
  const donation = await demandDonation(scope, gift.id);
  const settings = page && settingsOf(page.settings);
  ctx.set('Cache-Control', 'no-store');
  await ctx.render('thanks', {
    ...{ title: scope.t('fundraising.thanks.title'), noindex: true, page },
    state: donation.state,
    amount: sayMoney(scope, donation.amountMinor, donation.currency),
    words: settings?.thanks,
    again: page && `/give/${page.id}?amount=${writeMoney(donation.amountMinor, donation.currency)}`,
    pay: `/give/pay/${ctx.params['key']}`,
  });
}

/** One that does not answer is asked again by a job; until then the donor is told that it is under way. */
async function askProvider(scope: Scope, deps: Deps, donationId: string): Promise<void> {
  const payment = await findPaymentOf(scope, donationId);
  if (!payment) return;
  try {
    await settlePayment(scope, deps, payment.id);
  } catch (error) {
    if (!isAppError(error) || error.status !== 503) throw error;
  }
}

async function deskOf(deps: Deps, ctx: Context): Promise<Desk> {
  const { scope } = ctx;
  const pageId = ctx.params['pageId'] ?? '';
  const page = await deps.sitePages.find(scope, pageId);
  if (page?.type !== donationPage || !page.isPublic) throw notFound('page', pageId);
  const settings = settingsOf(page.settings);
  const recipient = await findAskingRecipient(scope, settings.recipient);
  if (!recipient) throw notFound('recipient', settings.recipient);
  const day = dayOf(scope.now(), scope.organization.timeZone);
  return { page, settings, recipient, day, till: openTill(scope, recipient, actOf(day)) };
}

async function giftOf(deps: Deps, ctx: Context) {
  const key = ctx.params['key'] ?? '';
  const gift = await findGiftOfKey(ctx.scope, key);
  if (!gift) throw notFound('donation', key);
  return {
    gift,
    page: gift.pageId ? await deps.sitePages.find(ctx.scope, gift.pageId) : undefined,
  };
}

function thanksOf(ctx: Context): string {
  return `/give/thanks/${ctx.params['key']}`;
}

/** Somebody of the file who asked others to give. */
async function recruiterOf(
  scope: Scope,
  deps: Deps,
  id: string | undefined,
): Promise<string | undefined> {
  return id && (await deps.people.find(scope, id))?.id;
}

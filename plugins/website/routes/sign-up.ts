// The sign-up form: shown, taken in, confirmed from the mailbox.
import type { Context, Form, Static } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { closedBy, type OpenForm, openForm } from '../form.ts';
import { headOf } from '../head.ts';
import { findAddress, type Page } from '../page.sql.ts';
import { SignUpForm } from '../schemas.ts';
import { claim, claimDays, confirm, standingOf } from '../sign-up.ts';
import { trackingOf } from '../tracking-services.ts';

type Answers = Static<typeof SignUpForm>;
type Shown = Pick<Form<unknown>, 'values' | 'faults'>;
const empty: Shown = { values: {}, faults: {} };

export async function show(
  deps: Deps,
  ctx: Context,
  page: Page,
  form: Shown = empty,
  status?: number,
): Promise<void> {
  const { scope } = ctx;
  const closed = closedBy(scope);
  const { controller, contact } = scope.organization.legal;
  const data = {
    ...headOf(page),
    ...{ form, closed, controller, contact, days: claimDays },
    privacy: await findAddress(scope, 'privacy'),
    fields: closed ? undefined : await openForm(scope, deps, page.form),
  };
  await ctx.render('sign-up', data, status);
}

export async function signUp(deps: Deps, ctx: Context, page: Page): Promise<void> {
  const { scope } = ctx;
  if (closedBy(scope)) return show(deps, ctx, page, empty, 409);
  const fields = await openForm(scope, deps, page.form);
  const sent = await ctx.form(SignUpForm);
  const form = { ...sent, values: { tracking: trackingOf(ctx), ...sent.values } };
  if (!form.ok) return show(deps, ctx, page, form);
  const typed = form.value.phone;
  const phone = typed && (await deps.people.readNumber(scope, typed));
  const faults = faultsIn(ctx, form.value, phone);
  if (faults) return show(deps, ctx, page, { ...form, faults }, 422);
  if (form.value.homepage !== undefined) return answer(ctx);
  const isTaken = await claim(
    scope,
    deps,
    claimOf(page, fields, { tracking: trackingOf(ctx), ...form.value, phone }),
    ctx.caller,
  );
  if (isTaken) return answer(ctx);
  const tooMany = { email: scope.t('website.fault.too-many') };
  return show(deps, ctx, page, { ...form, faults: tooMany }, 429);
}

/** The same for everybody: whether the address is known is not told. */
function answer(ctx: Context): void {
  ctx.done('/confirm', 'website.confirm.sent');
}

function faultsIn(
  ctx: Context,
  { phone: typed, smsConsent }: Answers,
  phone: string | undefined,
): Record<string, string> | undefined {
  if (typed && !phone) return { phone: ctx.scope.t('website.fault.phone') };
  if (smsConsent && !typed) return { phone: ctx.scope.t('website.fault.phone-needed') };
  return undefined;
}

/** Only what the form asks for is taken, in the words in which it was asked. */
function claimOf(page: Page, fields: OpenForm, given: Answers) {
  const consents = fields.consents
    .filter(({ field }) => given[field])
    .map(({ channel, purpose, wording }) => ({ channel, purpose, wording }));
  const hasEmail = consents.some(({ channel }) => channel === 'email');
  return {
    pageId: page.id,
    email: given.email.toLowerCase(),
    ...(fields.givenName && { givenName: given.givenName }),
    ...(fields.familyName && { familyName: given.familyName }),
    ...(fields.postcode && { postcode: given.postcode }),
    ...(fields.phone && given.phone && { phone: given.phone }),
    ...(given.tracking && { tracking: given.tracking }),
    consents,
    newsletters: hasEmail ? fields.newsletters : [],
  };
}

/** Where the button that sent the form leads. */
export function showSent(ctx: Context): Promise<void> {
  return ctx.render('confirm-sent', {
    title: ctx.scope.t('website.confirm.sent'),
    noindex: true,
    days: claimDays,
  });
}

/** Mail programs open links by themselves: what opens only asks, the button confirms. */
export async function ask(ctx: Context, token: string): Promise<void> {
  await showStanding(ctx, await standingOf(ctx.scope, token));
}

export async function settle(deps: Deps, ctx: Context, token: string): Promise<void> {
  const standing = await confirm(ctx.scope, deps, token);
  if (standing === 'waiting' || standing === 'used') {
    return ctx.done('/confirm/done', 'website.confirm.done');
  }
  await showStanding(ctx, standing);
}

async function showStanding(ctx: Context, standing: string): Promise<void> {
  const isGone = standing === 'expired' || standing === 'unknown';
  const data = { standing, noindex: true, title: ctx.scope.t(`website.confirm.${standing}`) };
  await ctx.render('confirm', data, isGone ? 410 : 200);
  ctx.set('Cache-Control', 'no-store');
}

export async function showDone(ctx: Context): Promise<void> {
  const data = { standing: 'done', noindex: true, title: ctx.scope.t('website.confirm.done') };
  await ctx.render('confirm', data);
}

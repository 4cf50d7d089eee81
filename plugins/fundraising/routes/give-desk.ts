// What stands behind each step of giving: the page with its recipient and the law of the day, or the gift by its key.
import { type Context, notFound } from 'rostra/plugin';
import type { SitePage } from 'rostra/website';
import { findGiftOfKey } from '../appeal.sql.ts';
import { actOf, todayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { type DonationPageSettings, donationPage, settingsOf } from '../page-type.ts';
import { findAskingRecipient, type Recipient } from '../recipient.sql.ts';
import { openTill, type Till } from '../till.ts';

export interface Desk {
  page: SitePage;
  settings: DonationPageSettings;
  recipient: Recipient;
  till: Till;
  day: string;
}

/** `undefined` when the page was switched off, or lost its recipient, after the donor had come by it. */
export async function deskOf(deps: Deps, ctx: Context): Promise<Desk | undefined> {
  const pageId = ctx.params['pageId'] ?? '';
  const page = await deps.sitePages.find(ctx.scope, pageId);
  if (page?.type !== donationPage) throw notFound('page', pageId);
  return openDesk(ctx, page);
}

export async function openDesk(
  { scope }: Context,
  page: SitePage | undefined,
): Promise<Desk | undefined> {
  if (!page?.isPublic || page.type !== donationPage) return undefined;
  const settings = settingsOf(page.settings);
  const recipient = await findAskingRecipient(scope, settings.recipient);
  if (!recipient) return undefined;
  const day = todayOf(scope);
  return { page, settings, recipient, day, till: openTill(scope, recipient, actOf(day)) };
}

export async function giftOf(deps: Deps, ctx: Context) {
  const key = ctx.params['key'] ?? '';
  const gift = await findGiftOfKey(ctx.scope, key);
  if (!gift) throw notFound('donation', key);
  const page = gift.pageId ? await deps.sitePages.find(ctx.scope, gift.pageId) : undefined;
  return { gift, page };
}

/** Nothing can be given there any more, and nothing was taken. */
export function sayOver({ scope, render }: Context, why?: string): Promise<void> {
  const text = why ?? scope.t('fundraising.page.over.text');
  const title = scope.t('fundraising.page.over');
  return render('over', { title, text, noindex: true }, 410);
}

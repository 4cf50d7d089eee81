// The money of one recipient: what came in, what waits, and one gift with all that happened to it.
import { type Context, faultsOf, notFound, type Router, Type } from 'rostra/plugin';
import { findEvidence } from '../batch.sql.ts';
import type { Deps } from '../deps.ts';
import { type Donation, findDonations } from '../donation.sql.ts';
import { accept, demandDonation, giveBack } from '../donation.ts';
import { nameOf } from '../identity.ts';
import { findEntriesOf, sumBalances } from '../ledger.sql.ts';
import type { DonationState } from '../line.ts';
import { readMoney, writeMoney } from '../money.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { findExcessTasks, settleExcess } from '../task.sql.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const aPage = 50;
const shown = {
  accepted: ['accepted', 'refunded'],
  waiting: ['held', 'pledged'],
  refused: ['refused'],
} as const satisfies Record<string, readonly DonationState[]>;
const ListQuery = Type.Object({
  show: Type.Union(
    (['accepted', 'waiting', 'refused'] as const).map((one) => Type.Literal(one)),
    { default: 'accepted' },
  ),
  before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});
const BackForm = Type.Object({
  amount: Type.String({ minLength: 1, maxLength: 30 }),
  reference: Type.String({ minLength: 1, maxLength: 100 }),
});

export function addDonationRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id', mayEnter(), showMoney);
  routes.get('/:id/donations/:donationId', mayEnter(), (ctx) => showDonation(ctx));
  routes.post('/:id/donations/:donationId/accept', mayEnter(), (ctx) => keepHeld(deps, ctx));
  routes.post('/:id/donations/:donationId/back', mayEnter(), (ctx) => sendBack(deps, ctx));
}

async function showMoney(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const { show, before } = ctx.filters(ListQuery);
  const found = await findDonations(scope, recipient.id, {
    ...{ states: shown[show], before, most: aPage + 1 },
  });
  const donations = found.slice(0, aPage);
  await ctx.render('money', {
    title: recipient.name,
    ...{ recipient, show, before },
    donations: donations.map((one) => ({ ...one, name: nameOf(one.identity) })),
    next: found.length > aPage ? donations.at(-1)?.id : undefined,
    balances: await sumBalances(scope, recipient.id),
    excesses: await findExcessTasks(scope, recipient.id),
    mayDo: await deedsOf(scope, recipient),
  });
}

async function showDonation(
  ctx: Context,
  form: { values: Record<string, unknown>; faults: Record<string, string> } = {
    values: {},
    faults: {},
  },
): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'read');
  const leftMinor = donation.amountMinor - donation.refundedMinor;
  const amount = writeMoney(leftMinor, donation.currency);
  await ctx.render(
    'donation',
    {
      title: scope.t('fundraising.donation.title', { number: donation.id }),
      ...{ recipient, donation, leftMinor, name: nameOf(donation.identity) },
      entries: await findEntriesOf(scope, donation.id),
      evidence: await findEvidence(scope, { donationId: donation.id }),
      mayDo: await deedsOf(scope, recipient),
      form: { values: { amount, ...form.values }, faults: form.faults },
    },
    Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

/** The donor was verified, or room came free: the treasurer says so. */
async function keepHeld(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'record');
  try {
    await accept(scope, deps, donation.id);
    await note(deps, ctx, donation, 'accepted');
    ctx.done(`${home}/${recipient.id}/donations/${donation.id}`, 'fundraising.donation.kept');
  } catch (error) {
    await showDonation(ctx, { values: {}, faults: faultsOf(scope, error) });
  }
}

/** By cheque or transfer, outside any provider. */
async function sendBack(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'record');
  const form = await ctx.form(BackForm);
  const amountMinor = form.ok ? readMoney(form.value.amount, donation.currency) : undefined;
  if (!form.ok || amountMinor === undefined) {
    const faults = form.ok ? { amount: scope.t('fundraising.fault.amount') } : form.faults;
    return showDonation(ctx, { values: form.values, faults });
  }
  try {
    const reference = `${donation.id}: ${form.value.reference}`;
    await giveBack(scope, deps, donation.id, { reference, amountMinor, account: 'bank' });
    await scope.write((own) => settleExcess(own, donation.id));
    await note(deps, ctx, donation, 'sent-back');
    ctx.done(`${home}/${recipient.id}/donations/${donation.id}`, 'fundraising.donation.back');
  } catch (error) {
    await showDonation(ctx, { values: form.values, faults: faultsOf(scope, error) });
  }
}

async function whole(ctx: Context, deed: 'read' | 'record') {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), deed);
  const donation = await demandDonation(ctx.scope, ctx.params['donationId'] ?? '');
  if (donation.recipientId !== recipient.id) throw notFound('donation', donation.id);
  return { recipient, donation };
}

async function note(
  deps: Deps,
  { scope }: Context,
  { id, personId }: Donation,
  verb: string,
): Promise<void> {
  const subject = { type: 'donation', id };
  await deps.audit.record(scope, {
    act: `donation.${verb}`,
    subject,
    ...(personId && { personId }),
  });
}

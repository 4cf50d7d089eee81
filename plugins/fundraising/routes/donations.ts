// One gift with all that happened to it; keeping one that waits, and sending money back.
import { randomUUID } from 'node:crypto';
import { type Context, faultsOf, notFound, type Router, Type } from 'rostra/plugin';
import { findBatch, findEvidence } from '../batch.sql.ts';
import type { Deps } from '../deps.ts';
import type { Donation } from '../donation.sql.ts';
import { accept, demandDonation } from '../donation.ts';
import { countriesIn, nameOf } from '../identity.ts';
import { findEntriesOf } from '../ledger.sql.ts';
import { readMoney, typeMoney } from '../money.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { findPaymentOf } from '../payment.sql.ts';
import { findRefundsOf } from '../refund.sql.ts';
import { sendBack } from '../refund.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const BackForm = Type.Object({
  amount: Type.String({ minLength: 1, maxLength: 30 }),
  reference: Type.String({ minLength: 1, maxLength: 100 }),
  key: Type.Optional(Type.String({ format: 'uuid' })),
});

export function addDonationRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/donations/:donationId', mayEnter(), (ctx) => showDonation(ctx));
  routes.post('/:id/donations/:donationId/accept', mayEnter(), (ctx) => keepHeld(deps, ctx));
  routes.post('/:id/donations/:donationId/back', mayEnter(), (ctx) => enterSent(deps, ctx));
}

export async function showDonation(
  ctx: Context,
  form: { values: Record<string, unknown>; faults: Record<string, string> } = {
    values: {},
    faults: {},
  },
): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'read');
  const leftMinor = donation.amountMinor - donation.refundedMinor;
  const amount = typeMoney(scope, leftMinor, donation.currency);
  const payment = await findPaymentOf(scope, donation.id);
  await ctx.render(
    'donation',
    {
      title: scope.t('fundraising.donation.title', { number: donation.id }),
      ...{ recipient, donation, leftMinor, name: nameOf(donation.identity) },
      batch: donation.batchId && (await findBatch(scope, donation.batchId)),
      countries: countriesIn(scope, donation.identity),
      entries: await findEntriesOf(scope, donation.id),
      evidence: await findEvidence(scope, { donationId: donation.id }),
      refunds: await findRefundsOf(scope, donation.id),
      isOnline: payment?.state === 'succeeded',
      isFaulty: payment?.fault !== undefined,
      mayDo: await deedsOf(scope, recipient),
      form: { values: { amount, refundAmount: amount, ...form.values }, faults: form.faults },
      formKey: randomUUID(),
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
async function enterSent(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'record');
  const form = await ctx.form(BackForm);
  const amountMinor = form.ok ? readMoney(form.value.amount, donation.currency) : undefined;
  if (!form.ok || amountMinor === undefined) {
    const faults = form.ok ? { amount: scope.t('fundraising.fault.amount') } : form.faults;
    return showDonation(ctx, { values: form.values, faults });
  }
  try {
    const { reference, key } = form.value;
    await sendBack(scope, deps, {
      ...{ donationId: donation.id, amountMinor, why: reference, reference, byHand: true },
      ...(key && { key }),
    });
    ctx.done(`${home}/${recipient.id}/donations/${donation.id}`, 'fundraising.donation.back');
  } catch (error) {
    await showDonation(ctx, { values: form.values, faults: faultsOf(scope, error) });
  }
}

export async function whole(ctx: Context, deed: 'read' | 'record') {
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

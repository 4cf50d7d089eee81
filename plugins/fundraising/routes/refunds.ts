// A gift that was paid through a provider goes back the way it came.
import { type Context, faultsOf, type Router, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { readMoney } from '../money.ts';
import { sendBack } from '../refund.ts';
import { showDonation, whole } from './donations.ts';
import { home, mayEnter } from './recipients.ts';

const RefundForm = Type.Object({
  refundAmount: Type.String({ minLength: 1, maxLength: 30 }),
  why: Type.String({ minLength: 1, maxLength: 500 }),
  key: Type.Optional(Type.String({ format: 'uuid' })),
});

export function addRefundRoutes(routes: Router, deps: Deps): void {
  routes.post('/:id/donations/:donationId/refund', mayEnter(), (ctx) => order(deps, ctx));
}

async function order(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { recipient, donation } = await whole(ctx, 'record');
  const form = await ctx.form(RefundForm);
  const { values } = form;
  if (!form.ok) return showDonation(ctx, form);
  const amountMinor = readMoney(form.value.refundAmount, donation.currency);
  if (amountMinor === undefined) {
    const faults = { refundAmount: scope.t('fundraising.fault.amount') };
    return showDonation(ctx, { values, faults });
  }
  try {
    const { why, key } = form.value;
    const what = { donationId: donation.id, amountMinor, why, byHand: false };
    await sendBack(scope, deps, { ...what, ...(key && { key }) });
    ctx.done(`${home}/${recipient.id}/donations/${donation.id}`, 'fundraising.refund.ordered');
  } catch (error) {
    const { amount, ...faults } = faultsOf(scope, error);
    await showDonation(ctx, {
      values,
      faults: { ...faults, ...(amount && { refundAmount: amount }) },
    });
  }
}

// Receipts: one for each accepted gift, numbered without a gap; what goes back is cancelled by a receipt of its own.
import { notFound, refused, type Scope } from 'rostra/plugin';
import { todayOf } from './day.ts';
import type { Deps } from './deps.ts';
import { findLine } from './line.sql.ts';
import type { DonationLine } from './line.ts';
import { demandOffice } from './office.ts';
import {
  findReceipt,
  findReceiptsOf,
  insertReceipt,
  type NewReceipt,
  type ReceiptRow,
  voidReceiptRow,
} from './receipt.sql.ts';

type Gift = Pick<DonationLine, 'id' | 'recipientId' | 'amountMinor' | 'currency'>;

const whole = { kind: 'receipt', cancelsId: undefined } as const;

/**
 * In the transaction in which the gift is accepted, or stands again; of so much as is kept of it. The one that holds for that
 * much already, if there is one; one that was cancelled for a part or all of it is void from then on. Answers its id.
 */
export function issueReceipt(scope: Scope, gift: Gift): Promise<string> {
  return scope.write(async (own) => (await enter(own, gift, whole)) ?? issueAgain(own, gift));
}

async function issueAgain(scope: Scope, gift: Gift): Promise<string> {
  const { id, recipientId, amountMinor } = gift;
  const before = await findReceiptsOf(scope, id);
  const standing = before.find(isStanding);
  if (standing && restOf(standing, before) >= amountMinor) return standing.id;
  if (standing) {
    const why = scope.t('fundraising.receipt.stands-again');
    await voidReceiptRow(scope, recipientId, standing.id, why);
  }
  const anew = standing && (await enter(scope, gift, whole));
  if (!anew) throw new Error(`There is no recipient ${recipientId} to issue a receipt for.`);
  return anew;
}

/** In the transaction in which the money goes back. `undefined` when the gift has no receipt to cancel. */
export function cancelReceipt(
  scope: Scope,
  gift: Omit<Gift, 'amountMinor'>,
  backMinor: number,
): Promise<string | undefined> {
  return scope.write(async (own) => {
    const before = await findReceiptsOf(own, gift.id);
    const standing = before.find(isStanding);
    if (!standing) return undefined;
    // A refund that failed had cancelled its part already.
    const restMinor = restOf(standing, before);
    if (restMinor <= 0) return undefined;
    const values = { ...gift, amountMinor: Math.min(backMinor, restMinor) };
    return enter(own, values, { kind: 'cancellation', cancelsId: standing.id });
  });
}

/** A wrong one keeps its number and its mark; where the gift still stands, another takes its place. Answers that one's id. */
export function replaceReceipt(
  scope: Scope,
  deps: Pick<Deps, 'audit'>,
  { recipientId, id, why }: { recipientId: string; id: string; why: string },
): Promise<string | undefined> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'record');
    const wrong = await findReceipt(own, recipientId, id);
    if (!wrong) throw notFound('receipt', id);
    const all = await findReceiptsOf(own, wrong.donationId);
    const isCancelled = all.some(({ cancels }) => cancels === wrong.label);
    if (!isStanding(wrong) || isCancelled)
      throw refused('fundraising.receipt-not-voidable', { id });
    if (!(await voidReceiptRow(own, recipientId, id, why))) {
      throw refused('fundraising.receipt-not-voidable', { id });
    }
    await deps.audit.record(own, {
      ...{ act: 'receipt.voided', subject: { type: 'donation', id: wrong.donationId } },
      details: { number: wrong.label, why },
    });
    const gift = await findLine(own, recipientId, wrong.donationId);
    // Of a gift that waited a part may have gone back before it was accepted: what was receipted is receipted again.
    const values = gift && { ...gift, amountMinor: wrong.amountMinor };
    return values?.state === 'accepted' ? issueReceipt(own, values) : undefined;
  });
}

async function enter(
  scope: Scope,
  { id: donationId, recipientId, amountMinor, currency }: Gift,
  what: Pick<NewReceipt, 'kind' | 'cancelsId'>,
): Promise<string | undefined> {
  const notices = noticesOf(scope);
  const values = { recipientId, donationId, amountMinor, currency, notices };
  return insertReceipt(scope, { ...values, ...what, issuedOn: todayOf(scope) });
}

/** Of the law under which it is issued; what the French one wants said is French in every language. */
function noticesOf({ law }: Scope): string[] {
  const isOfficial = law.rule('money.receipt.official').value;
  const appeal = law.rule('money.appeal').value ?? [];
  return [
    ...(isOfficial ? ['not-fiscal', 'not-fiscal-why'] : []),
    ...(appeal.includes('not_tax_deductible') ? ['not-deductible'] : []),
  ];
}

function isStanding({ kind, voidedAt }: ReceiptRow): boolean {
  return kind === 'receipt' && !voidedAt;
}

/** For how much it still holds. */
function restOf({ label, amountMinor }: ReceiptRow, all: readonly ReceiptRow[]): number {
  const cancelling = all.filter(({ cancels }) => cancels === label);
  return cancelling.reduce((rest, one) => rest - one.amountMinor, amountMinor);
}

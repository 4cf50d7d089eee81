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
  takeNumber,
  voidReceiptRow,
} from './receipt.sql.ts';

type Gift = Pick<DonationLine, 'id' | 'recipientId' | 'amountMinor' | 'currency'>;

/** In the transaction in which the gift is accepted; the one that holds already, if there is one. Answers its id. */
export function issueReceipt(scope: Scope, gift: Gift): Promise<string> {
  return scope.write(async (own) => {
    const standing = (await findReceiptsOf(own, gift.id)).find(isStanding);
    return standing?.id ?? enter(own, gift, { kind: 'receipt', cancelsId: undefined });
  });
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
    const restMinor = standing.amountMinor - sumCancelled(before, standing.label);
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
): Promise<string> {
  const issuedOn = todayOf(scope);
  const year = Number(issuedOn.slice(0, 4));
  const { seriesId, number, isTest } = await takeNumber(scope, recipientId, year);
  const label = labelOf({ year, number, isTest });
  const notices = noticesOf(scope);
  const values = { recipientId, donationId, amountMinor, currency, issuedOn, notices };
  return insertReceipt(scope, { ...values, ...what, seriesId, number, label });
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

/** `2026-000012`; no test can be taken for a real one. */
export function labelOf(of: { year: number; number: number; isTest: boolean }): string {
  const plain = `${of.year}-${String(of.number).padStart(6, '0')}`;
  return of.isTest ? `TEST-${plain}` : plain;
}

function isStanding({ kind, voidedAt }: ReceiptRow): boolean {
  return kind === 'receipt' && !voidedAt;
}

function sumCancelled(all: readonly ReceiptRow[], label: string): number {
  const cancelling = all.filter(({ cancels }) => cancels === label);
  return cancelling.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

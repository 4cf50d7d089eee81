// Receipts of a recipient: found by number or name, downloaded, declared void with another in their place.
import { type Context, isAppError, notFound, type Router, type Scope, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findLine } from '../line.sql.ts';
import type { DonationLine } from '../line.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { findReceipt, findReceiptsOf, type ReceiptRow, searchReceipts } from '../receipt.sql.ts';
import { replaceReceipt } from '../receipt.ts';
import { receiptPdf } from '../receipt-pdf.ts';
import { queryOf } from './query.ts';
import { addNumberRoutes } from './receipt-numbers.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const aPage = 50;

const ReceiptQuery = Type.Object({
  q: Type.String({ maxLength: 200, default: '' }),
  before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});
const VoidForm = Type.Object({ why: Type.String({ minLength: 3, maxLength: 500 }) });

export function addReceiptRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/receipts', mayEnter(), showAll);
  addNumberRoutes(routes, deps);
  routes.get('/:id/receipts/:receiptId', mayEnter(), (ctx) => showOne(ctx));
  routes.get('/:id/receipts/:receiptId/pdf', mayEnter(), (ctx) => download(deps, ctx));
  routes.post('/:id/receipts/:receiptId/void', mayEnter(), (ctx) => declareVoid(deps, ctx));
}

async function showAll(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const { q, before } = ctx.filters(ReceiptQuery);
  const found = await searchReceipts(scope, recipient.id, {
    ...{ q: q.trim(), before, most: aPage + 1 },
  });
  const receipts = found.slice(0, aPage);
  await ctx.render('receipts', {
    ...{ title: scope.t('fundraising.receipt.title'), recipient, q, receipts },
    isOfficial: scope.law.rule('money.receipt.official').value ?? false,
    isFirst: before === undefined,
    mayDo: await deedsOf(scope, recipient),
    next: found.length > aPage ? receipts.at(-1)?.id : undefined,
    query: queryOf,
  });
}

interface Opened {
  receipt: ReceiptRow;
  gift: DonationLine;
}

async function openReceipt(scope: Scope, ctx: Context, recipientId: string): Promise<Opened> {
  const id = ctx.params['receiptId'] ?? '';
  const receipt = await findReceipt(scope, recipientId, id);
  const gift = receipt && (await findLine(scope, recipientId, receipt.donationId));
  if (!receipt || !gift) throw notFound('receipt', id);
  return { receipt, gift };
}

async function showOne(ctx: Context, faults: Record<string, string> = {}, values = {}) {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const opened = await openReceipt(scope, ctx, recipient.id);
  const may = await deedsOf(scope, recipient);
  const { voidedAt, kind, cancelledBy } = opened.receipt;
  await ctx.render(
    'receipt',
    {
      ...{ title: opened.receipt.label, recipient, ...opened, faults, values },
      others: (await findReceiptsOf(scope, opened.gift.id)).filter(
        ({ id }) => id !== opened.receipt.id,
      ),
      mayVoid: may.record && kind === 'receipt' && !voidedAt && !cancelledBy,
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

async function download(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const { receipt, gift } = await openReceipt(scope, ctx, recipient.id);
  await deps.audit.record(scope, {
    ...{ act: 'receipt.taken', subject: { type: 'donation', id: gift.id } },
    ...(gift.personId && { personId: gift.personId }),
    details: { number: receipt.label },
  });
  const pdf = await receiptPdf(scope, receipt, gift);
  ctx.type = 'application/pdf';
  ctx.attachment(`${receipt.label}.pdf`);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = pdf;
}

async function declareVoid(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const form = await ctx.form(VoidForm);
  if (!form.ok) return showOne(ctx, form.faults, form.values);
  const id = ctx.params['receiptId'] ?? '';
  try {
    const wrong = { recipientId: idOf(ctx), id, why: form.value.why };
    const next = await replaceReceipt(scope, deps, wrong);
    const done = next ? 'fundraising.receipt.replaced' : 'fundraising.receipt.void-done';
    ctx.done(`${home}/${idOf(ctx)}/receipts/${next ?? id}`, done);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'fundraising.receipt-not-voidable') throw error;
    await showOne(ctx, { why: scope.t(error.code) }, form.values);
  }
}

// Batches of cheques, cash and transfers: the slip, the gifts, the papers, and closing it when it adds up.
import { type Context, faultsOf, notFound, type Router, type Static, Type } from 'rostra/plugin';
import { type BatchValues, findBatches, findEvidence, findEvidenceFile } from '../batch.sql.ts';
import { changeBatch, closeBatch, demandBatch, keepEvidence, openBatch } from '../batch.ts';
import type { Deps } from '../deps.ts';
import { findDonations } from '../donation.sql.ts';
import { nameOf } from '../identity.ts';
import { readMoney, typeMoney } from '../money.ts';
import { deedsOf, demandOffice } from '../office.ts';
import type { Recipient } from '../recipient.sql.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const methods = ['cheque', 'cash', 'transfer'] as const;
const batchesAPage = 50;
const giftsShown = 500;
const words = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const BatchForm = Type.Object({
  method: Type.Union(methods.map((method) => Type.Literal(method))),
  depositSlip: words(60),
  statementReference: words(100),
  depositedOn: Type.Optional(Type.String({ format: 'date' })),
  declared: words(30),
});
const FileForm = Type.Object({});
const PageQuery = Type.Object({
  before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
});
interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}
const batchIdOf = (ctx: Context): string => ctx.params['batchId'] ?? '';

export function addBatchRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/batches', mayEnter(), showBatches);
  routes.get('/:id/batches/new', mayEnter(), async (ctx) => {
    const recipient = await demandOffice(ctx.scope, idOf(ctx), 'record');
    await showForm(ctx, recipient, { values: { method: 'cheque' }, faults: {} });
  });
  routes.post('/:id/batches/new', mayEnter(), (ctx) => open(deps, ctx));
  routes.get('/:id/batches/:batchId', mayEnter(), (ctx) => showBatch(ctx));
  routes.post('/:id/batches/:batchId', mayEnter(), (ctx) => change(ctx));
  routes.post('/:id/batches/:batchId/close', mayEnter(), (ctx) => close(deps, ctx));
  routes.post('/:id/batches/:batchId/evidence', mayEnter(), (ctx) =>
    keep(deps, ctx, { batchId: batchIdOf(ctx) }, `batches/${batchIdOf(ctx)}`),
  );
  routes.post('/:id/donations/:donationId/evidence', mayEnter(), (ctx) => {
    const donationId = ctx.params['donationId'] ?? '';
    return keep(deps, ctx, { donationId }, `donations/${donationId}`);
  });
  routes.get('/:id/evidence/:evidenceId', mayEnter(), (ctx) => sendEvidence(deps, ctx));
}

async function showBatches(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const { before } = ctx.filters(PageQuery);
  const found = await findBatches(scope, recipient.id, { before, most: batchesAPage + 1 });
  const batches = found.slice(0, batchesAPage);
  await ctx.render('batches', {
    title: scope.t('fundraising.batch.title'),
    ...{ recipient, batches, mayDo: await deedsOf(scope, recipient) },
    next: found.length > batchesAPage ? batches.at(-1)?.id : undefined,
  });
}

async function open(deps: Deps, ctx: Context): Promise<void> {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), 'record');
  const form = await ctx.form(BatchForm);
  const read = form.ok ? valuesIn(ctx, recipient, form.value) : { faults: form.faults };
  if (!read.values) return showForm(ctx, recipient, { values: form.values, faults: read.faults });
  const id = await openBatch(ctx.scope, deps, recipient.id, read.values);
  ctx.done(`${home}/${recipient.id}/batches/${id}`, 'fundraising.batch.opened');
}

async function change(ctx: Context): Promise<void> {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), 'record');
  const form = await ctx.form(BatchForm);
  const read = form.ok ? valuesIn(ctx, recipient, form.value) : { faults: form.faults };
  if (!read.values) return showBatch(ctx, { values: form.values, faults: read.faults });
  await changeBatch(ctx.scope, batchIdOf(ctx), read.values);
  ctx.done(`${home}/${recipient.id}/batches/${batchIdOf(ctx)}`, 'fundraising.batch.saved');
}

async function close(deps: Deps, ctx: Context): Promise<void> {
  try {
    await closeBatch(ctx.scope, deps, batchIdOf(ctx));
    ctx.done(`${home}/${idOf(ctx)}/batches/${batchIdOf(ctx)}`, 'fundraising.batch.closed');
  } catch (error) {
    const faults = faultsOf(ctx.scope, error);
    await showBatch(ctx, { values: {}, faults });
  }
}

function valuesIn(
  { scope }: Context,
  { currency }: Recipient,
  form: Static<typeof BatchForm>,
): { values: BatchValues; faults?: undefined } | { values?: undefined; faults: Shown['faults'] } {
  const declaredMinor = form.declared ? readMoney(form.declared, currency) : undefined;
  if (form.declared && declaredMinor === undefined) {
    return { faults: { declared: scope.t('fundraising.fault.amount') } };
  }
  return {
    values: {
      ...{ method: form.method, depositedOn: form.depositedOn, declaredMinor },
      depositSlip: form.depositSlip || undefined,
      statementReference: form.statementReference || undefined,
    },
  };
}

async function showForm(ctx: Context, recipient: Recipient, form: Shown): Promise<void> {
  const { scope } = ctx;
  await ctx.render(
    'batch-form',
    {
      title: scope.t('fundraising.batch.new'),
      ...{ recipient, form },
      methods: methods.map((method) => ({
        ...{ value: method, label: scope.t(`fundraising.method.${method}`) },
      })),
    },
    Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

async function showBatch(ctx: Context, form?: Shown): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const batch = await demandBatch(scope, batchIdOf(ctx));
  if (batch.recipientId !== recipient.id) throw notFound('batch', batch.id);
  const states = ['accepted', 'held', 'refunded'] as const;
  const gifts = await findDonations(scope, recipient.id, {
    ...{ states, batchId: batch.id, most: giftsShown },
  });
  const { declaredMinor } = batch;
  const declared = declaredMinor && typeMoney(scope, declaredMinor, recipient.currency);
  await ctx.render(
    'batch',
    {
      title: scope.t('fundraising.batch.one', { number: batch.number }),
      ...{ recipient, batch, mayDo: await deedsOf(scope, recipient) },
      gifts: gifts.map((gift) => ({ ...gift, name: nameOf(gift.identity) })),
      evidence: await findEvidence(scope, { batchId: batch.id }),
      form: { values: { ...batch, declared, ...form?.values }, faults: form?.faults ?? {} },
    },
    form && Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

async function keep(
  deps: Deps,
  ctx: Context,
  of: { donationId?: string; batchId?: string },
  path: string,
): Promise<void> {
  const form = await ctx.form(FileForm, { maxFileBytes: 8 * 1024 * 1024 });
  const [file] = form.files;
  if (file) await keepEvidence(ctx.scope, deps, file, of);
  const said = file ? 'fundraising.evidence.kept' : 'fundraising.evidence.none';
  ctx.done(`${home}/${idOf(ctx)}/${path}`, said);
}

/** As a download: a file from outside is never opened within the admin. */
async function sendEvidence(deps: Deps, ctx: Context): Promise<void> {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), 'read');
  const evidenceId = ctx.params['evidenceId'] ?? '';
  const file = await findEvidenceFile(ctx.scope, recipient.id, evidenceId);
  if (!file) throw notFound('evidence', evidenceId);
  await deps.audit.record(ctx.scope, {
    act: 'evidence.opened',
    subject: { type: 'evidence', id: evidenceId },
  });
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.attachment(file.name);
  ctx.type = file.type;
  ctx.body = file.content;
}

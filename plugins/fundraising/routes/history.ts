// Gifts from before Rostra: upload, say what the columns are, see what would happen, watch it run, take back what was refused.
import { Readable } from 'node:stream';
import { type Context, countryOf, faultsOf, notFound, type Router, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { deleteHistory, findHistories, findHistory, type History } from '../history.sql.ts';
import { keepFile, planHistory, resumeHistory, startHistory } from '../history.ts';
import { guessHistoryFields, historyFields } from '../history-fields.ts';
import { refusedCsv } from '../history-refused.ts';
import { countDateOrders, findRows } from '../history-row.sql.ts';
import { deedsOf, demandOffice } from '../office.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const megabytesMost = 20;
const shownRows = 3;
const shownFiles = 20;
/** Milliseconds without a sign of life after which staff may start it again. */
const quietMost = 2 * 60_000;
const methods = ['card', 'direct_debit', 'transfer', 'cheque', 'cash'] as const;
const orders = ['day', 'month'] as const;
const PlanForm = Type.Object({
  field: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 300 }),
  method: Type.Union(methods.map((method) => Type.Literal(method))),
  dateOrder: Type.Union(orders.map((order) => Type.Literal(order))),
});
type Faults = Record<string, string>;

export function addHistoryRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/history', mayEnter(), (ctx) => showFiles(ctx));
  routes.post('/:id/history', mayEnter(), (ctx) => receive(deps, ctx));
  routes.get('/:id/history/:historyId', mayEnter(), (ctx) => showOne(ctx));
  routes.post('/:id/history/:historyId/check', mayEnter(), (ctx) => check(deps, ctx));
  routes.get('/:id/history/:historyId/columns', mayEnter(), async (ctx) =>
    showColumns(ctx, await historyOf(ctx)),
  );
  routes.post('/:id/history/:historyId/run', mayEnter(), async (ctx) => {
    const history = await historyOf(ctx);
    await startHistory(ctx.scope, deps, history.id);
    ctx.done(pageOf(history), 'fundraising.history.started');
  });
  routes.post('/:id/history/:historyId/resume', mayEnter(), async (ctx) => {
    const history = await historyOf(ctx);
    await resumeHistory(ctx.scope, deps, history.id);
    ctx.done(pageOf(history), 'fundraising.history.resumed');
  });
  routes.post('/:id/history/:historyId/discard', mayEnter(), async (ctx) => {
    const { id, recipientId } = await historyOf(ctx);
    await ctx.scope.write((own) => deleteHistory(own, id));
    ctx.done(`${home}/${recipientId}/history`, 'fundraising.history.discarded');
  });
  routes.get('/:id/history/:historyId/refused', mayEnter(), (ctx) => sendRefused(deps, ctx));
}

const pageOf = ({ id, recipientId }: History) => `${home}/${recipientId}/history/${id}`;

/** Only who records gifts sees files of gifts: an accountant reads what is in the books. */
async function historyOf(ctx: Context): Promise<History> {
  const recipient = await demandOffice(ctx.scope, idOf(ctx), 'record');
  const id = ctx.params['historyId'] ?? '';
  const history = await findHistory(ctx.scope, id);
  if (history?.recipientId !== recipient.id) throw notFound('history', id);
  return history;
}

async function showFiles(ctx: Context, faults: Faults = {}): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'record');
  await ctx.render(
    'history',
    {
      title: scope.t('fundraising.history.title'),
      ...{ recipient, faults, megabytes: megabytesMost },
      files: await findHistories(scope, recipient.id, shownFiles),
      mayDo: await deedsOf(scope, recipient),
    },
    Object.keys(faults).length > 0 ? 422 : 200,
  );
}

async function receive(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'record');
  const form = await ctx.form(Type.Object({}), { maxFileBytes: megabytesMost * 1024 * 1024 });
  if (!form.ok) return showFiles(ctx, form.faults);
  const [file] = form.files;
  if (!file) return showFiles(ctx, { file: scope.t('fundraising.history.fault.no-file') });
  try {
    const id = await keepFile(scope, deps, recipient.id, file);
    ctx.done(`${home}/${recipient.id}/history/${id}`, 'fundraising.history.kept');
  } catch (error) {
    await showFiles(ctx, faultsOf(scope, error));
  }
}

async function check(deps: Deps, ctx: Context): Promise<void> {
  const history = await historyOf(ctx);
  const form = await ctx.form(PlanForm);
  if (!form.ok) return showColumns(ctx, history, form);
  const { field, method, dateOrder } = form.value;
  const fields = history.columns.map((_, at) => (field[at] === '-' ? '' : (field[at] ?? '')));
  try {
    await planHistory(ctx.scope, deps, history.id, { fields, method, dateOrder });
    ctx.done(pageOf(history), 'fundraising.history.checking');
  } catch (error) {
    await showColumns(ctx, history, { values: form.values, faults: faultsOf(ctx.scope, error) });
  }
}

async function showOne(ctx: Context): Promise<void> {
  const history = await historyOf(ctx);
  if (history.state === 'staged') return showColumns(ctx, history);
  const { scope } = ctx;
  // The page that watched the dry run has no place for what was found: it is loaded anew.
  if (history.state === 'checked' && ctx.get('HX-Request')) {
    ctx.set('HX-Refresh', 'true');
    ctx.status = 204;
    return;
  }
  const recipient = await demandOffice(scope, history.recipientId, 'record');
  const isQuiet = scope.now().getTime() - history.touchedAt.getTime() > quietMost;
  const view = history.state === 'checked' ? 'history-check' : 'history-progress';
  await ctx.render(view, { title: history.fileName, recipient, history, isQuiet });
}

async function showColumns(
  ctx: Context,
  history: History,
  form: { values: Record<string, unknown>; faults: Faults } = { values: {}, faults: {} },
): Promise<void> {
  const { scope } = ctx;
  if (history.state !== 'staged' && history.state !== 'checked')
    return ctx.redirect(pageOf(history));
  const recipient = await demandOffice(scope, history.recipientId, 'record');
  const state = history.state === 'staged' ? 'staged' : 'ready';
  const rows = await findRows(scope, history.id, { state, after: 0, most: shownRows });
  const guessed = history.fields ?? guessHistoryFields(history.columns);
  const { field } = form.values;
  const chosen = guessed.map((one, at) => (Array.isArray(field) ? String(field[at]) : one));
  const values = {
    method: history.method ?? 'transfer',
    dateOrder: history.dateOrder ?? (await orderOf(ctx, history, chosen)),
    ...form.values,
  };
  await ctx.render(
    'history-columns',
    {
      title: history.fileName,
      ...{ recipient, history, faults: form.faults, values },
      columns: history.columns.map((name, at) => ({
        ...{ name, field: chosen[at] ?? '' },
        examples: rows.map(({ cells }) => cells[at] ?? '').filter(Boolean),
      })),
      fields: historyFields.map((one) => ({
        value: one,
        label: scope.t(`fundraising.history.field.${one}`),
      })),
      methods: methods.map((one) => ({ value: one, label: scope.t(`fundraising.method.${one}`) })),
      orders: orders.map((one) => ({
        value: one,
        label: scope.t(`fundraising.history.order.${one}`),
      })),
    },
    Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

/** By its own dates; where they could be either, as the country writes them. */
async function orderOf({ scope }: Context, { id, columns }: History, fields: string[]) {
  const place = fields.indexOf('givenOn');
  const { dayFirst, monthFirst } = await countDateOrders(scope, id, Math.max(0, place));
  if (dayFirst !== monthFirst) return dayFirst > monthFirst ? 'day' : 'month';
  const isTheirs = columns.includes('nationbuilder_donation_id');
  return isTheirs || isMonthFirst(countryOf(scope.organization.jurisdiction)) ? 'month' : 'day';
}

function isMonthFirst(country: string | undefined): boolean {
  const parts = new Intl.DateTimeFormat(country ? `en-${country}` : 'en-001').formatToParts(0);
  const [first] = parts.filter(({ type }) => type === 'month' || type === 'day');
  return first?.type === 'month' && parts[0]?.type !== 'year';
}

async function sendRefused(deps: Deps, ctx: Context): Promise<void> {
  const history = await historyOf(ctx);
  const subject = { type: 'history', id: history.id };
  await deps.audit.record(ctx.scope, { act: 'history.taken', subject });
  ctx.type = 'text/csv; charset=utf-8';
  ctx.attachment(`refused-${history.id}.csv`);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = Readable.from(refusedCsv(ctx.scope, history));
}

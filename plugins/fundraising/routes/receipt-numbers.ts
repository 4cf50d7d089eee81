// Official receipt numbers: forms as they come, then which of them went with which donation, looked through before it is done.
import { readFile } from 'node:fs/promises';
import { type Context, type Router, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { demandOffice } from '../office.ts';
import { findDrawer, findPassedOver } from '../receipt-official.sql.ts';
import {
  formsBetween,
  importNumbers,
  linesMost,
  type PlannedPair,
  planNumbers,
  receiveForms,
  type Verdict,
} from '../receipt-official.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const textMost = 400_000;
/** Lines of a plan, and forms passed over, that are shown. */
const shownMost = 200;

const TextForm = Type.Object({ text: Type.Optional(Type.String({ maxLength: textMost })) });
const RunForm = Type.Object({ text: Type.String({ minLength: 1, maxLength: textMost }) });
const FormsForm = Type.Object({
  first: Type.String({ minLength: 1, maxLength: 60 }),
  last: Type.String({ minLength: 1, maxLength: 60 }),
});

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export function addNumberRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/receipts/numbers', mayEnter(), (ctx) =>
    showNumbers(ctx, { values: {}, faults: {} }),
  );
  routes.post('/:id/receipts/numbers', mayEnter(), check);
  routes.post('/:id/receipts/numbers/change', mayEnter(), async (ctx) => {
    const { values } = await ctx.form(TextForm);
    await showNumbers(ctx, { values, faults: {} });
  });
  routes.post('/:id/receipts/numbers/run', mayEnter(), (ctx) => run(deps, ctx));
  routes.post('/:id/receipts/numbers/forms', mayEnter(), (ctx) => receive(deps, ctx));
}

async function showNumbers(ctx: Context, form: Shown): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'record');
  const passedOver = await findPassedOver(scope, recipient.id, shownMost + 1);
  await ctx.render(
    'receipt-numbers',
    {
      ...{ title: scope.t('fundraising.receipt.numbers.title'), recipient, form, linesMost },
      drawer: await findDrawer(scope, recipient.id),
      passedOver: passedOver.slice(0, shownMost),
      isMore: passedOver.length > shownMost,
    },
    Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

/** Pasted, or in a file; a file goes before what was pasted. */
async function check(ctx: Context): Promise<void> {
  const form = await ctx.form(TextForm, { maxFileBytes: textMost });
  if (!form.ok) return showNumbers(ctx, form);
  const [file] = form.files;
  const text = file ? await readFile(file.path, 'utf8') : (form.value.text ?? '');
  const plan = await planNumbers(ctx.scope, idOf(ctx), text);
  if (plan.length === 0) {
    const faults = { text: ctx.scope.t('fundraising.receipt.numbers.none') };
    return showNumbers(ctx, { values: form.values, faults });
  }
  await showPlan(ctx, text, plan);
}

async function showPlan(ctx: Context, text: string, plan: PlannedPair[]): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'record');
  const counts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of plan) counts[verdict] = (counts[verdict] ?? 0) + 1;
  // What does not fit is what somebody has to look at.
  const odd = (pair: PlannedPair) => (pair.verdict === 'fits' && !pair.isStranger ? 1 : 0);
  const ordered = [...plan].sort((one, other) => odd(one) - odd(other) || one.line - other.line);
  await ctx.render('receipt-numbers-check', {
    ...{ title: scope.t('fundraising.receipt.numbers.check'), recipient, text, counts },
    ...{ pairs: ordered.slice(0, shownMost), all: plan.length },
    strangers: plan.filter(({ isStranger }) => isStranger).length,
  });
}

async function run(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(RunForm);
  if (!form.ok) return showNumbers(ctx, form);
  const count = await importNumbers(ctx.scope, deps, idOf(ctx), form.value.text);
  ctx.done(`${home}/${idOf(ctx)}/receipts/numbers`, 'fundraising.receipt.numbers.done', { count });
}

async function receive(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(FormsForm);
  if (!form.ok) return showNumbers(ctx, form);
  const numbers = formsBetween(form.value.first, form.value.last);
  if (!numbers) {
    const faults = {
      last: ctx.scope.t('fundraising.receipt.numbers.no-run', { most: linesMost }),
    };
    return showNumbers(ctx, { values: form.values, faults });
  }
  const count = await receiveForms(ctx.scope, deps, idOf(ctx), numbers);
  const known = numbers.length - count;
  ctx.done(`${home}/${idOf(ctx)}/receipts/numbers`, 'fundraising.receipt.numbers.received', {
    count,
    known,
  });
}

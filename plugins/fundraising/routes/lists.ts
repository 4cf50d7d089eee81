// Lists for the authorities and the accountant, and the ledger: chosen, recorded, sent as they are read.
import { Readable } from 'node:stream';
import { type Context, type Router, type Scope, Type } from 'rostra/plugin';
import { todayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { countList, type ListName, listNames, listsOf, openList } from '../lists/catalogue.ts';
import type { Sheet } from '../lists/sheet.ts';
import { asCsv, asTsv } from '../lists/write.ts';
import { asXlsx, rowsMost } from '../lists/xlsx.ts';
import { deedsOf, demandOffice } from '../office.ts';
import type { Recipient } from '../recipient.sql.ts';
import { home, idOf, mayEnter } from './recipients.ts';

const formats = {
  csv: { type: 'text/csv; charset=utf-8', write: asCsv },
  tsv: { type: 'text/tab-separated-values; charset=utf-8', write: asTsv },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: asXlsx,
  },
} as const;
type Format = keyof typeof formats;

const ListForm = Type.Object({
  list: Type.Union(listNames.map((name) => Type.Literal(name))),
  since: Type.String({ format: 'date' }),
  until: Type.String({ format: 'date' }),
  format: Type.Union((['csv', 'xlsx'] as const).map((format) => Type.Literal(format))),
});

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}

export function addListRoutes(routes: Router, deps: Deps): void {
  routes.get('/:id/lists', mayEnter(), async (ctx) => {
    const recipient = await demandOffice(ctx.scope, idOf(ctx), 'read');
    await showLists(ctx, recipient, { values: usual(ctx.scope, recipient), faults: {} });
  });
  routes.post('/:id/lists', mayEnter(), (ctx) => download(deps, ctx));
}

async function download(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const recipient = await demandOffice(scope, idOf(ctx), 'read');
  const form = await ctx.form(ListForm);
  if (!form.ok) return showLists(ctx, recipient, form);
  const { list, since, until } = form.value;
  const offered = listsOf(scope, recipient).find(({ name }) => name === list);
  const format: Format = offered?.isTsv ? 'tsv' : form.value.format;
  const period = { since, until };
  const count = offered ? await countList(scope, recipient, list, period) : 0;
  const fault = faultOf({ ...period, format, count, isOffered: offered !== undefined });
  if (fault) {
    const faults = { [fault.field]: scope.t(`fundraising.list.fault.${fault.why}`) };
    return showLists(ctx, recipient, { values: form.values, faults });
  }
  await deps.audit.record(scope, {
    ...{ act: 'list.taken', subject: { type: 'recipient', id: recipient.id } },
    details: { list, since, until, count, format },
  });
  send(
    ctx,
    await openList(scope, deps, recipient, { name: list, ...period }),
    format,
    nameOf(recipient, list, period),
  );
}

function faultOf(asked: {
  since: string;
  until: string;
  format: Format;
  count: number;
  isOffered: boolean;
}): { field: string; why: string } | undefined {
  const { since, until, format, count, isOffered } = asked;
  if (!isOffered) return { field: 'list', why: 'list' };
  if (until < since) return { field: 'until', why: 'period' };
  if (count === 0) return { field: 'since', why: 'empty' };
  // An entry has several postings, and totals stand below.
  if (format === 'xlsx' && count * 4 > rowsMost) return { field: 'format', why: 'too-long' };
  return undefined;
}

function send(ctx: Context, sheet: Sheet, format: Format, name: string): void {
  const { type, write } = formats[format];
  ctx.type = type;
  ctx.attachment(`${name}.${format}`);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = Readable.from(write(ctx.scope, sheet));
}

/** No list of play money can be taken for a real one. */
function nameOf(
  { id, isTest }: Recipient,
  list: ListName,
  { since, until }: { since: string; until: string },
): string {
  return `${isTest ? 'TEST-' : ''}${list}-${id}-${since}-${until}`;
}

/** The year so far; of a candidate, the whole time in which gifts are taken. */
function usual(scope: Scope, { opensOn, closesOn }: Recipient): Record<string, unknown> {
  const today = todayOf(scope);
  const until = closesOn && closesOn < today ? closesOn : today;
  return { since: opensOn ?? `${until.slice(0, 4)}-01-01`, until, format: 'csv' };
}

async function showLists(ctx: Context, recipient: Recipient, form: Shown): Promise<void> {
  const { scope } = ctx;
  const lists = listsOf(scope, recipient);
  const values = { list: lists[0]?.name, ...form.values };
  await ctx.render(
    'lists',
    {
      ...{ title: scope.t('fundraising.list.title'), recipient, lists },
      mayDo: await deedsOf(scope, recipient),
      ...{ values, faults: form.faults, action: `${home}/${recipient.id}/lists` },
    },
    Object.keys(form.faults).length > 0 ? 422 : 200,
  );
}

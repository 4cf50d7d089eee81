// /admin/outreach/selections: the record of texts to a selection, as a list and as a file.
import { byteOrderMark, type Context, makeLine, type Scope, Type } from 'rostra/plugin';
import { findSelections, type Selection } from '../selection.sql.ts';
import { recordSources } from '../selection.ts';

const pageSize = 50;
const fileMost = 10_000;
const Filters = Type.Object({ before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })) });

export async function showSelections(ctx: Context): Promise<void> {
  const { scope } = ctx;
  const { before } = ctx.filters(Filters);
  const found = await findSelections(scope, { ...(before && { before }), most: pageSize + 1 });
  const selections = found.slice(0, pageSize);
  const next = found.length > pageSize ? selections.at(-1)?.sendId : undefined;
  await ctx.render('selections', { selections, next, sources: recordSources(scope) });
}

export async function sendSelections(ctx: Context): Promise<void> {
  const { scope } = ctx;
  ctx.type = 'text/csv; charset=utf-8';
  ctx.attachment(`${scope.t('outreach.selection.file')}.csv`);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = await selectionsFile(scope);
}

const columns = [
  ...['name', 'channel', 'tag', 'criteria', 'people', 'from', 'to'],
  ...['rules', 'declared', 'keep'],
] as const;

/** Of nobody by name. */
async function selectionsFile(scope: Scope): Promise<string> {
  const line = await makeLine(scope.locale);
  const all = await findSelections(scope, { most: fileMost });
  const head = columns.map((one) => scope.t(`outreach.selection.${one}`));
  return byteOrderMark + [head, ...all.map((one) => cellsOf(scope, one))].map(line).join('');
}

function cellsOf(scope: Scope, one: Selection): string[] {
  const at = (date: Date | null): string => date?.toISOString() ?? '';
  const declared = one.declared.map((condition) => scope.t(`law.condition.${condition}`));
  return [
    ...[one.name, one.channel, one.tag, one.criteria, String(one.people)],
    ...[at(one.begunAt), at(one.endedAt), one.rules.join('; '), declared.join(' ')],
    at(one.keepUntil).slice(0, 10),
  ];
}

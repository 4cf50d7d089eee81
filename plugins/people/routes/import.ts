// A list brought in: upload, look at it, say what the columns are, watch it run, take back what was refused.
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { type Context, notFound, permit, type Router, Type } from 'rostra/plugin';
import { delimiterFor, fields, guessFields, toCell } from '../csv.ts';
import type { Deps } from '../deps.ts';
import {
  deleteImport,
  findImport,
  findImports,
  findRefused,
  findStaged,
  type ImportRow,
} from '../import.sql.ts';
import { startImport } from '../import.ts';
import { MappingSchema, relations } from '../schemas.ts';
import { stageFile } from '../stage.ts';
import { attempt, type Faults, hasFaults } from './forms.ts';

const fileMost = 200 * 1024 * 1024;
const refusedBatch = 1_000;

export function importRoutes(router: Router, deps: Deps): void {
  const may = permit('people.person.import');
  router.get('/import', may, (ctx) => showImports(ctx, {}));
  router.post('/import', may, async (ctx) => {
    const form = await ctx.form(Type.Object({}), { maxFileBytes: fileMost });
    if (!form.ok) return showImports(ctx, form.faults);
    const [file] = form.files;
    if (!file) return showImports(ctx, { file: ctx.scope.t('people.fault.no-file') });
    let id = '';
    const faults = await attempt(ctx, async () => {
      id = await stageFile(ctx.scope, file);
    });
    if (hasFaults(faults)) return showImports(ctx, faults);
    return ctx.done(`/admin/people/import/${id}`, 'people.import.staged');
  });

  router.get('/import/:import', may, async (ctx) => {
    const found = await importOfPath(ctx);
    if (found.state === 'staged') return showMapping(ctx, found, {}, {});
    return ctx.render('import-progress', { import: found });
  });
  router.post('/import/:import/run', may, async (ctx) => {
    const found = await importOfPath(ctx);
    const form = await ctx.form(MappingSchema);
    if (!form.ok) return showMapping(ctx, found, form.values, form.faults);
    const { field, origin, relation, label } = form.value;
    const chosen = found.columns.map((_, index) =>
      field[index] === '-' ? '' : (field[index] ?? ''),
    );
    const faults = await attempt(ctx, () =>
      startImport(ctx.scope, deps, found.id, { fields: chosen, origin, relation, tag: label }),
    );
    if (hasFaults(faults)) return showMapping(ctx, found, form.values, faults);
    return ctx.done(`/admin/people/import/${found.id}`, 'people.import.started');
  });
  router.post('/import/:import/discard', may, async (ctx) => {
    const found = await importOfPath(ctx);
    await ctx.scope.write((scope) => deleteImport(scope, found.id));
    return ctx.done('/admin/people/import', 'people.import.discarded');
  });
  router.get('/import/:import/refused', may, async (ctx) => {
    const found = await importOfPath(ctx);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.attachment(`refused-${found.id}.csv`);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = Readable.from(refusedCsv(ctx, found));
  });
}

async function importOfPath(ctx: Context): Promise<ImportRow> {
  const id = ctx.params['import'] ?? '';
  const found = await findImport(ctx.scope, id);
  if (!found) throw notFound('import', id);
  return found;
}

async function showImports(ctx: Context, faults: Faults): Promise<void> {
  const imports = await findImports(ctx.scope, 20);
  const decision = ctx.scope.law.decide({
    capability: 'import.external',
    met: ['origin.lawful'],
  });
  const data = { imports, faults, isLawful: decision.effect === 'allow', law: decision.reasons[0] };
  await ctx.render('import', data, hasFaults(faults) ? 422 : 200);
}

async function showMapping(
  ctx: Context,
  found: ImportRow,
  values: Record<string, unknown>,
  faults: Faults,
): Promise<void> {
  const rows = await findStaged(ctx.scope, found.id, 5);
  const guessed = guessFields(found.columns);
  const { field } = values;
  const columns = found.columns.map((name, index) => ({
    name,
    field: Array.isArray(field) ? String(field[index]) : (guessed[index] ?? ''),
    examples: rows.map((row) => row.cells[index] ?? ''),
  }));
  const data = { import: found, columns, fields, relations, values, faults };
  await ctx.render('import-columns', data, hasFaults(faults) ? 422 : 200);
}

/** As it came, with the reason in a last column: mended there, it can be brought in again. */
async function* refusedCsv(ctx: Context, found: ImportRow): AsyncIterable<string> {
  const { scope } = ctx;
  const delimiter = delimiterFor(scope.locale);
  const line = (cells: string[]) => stringify([cells], { delimiter, record_delimiter: '\r\n' });
  yield `\uFEFF${line([...found.columns, scope.t('people.import.reason')])}`;
  for (let after = 0; ; ) {
    const rows = await findRefused(scope, found.id, after, refusedBatch);
    yield rows.map(({ cells, reason }) => line([...cells.map(toCell), scope.t(reason)])).join('');
    if (rows.length < refusedBatch) return;
    after = rows.at(-1)?.line ?? after;
  }
}

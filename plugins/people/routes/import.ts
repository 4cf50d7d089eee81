// A list brought in: upload, look at it, say what the columns are, see what would happen, watch it run, take back what was refused.
import { Readable } from 'node:stream';
import { type Context, notFound, permit, type Router, Type } from 'rostra/plugin';
import { fields as ownFields } from '../csv.ts';
import type { Deps } from '../deps.ts';
import { findImport, findImports, type ImportRow } from '../import.sql.ts';
import { discardImport, planImport, reopen, resumeImport, startImport } from '../import.ts';
import { dateOrdersOf, orderInWords } from '../import-dates.ts';
import { guessFields, importFields, isNationBuilder } from '../import-fields.ts';
import { refusedCsv } from '../import-refused.ts';
import { samplePeople } from '../import-sample.ts';
import { MappingSchema, relations } from '../schemas.ts';
import { findStaged } from '../stage.sql.ts';
import { attempt, type Faults, hasFaults } from './forms.ts';

const megabyte = 1024 * 1024;
/** What can be read while a browser waits; for more there is `rostra import`. */
const megabytesMost = 100;
/** Milliseconds without a sign of life after which staff may start it again. */
const quietMost = 2 * 60_000;
const shown = 10;

export function importRoutes(router: Router, deps: Deps): void {
  const may = permit('people.person.import');
  router.get('/import', may, (ctx) => showImports(ctx, {}));
  router.post('/import', may, (ctx) => receive(ctx));
  router.get('/import/:import', may, async (ctx) => showImport(ctx, await importOfPath(ctx)));
  router.post('/import/:import/check', may, (ctx) => check(ctx, deps));
  router.post('/import/:import/run', may, async (ctx) => {
    const found = await importOfPath(ctx);
    if (found.state === 'checked') await startImport(ctx.scope, deps, found.id);
    return ctx.done(pageOf(found), 'people.import.started');
  });
  router.post('/import/:import/columns', may, async (ctx) => {
    const found = await importOfPath(ctx);
    await reopen(ctx.scope, found.id);
    return ctx.done(pageOf(found), 'people.import.columns-again');
  });
  router.post('/import/:import/resume', may, async (ctx) => {
    const found = await importOfPath(ctx);
    await resumeImport(ctx.scope, deps, found.id);
    return ctx.done(pageOf(found), 'people.import.resumed');
  });
  router.post('/import/:import/discard', may, async (ctx) => {
    const found = await importOfPath(ctx);
    await discardImport(ctx.scope, found.id);
    return ctx.done('/admin/people/import', 'people.import.discarded');
  });
  router.get('/import/:import/refused', may, async (ctx) => {
    const found = await importOfPath(ctx);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.attachment(`refused-${found.id}.csv`);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = Readable.from(refusedCsv(ctx.scope, found));
  });
}

const pageOf = (found: ImportRow) => `/admin/people/import/${found.id}`;

async function receive(ctx: Context): Promise<void> {
  const form = await ctx.form(Type.Object({}), { maxFileBytes: megabytesMost * megabyte });
  if (!form.ok) return showImports(ctx, form.faults);
  const [file] = form.files;
  if (!file) return showImports(ctx, { file: ctx.scope.t('people.fault.no-file') });
  const { stageFile } = await import('../stage.ts');
  let id = '';
  const faults = await attempt(ctx, async () => {
    id = await stageFile(ctx.scope, file);
  });
  if (hasFaults(faults)) return showImports(ctx, faults);
  return ctx.done(`/admin/people/import/${id}`, 'people.import.staged');
}

async function check(ctx: Context, deps: Deps): Promise<void> {
  const found = await importOfPath(ctx);
  const form = await ctx.form(MappingSchema);
  if (!form.ok) return showMapping(ctx, found, form.values, form.faults);
  const { field, origin, relation, label } = form.value;
  const chosen = found.columns.map((_, index) =>
    field[index] === '-' ? '' : (field[index] ?? ''),
  );
  const faults = await attempt(ctx, () =>
    planImport(ctx.scope, deps, found.id, { fields: chosen, origin, relation, tag: label }),
  );
  if (hasFaults(faults)) return showMapping(ctx, found, form.values, faults);
  return ctx.done(pageOf(found), 'people.import.checking');
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
  const data = {
    ...{ imports, faults, megabytes: megabytesMost },
    ...{ isLawful: decision.effect === 'allow', law: decision.reasons[0] },
  };
  await ctx.render('import', data, hasFaults(faults) ? 422 : 200);
}

async function showImport(ctx: Context, found: ImportRow): Promise<void> {
  if (found.state === 'staged') return showMapping(ctx, found, {}, {});
  if (found.state === 'checked') {
    // The page that watched the dry run has no place for what was found: it is loaded anew.
    if (ctx.get('HX-Request')) return loadAnew(ctx);
    const people = await samplePeople(ctx.scope, found, shown);
    const lost = found.columns.filter((_, index) => !found.fields?.[index]);
    return ctx.render('import-check', { import: found, people, lost });
  }
  const moved = found.touchedAt ?? found.createdAt;
  const isQuiet = ctx.scope.now().getTime() - moved.getTime() > quietMost;
  const canResume = found.fault !== 'people.import.fault.lost';
  return ctx.render('import-progress', { import: found, isQuiet, canResume });
}

async function loadAnew(ctx: Context): Promise<void> {
  ctx.set('HX-Refresh', 'true');
  ctx.status = 204;
}

async function showMapping(
  ctx: Context,
  found: ImportRow,
  values: Record<string, unknown>,
  faults: Faults,
): Promise<void> {
  const rows = await findStaged(ctx.scope, found.id, 5);
  const guessed = found.fields ?? guessFields(found.columns);
  const { field } = values;
  const fields = found.columns.map((_, index) =>
    Array.isArray(field) ? String(field[index]) : (guessed[index] ?? ''),
  );
  const orders = await dateOrdersOf(ctx.scope, { ...found, fields });
  const inWords = Object.entries(orders).map(([one, order]) => [
    one,
    orderInWords(ctx.scope, order),
  ]);
  const dates = new Map(inWords as [string, string][]);
  const columns = found.columns.map((name, index) => ({
    ...{ name, field: fields[index] ?? '', dates: dates.get(fields[index] ?? '') },
    examples: rows.map((row) => row.cells[index] ?? ''),
  }));
  const { origin, relation, tag } = found;
  const kept = origin ? { origin, relation, label: tag ?? '', lawful: 'true' } : {};
  const data = {
    ...{ import: found, columns, fields: importFields, relations, faults },
    ownFields: ownFields.length,
    ...{ values: { ...kept, ...values }, isNationBuilder: isNationBuilder(found.columns) },
  };
  await ctx.render('import-columns', data, hasFaults(faults) ? 422 : 200);
}

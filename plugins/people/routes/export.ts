// A list taken out of the house: which columns, for what, and who did it.
import { Readable } from 'node:stream';
import { type Context, permit, type Router } from 'rostra/plugin';
import { fields } from '../csv.ts';
import type { Deps } from '../deps.ts';
import { exportPeople } from '../export.ts';
import { countList } from '../list.sql.ts';
import { ExportSchema } from '../schemas.ts';
import { type Faults, hasFaults } from './forms.ts';
import { filtersOf } from './list.ts';

const countMost = 10_000;
const usual = ['givenName', 'familyName', 'emailAddress', 'phoneNumber'];

export function exportRoutes(router: Router, deps: Deps): void {
  router.get('/export', permit('people.person.export'), (ctx) =>
    showExport(ctx, { ...ctx.query, columns: usual }, {}),
  );
  router.post('/export', permit('people.person.export'), async (ctx) => {
    const form = await ctx.form(ExportSchema);
    if (!form.ok) return showExport(ctx, form.values, form.faults);
    const { columns, reason, ids = '' } = form.value;
    const filters = filtersOf(form.value);
    const chosen = ids.split(',').filter(Boolean);
    await deps.audit.record(ctx.scope, {
      act: 'people.exported',
      details: { reason, columns, ...(chosen.length > 0 ? { people: chosen } : { filters }) },
    });
    const day = ctx.scope.now().toISOString().slice(0, 10);
    ctx.type = 'text/csv; charset=utf-8';
    ctx.attachment(`people-${day}.csv`);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = Readable.from(exportPeople(ctx.scope, { columns, filters, ids: chosen }));
  });
}

async function showExport(
  ctx: Context,
  values: Record<string, unknown>,
  faults: Faults,
): Promise<void> {
  const ids = String(values['ids'] ?? '');
  const filters = filtersOf(values);
  const picked = ids.split(',').filter(Boolean).length;
  const count = picked || (await countList(ctx.scope, filters, countMost + 1));
  const data = { values, faults, filters, ids, count, isMore: count > countMost, fields };
  await ctx.render('export', data, hasFaults(faults) ? 422 : 200);
}

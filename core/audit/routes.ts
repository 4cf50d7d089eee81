// /admin/audit: who did what, to what, and when.

import { type Context, permit, type Router, router } from '../http/context.ts';
import type { Locales } from '../locale.ts';
import { Type } from '../type.ts';
import { type AuditRow, findAudit } from './audit.sql.ts';

const text = Type.Optional(Type.String({ maxLength: 100 }));
const Filters = Type.Object({
  act: text,
  actor: text,
  person: text,
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const pageSize = 50;

export function auditRoutes({ locales }: { locales: Locales }): Router {
  const routes = router();

  routes.get('/', permit('core.audit.read'), async (ctx) => {
    const filters = ctx.filters(Filters);
    const { bound, db } = ctx.scope;
    const found = await findAudit(db, { ...filters, bound, limit: pageSize + 1 });
    const entries = found
      .slice(0, pageSize)
      .map((one) => ({ ...one, ...inWords(locales, ctx, one) }));
    const next = found.length > pageSize ? entries.at(-1)?.id : undefined;
    await ctx.render('audit/audit', { entries, filters, next: next && older(filters, next) });
  });

  return routes;
}

/** What its plugin calls the act and its subject; the names in the trail where it has no words. */
function inWords(locales: Locales, { scope }: Context, entry: AuditRow) {
  const { plugin, act, subjectType, subjectId } = entry;
  const area = plugin === 'core' ? 'audit' : plugin;
  const say = (key: string, otherwise: string, params?: { id: string }) =>
    locales.has(key) ? scope.t(key, params) : otherwise;
  const id = subjectId ?? '';
  return {
    words: say(`${area}.act.${act.slice(plugin.length + 1)}`, act),
    subject:
      subjectType && say(`${area}.subject.${subjectType}`, `${subjectType} ${id}`.trim(), { id }),
  };
}

function older(filters: Record<string, string | undefined>, before: string): string {
  const given = Object.entries({ ...filters, before }).filter(([, value]) => value);
  return new URLSearchParams(given as [string, string][]).toString();
}

// /admin/audit: who did what, to what, and when.

import { permit, type Router, router } from '../http/context.ts';
import { Type } from '../type.ts';
import { findAudit } from './audit.sql.ts';

const text = Type.Optional(Type.String({ maxLength: 100 }));
const Filters = Type.Object({
  act: text,
  actor: text,
  person: text,
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const pageSize = 50;

export function auditRoutes(): Router {
  const routes = router();

  routes.get('/', permit('core.audit.read'), async (ctx) => {
    const filters = ctx.filters(Filters);
    const { bound, db } = ctx.scope;
    const found = await findAudit(db, { ...filters, bound, limit: pageSize + 1 });
    const entries = found.slice(0, pageSize);
    const next = found.length > pageSize ? entries.at(-1)?.id : undefined;
    await ctx.render('audit/audit', { entries, filters, next: next && older(filters, next) });
  });

  return routes;
}

function older(filters: Record<string, string | undefined>, before: string): string {
  const given = Object.entries({ ...filters, before }).filter(([, value]) => value);
  return new URLSearchParams(given as [string, string][]).toString();
}

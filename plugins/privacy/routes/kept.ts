// For the party's office: what was kept of erased people, opened one by one with a reason; and the file for the authority.
import { type Context, permit, type Router } from 'rostra/plugin';
import { authorityFile } from '../authority.ts';
import { sendZip } from '../copy.ts';
import type { Deps } from '../deps.ts';
import { factsOf } from '../file.ts';
import { findKept } from '../kept.sql.ts';
import { openKept } from '../kept.ts';
import { KeptQuery, ReasonForm } from '../schemas.ts';

const mayOpen = () => permit('privacy.kept.open');
const aPage = 50;

export function keptRoutes(routes: Router, deps: Deps): void {
  routes.get('/kept', mayOpen(), (ctx) => showKept(deps, ctx));
  routes.post('/kept/:id', mayOpen(), (ctx) => openOne(deps, ctx));
  const mayHandle = permit('privacy.request.handle');
  routes.get('/authority', mayHandle, (ctx) =>
    ctx.render('authority', { title: ctx.scope.t('privacy.authority.title') }),
  );
  routes.post('/authority', mayHandle, async (ctx) => {
    await deps.audit.record(ctx.scope, { act: 'authority.taken' });
    sendZip(ctx, authorityFile(ctx.scope, deps), ctx.scope.t('privacy.authority.name'));
  });
}

async function showKept(deps: Deps, ctx: Context, fault?: string): Promise<void> {
  const { q, skip } = ctx.filters(KeptQuery);
  const hash = q.trim() ? await deps.mailboxes.hashOf(ctx.scope, q) : undefined;
  const found = await findKept(ctx.scope, { hash, skip }, aPage + 1);
  const at = (from: number) => `?${new URLSearchParams({ q, skip: String(from) })}`;
  await ctx.render(
    'kept',
    {
      ...{ title: ctx.scope.t('privacy.kept.title'), kept: found.slice(0, aPage), q, fault },
      next: found.length > aPage ? at(skip + aPage) : undefined,
      previous: skip > 0 ? at(Math.max(0, skip - aPage)) : undefined,
    },
    fault ? 422 : 200,
  );
}

async function openOne(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(ReasonForm);
  if (!form.ok) return showKept(deps, ctx, form.faults['reason']);
  const kept = await openKept(ctx.scope, deps, ctx.params['id'] ?? '', form.value.reason);
  ctx.set('Cache-Control', 'no-store');
  await ctx.render('opened', { kept, facts: factsOf(ctx.scope, kept.record) });
}

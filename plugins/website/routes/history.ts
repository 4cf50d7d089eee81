// What a page said before: listed, compared with what it says now, taken back.
import { type Context, notFound } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { diffBodies } from '../diff.ts';
import { demandPage, restoreRevision } from '../page.ts';
import { findRevisions, type Revision } from '../redirect.sql.ts';

export async function showHistory(ctx: Context, id: string): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  const revisions = await findRevisions(ctx.scope, id);
  const title = ctx.scope.t('website.history.title', { title: page.title });
  await ctx.render('history', { title, page, revisions });
}

export async function showRevision(ctx: Context, id: string): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  const revision = await demandRevision(ctx, id);
  const changes = diffBodies(revision.body, page.body);
  const title = ctx.scope.t('website.history.title', { title: page.title });
  await ctx.render('revision', { title, page, revision, changes });
}

export async function restore(deps: Deps, ctx: Context, id: string): Promise<void> {
  await restoreRevision(ctx.scope, deps, id, ctx.params.revision ?? '');
  ctx.done(`/admin/website/pages/${id}`, 'website.history.restored');
}

async function demandRevision(ctx: Context, id: string): Promise<Revision> {
  const wanted = ctx.params.revision;
  const found = (await findRevisions(ctx.scope, id)).find((one) => one.id === wanted);
  if (!found) throw notFound('revision', wanted);
  return found;
}

// What a page said before: listed, compared with what it says now, taken back.
import { type Context, notFound } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { diffBodies } from '../diff.ts';
import { demandPage, restoreRevision } from '../page.ts';
import { describeType } from '../page-type.ts';
import { findRevisions, type Revision } from '../redirect.sql.ts';
import { demandSound, settingChanges } from '../type-form.ts';
import { faultsIn } from './editor.ts';

export async function showHistory(ctx: Context, id: string): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  const revisions = await findRevisions(ctx.scope, id);
  const title = ctx.scope.t('website.history.title', { title: page.title });
  await ctx.render('history', { title, page, revisions });
}

export async function showRevision(
  deps: Deps,
  ctx: Context,
  id: string,
  faults: Record<string, string> = {},
  status?: number,
): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  const revision = await demandRevision(ctx, id);
  const changes = diffBodies(revision.body, page.body);
  const type = await describeType(ctx.scope, deps, page.type);
  const both = [revision.settings ?? {}, page.settings ?? {}] as const;
  const settings = type ? await settingChanges(ctx.scope, deps, type, both) : [];
  const title = ctx.scope.t('website.history.title', { title: page.title });
  await ctx.render('revision', { title, page, revision, changes, settings, faults }, status);
}

export async function restore(deps: Deps, ctx: Context, id: string): Promise<void> {
  const faults = await settingFaults(deps, ctx, id);
  if (faults) return showRevision(deps, ctx, id, faults, 422);
  await restoreRevision(ctx.scope, deps, id, ctx.params.revision ?? '');
  ctx.done(`/admin/website/pages/${id}`, 'website.history.restored');
}

/** What its type no longer takes of the settings of then. */
async function settingFaults(
  deps: Deps,
  ctx: Context,
  id: string,
): Promise<Record<string, string> | undefined> {
  const page = await demandPage(ctx.scope, id);
  const type = await describeType(ctx.scope, deps, page.type);
  const { settings } = await demandRevision(ctx, id);
  if (!type || !settings) return undefined;
  try {
    await demandSound(ctx.scope, deps, type, settings);
    return undefined;
  } catch (error) {
    return faultsIn(ctx.scope, error);
  }
}

async function demandRevision(ctx: Context, id: string): Promise<Revision> {
  const wanted = ctx.params.revision;
  const found = (await findRevisions(ctx.scope, id)).find((one) => one.id === wanted);
  if (!found) throw notFound('revision', wanted);
  return found;
}

// A page that another plugin fills: the page's title and text, and below them what that plugin shows.
import { type Context, notFound, type SafeHtml } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { headOf } from '../head.ts';
import type { PagePart, TypedPage } from '../index.ts';
import type { Page } from '../page.sql.ts';
import { findType, type TypeOn } from '../page-type.ts';
import { keep } from './keep.ts';

/** Kept by the pages' rules, and no longer than the part stays as it is. */
export async function showTyped(
  deps: Deps,
  ctx: Context,
  page: Page,
  isPreview: boolean,
): Promise<void> {
  const type = await findType(ctx.scope, deps, page.type);
  if (!type) throw notFound('page');
  const { id, path, title, settings = {} } = page;
  const part = await partOf(deps, ctx, type, { id, path, title, settings, isPreview });
  const piece = part && (await pieceOf(ctx, type, part));
  if (!piece) ctx.set('Retry-After', '60');
  else if (!isPreview) await keep(ctx, part.until);
  await ctx.render('typed', { ...headOf(page), piece }, piece ? 200 : 503);
}

function partOf(
  deps: Deps,
  { scope }: Context,
  { plugin, id, service }: TypeOn,
  page: TypedPage,
): Promise<PagePart | undefined> {
  const asked = { plugin, where: `page type ${id}` };
  return deps.plugins.attempt(scope, asked, () => service.part(scope, page));
}

async function pieceOf(
  ctx: Context,
  { plugin }: TypeOn,
  { view, data, sourcesOf = [] }: PagePart,
): Promise<SafeHtml | undefined> {
  for (const other of sourcesOf) ctx.allow(other);
  return ctx.piece(plugin, view, data);
}

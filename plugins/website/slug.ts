// Addresses of pages: made from the title, checked against those that belong to plugins.
import { type Fault, invalid, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { isPathTaken } from './page.sql.ts';

const longest = 80;

/** `L'été à Lyon` is `l-ete-a-lyon`. */
export function slugOf(title: string): string {
  const slug = title
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-|-$/g, '');
  return slug === '' ? 'page' : slug;
}

export function pathOf(parentPath: string | undefined, slug: string): string {
  return parentPath === undefined ? `/${slug}` : `${parentPath}/${slug}`;
}

/** Throws `invalid` unless the address is free; `but` is the page that may have it. */
export async function demandFreePath(
  scope: Scope,
  deps: Deps,
  path: string,
  but?: string,
): Promise<void> {
  if (await isReserved(scope, deps, path)) throw invalid([fault('reserved')]);
  if (await isPathTaken(scope, path, but)) throw invalid([fault('taken')]);
}

async function isReserved(scope: Scope, deps: Deps, path: string): Promise<boolean> {
  const first = `/${path.split('/')[1] ?? ''}`;
  return (await deps.plugins.reservedPaths(scope)).includes(first);
}

function fault(name: string): Fault {
  return { path: '/slug', message: `website.fault.slug.${name}` };
}

// Kinds of pages that other plugins bring: which are on, what they say of themselves, which pages wait for theirs.
import type { Scope, TSchema } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { PageType } from './index.ts';
import type { PageHead } from './page.sql.ts';

export interface TypeOn {
  plugin: string;
  id: string;
  service: PageType;
}
/** In the reader's language. */
export interface DescribedType extends TypeOn {
  name: string;
  summary: string;
  settings: TSchema;
}

/** They never change, and each visitor's page would ask for them. */
const ids = new WeakMap<PageType, string>();

/** One that fails is left out, and told of in its plugin's name. */
export async function describeTypes(scope: Scope, deps: Deps): Promise<DescribedType[]> {
  const types: DescribedType[] = [];
  // One after the other: a chapter's staff read on one connection.
  for (const { plugin, service } of deps.pageTypes(scope)) {
    const type = await describe(scope, deps, plugin, service);
    if (type) types.push(type);
  }
  return types;
}

export async function describeType(
  scope: Scope,
  deps: Deps,
  id: string | undefined,
): Promise<DescribedType | undefined> {
  return id === undefined
    ? undefined
    : (await describeTypes(scope, deps)).find((type) => type.id === id);
}

export async function findType(
  scope: Scope,
  deps: Deps,
  id: string | undefined,
): Promise<TypeOn | undefined> {
  return id === undefined ? undefined : (await typesOn(scope, deps, [id]))[0];
}

/** Without those whose type is off: visitors meet them nowhere. */
export async function withoutHidden<P extends PageHead>(
  scope: Scope,
  deps: Deps,
  pages: P[],
): Promise<P[]> {
  const wanted = [...new Set(pages.flatMap(({ type }) => type ?? []))];
  if (wanted.length === 0) return pages;
  const on = (await typesOn(scope, deps, wanted)).map(({ id }) => id);
  return pages.filter(({ type }) => type === undefined || on.includes(type));
}

/** The plugin that must be on for the page to be shown, by its name where that is known. */
export function fillerOf(scope: Scope, type: string): string {
  const id = type.slice(0, type.indexOf('.'));
  const key = `${id}.plugin.name`;
  const name = scope.t(key);
  return name === key ? id : name;
}

/** Of those that are wanted; the others' plugins are not asked. */
async function typesOn(scope: Scope, deps: Deps, wanted: readonly string[]): Promise<TypeOn[]> {
  const types: TypeOn[] = [];
  for (const { plugin, service } of deps.pageTypes(scope)) {
    if (!wanted.some((type) => type.startsWith(`${plugin}.`))) continue;
    const id = ids.get(service) ?? (await describe(scope, deps, plugin, service))?.id;
    if (id && wanted.includes(id)) types.push({ plugin, id, service });
  }
  return types;
}

function describe(
  scope: Scope,
  deps: Deps,
  plugin: string,
  service: PageType,
): Promise<DescribedType | undefined> {
  return deps.plugins.attempt(scope, { plugin, where: 'page type' }, async () => {
    const { id, name, summary, settings } = await service.describe(scope);
    if (!/^[a-z0-9-]+\.[a-z][a-z0-9-]*$/.test(id) || !id.startsWith(`${plugin}.`)) {
      throw new Error(`The page type "${id}" must be called "${plugin}.<name>", in small letters.`);
    }
    ids.set(service, id);
    return { plugin, id, service, name: scope.t(name), summary: scope.t(summary), settings };
  });
}

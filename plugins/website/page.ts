// Pages: written, saved, published, put in order. Each change drops the kept pages of the site.
import { invalid, notFound, refused, type Scope, silenceWords } from 'rostra/plugin';
import { cleanBody } from './body.ts';
import type { Deps } from './deps.ts';
import type { PageSettings } from './index.ts';
import { fromLocal } from './local-time.ts';
import {
  deletePage,
  findPage,
  findPages,
  insertPage,
  type Kind,
  movePathsBelow,
  type Page,
  type PageHead,
  type PageValues,
  updateMenu,
  updatePage,
  writerOf,
} from './page.sql.ts';
import {
  deleteRedirectFrom,
  findRevisions,
  insertRedirect,
  insertRevision,
} from './redirect.sql.ts';
import { demandFreePath, pathOf, slugOf } from './slug.ts';

/** As the editor's form brings it. */
export interface PageInput {
  title: string;
  slug?: string;
  parentId?: string;
  summary?: string;
  body?: string;
  inMenu: boolean;
  when: 'draft' | 'now' | 'at';
  /** For `at`: without zone, in the organization's. */
  publishAt?: string;
  /** Of a page with a type, checked by it; those of before where they are left out. */
  settings?: PageSettings;
}

/** What staff may make; of the others each site has one. */
export const creatable: readonly Kind[] = ['page', 'post', 'sign_up', 'typed'];

/** Those that stand where the editor puts them. */
export const isPlaceable = (kind: Kind): boolean => kind === 'page' || kind === 'typed';

export function createPage(
  scope: Scope,
  deps: Deps,
  { kind, type }: { kind: Kind; type?: string | undefined },
  input: PageInput,
): Promise<string> {
  return scope.write(async (own) => {
    const parent = await parentOf(own, kind, input.parentId);
    const slug = slugOf(input.slug ?? input.title);
    const path = pathOf(parent?.path, slug);
    await demandFreePath(own, deps, path);
    const values = valuesOf(own, input, { parent, slug, path });
    await demandNoSilence(own, deps, values);
    const position = (await findPages(own)).length;
    const id = await insertPage(own, { ...values, kind, type, position });
    if (!id) throw invalid([{ path: '/slug', message: 'website.fault.slug.taken' }]);
    await deleteRedirectFrom(own, path);
    await settle(own, deps, id, 'created');
    if (values.state === 'published')
      await deps.events.emit(own, 'website.page.published', { pageId: id });
    return id;
  });
}

/** Refused with `website.edited-meanwhile` when somebody saved since `version`. */
export function savePage(
  scope: Scope,
  deps: Deps,
  id: string,
  version: number,
  input: PageInput,
): Promise<void> {
  return scope.write(async (own) => {
    const before = await demandPage(own, id);
    const place = await placeOf(own, deps, before, input);
    const values = valuesOf(own, input, { ...place, before });
    await demandNoSilence(own, deps, values);
    if (!(await updatePage(own, id, version, values))) {
      throw refused('website.edited-meanwhile', { pageId: id });
    }
    await keepAddresses(own, before, place.path);
    await settle(own, deps, id, 'changed');
    const isNew = values.state === 'published' && before.state === 'draft';
    if (isNew) await deps.events.emit(own, 'website.page.published', { pageId: id });
  });
}

export async function demandPage(scope: Scope, id: string): Promise<Page> {
  const page = await findPage(scope, id);
  if (!page) throw notFound('page', id);
  return page;
}

export function restoreRevision(
  scope: Scope,
  deps: Deps,
  id: string,
  revisionId: string,
): Promise<void> {
  return scope.write(async (own) => {
    const page = await demandPage(own, id);
    const found = (await findRevisions(own, id)).find((revision) => revision.id === revisionId);
    if (!found) throw notFound('revision', revisionId);
    await demandNoSilence(own, deps, page);
    const { title, summary, body } = found;
    const settings = found.settings ?? page.settings;
    const author = writerOf(own);
    await updatePage(own, id, page.version, { ...page, title, summary, body, settings, author });
    await settle(own, deps, id, 'restored');
  });
}

export function removePage(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const page = await demandPage(own, id);
    if (!creatable.includes(page.kind)) throw refused('website.page-needed', {});
    if (!(await deletePage(own, id))) throw refused('website.page-has-pages', {});
    await deps.audit.record(own, { act: 'page.deleted', subject: { type: 'page', id } });
    await deps.cache.drop(own);
  });
}

/** Puts the page one place up or down among those of the menu. */
export function movePage(
  scope: Scope,
  deps: Deps,
  id: string,
  direction: 'up' | 'down',
): Promise<void> {
  return scope.write(async (own) => {
    const menu = await menuOf(own);
    const at = menu.findIndex((page) => page.id === id);
    const to = direction === 'up' ? at - 1 : at + 1;
    const [moved, other] = [menu[at], menu[to]];
    if (!moved || !other) return;
    menu[at] = other;
    menu[to] = moved;
    await updateMenu(
      own,
      menu.map((page, position) => ({ id: page.id, inMenu: true, position })),
    );
    await deps.cache.drop(own);
  });
}

export function putInMenu(scope: Scope, deps: Deps, id: string, inMenu: boolean): Promise<void> {
  return scope.write(async (own) => {
    const page = await demandPage(own, id);
    const position = (await menuOf(own)).length;
    await updateMenu(own, [{ id: page.id, inMenu, position }]);
    await deps.audit.record(own, { act: 'menu.changed', subject: { type: 'page', id } });
    await deps.cache.drop(own);
  });
}

/** In order, also those that are not shown yet. */
export async function menuOf(scope: Scope): Promise<PageHead[]> {
  const pages = await findPages(scope);
  return pages
    .filter((page) => page.inMenu)
    .sort((a, b) => a.position - b.position || Number(a.id) - Number(b.id));
}

/** A page moved: where it stood leads to where it stands, also for those below it. */
async function keepAddresses(scope: Scope, before: Page, path: string): Promise<void> {
  if (path === before.path) return;
  const below = await movePathsBelow(scope, before.path, path);
  const all = [{ from: before.path, to: path, state: before.state }, ...below];
  // A draft's address was nowhere yet.
  for (const moved of all.filter(({ state }) => state === 'published')) {
    await insertRedirect(scope, moved.from, moved.to);
    await deleteRedirectFrom(scope, moved.to);
  }
}

async function settle(scope: Scope, deps: Deps, id: string, verb: string): Promise<void> {
  await insertRevision(scope, id);
  await deps.audit.record(scope, { act: `page.${verb}`, subject: { type: 'page', id } });
  await deps.cache.drop(scope);
}

async function placeOf(scope: Scope, deps: Deps, before: Page, input: PageInput) {
  if (before.kind === 'front') return { parent: undefined, slug: '', path: '/' };
  const parent = await parentOf(scope, before.kind, input.parentId);
  if (parent && (parent.path === before.path || parent.path.startsWith(`${before.path}/`))) {
    throw invalid([{ path: '/parentId', message: 'website.fault.parent' }]);
  }
  const slug = slugOf(input.slug ?? input.title);
  const path = pathOf(parent?.path, slug);
  if (path !== before.path) await demandFreePath(scope, deps, path, before.id);
  return { parent, slug, path };
}

/** Posts stand below the news; other pages where the editor put them. */
async function parentOf(
  scope: Scope,
  kind: Kind,
  parentId: string | undefined,
): Promise<PageHead | undefined> {
  if (kind === 'post') return (await findPages(scope)).find((page) => page.kind === 'news');
  if (!isPlaceable(kind) || parentId === undefined) return undefined;
  const parent = await findPage(scope, parentId);
  if (parent && isPlaceable(parent.kind)) return parent;
  throw invalid([{ path: '/parentId', message: 'website.fault.parent' }]);
}

/** Before an election what is out may stay as it is, and a draft may be written; nothing new comes out. */
async function demandNoSilence(
  scope: Scope,
  deps: Deps,
  { state, publishAt }: Pick<PageValues, 'state' | 'publishAt'>,
): Promise<void> {
  if (state === 'draft') return;
  const now = scope.now();
  const when = publishAt && publishAt > now ? publishAt : now;
  const silenced = await deps.silence.at(scope, ['publish.page'], when);
  if (silenced) {
    throw refused('website.silent', { status: 451, ...silenceWords(scope, silenced) });
  }
}

interface Place {
  parent: PageHead | undefined;
  slug: string;
  path: string;
  before?: Page;
}

function valuesOf(
  scope: Scope,
  input: PageInput,
  { parent, slug, path, before }: Place,
): Omit<PageValues, 'kind' | 'type' | 'position'> {
  const publishAt = publishAtOf(scope, input, before);
  return {
    ...{ parentId: parent?.id, slug, path },
    title: input.title,
    summary: input.summary ?? '',
    body: cleanBody(input.body ?? ''),
    state: input.when === 'draft' ? 'draft' : 'published',
    publishAt,
    inMenu: input.inMenu,
    settings: input.settings ?? before?.settings,
    author: writerOf(scope),
  };
}

/** A page that is out keeps the day on which it came out. */
function publishAtOf(scope: Scope, input: PageInput, before: Page | undefined): Date | undefined {
  const { when, publishAt } = input;
  if (when === 'draft') return undefined;
  if (when === 'now') {
    const isOut = before?.publishAt !== undefined && before.publishAt <= scope.now();
    return isOut ? before.publishAt : scope.now();
  }
  const at = publishAt && fromLocal(publishAt, scope.organization.timeZone);
  if (!at) throw invalid([{ path: '/publishAt', message: 'website.fault.publish-at' }]);
  return at;
}

// Pages in the database: found, listed, written. Each site is one organization's, so each query names it.
import type { Row, Scope } from 'rostra/plugin';
import type { FormSettings } from './form.ts';
import type { PageSettings } from './index.ts';

export const kinds = [
  'front',
  'page',
  'news',
  'post',
  'sign_up',
  'privacy',
  'imprint',
  'typed',
] as const;
export type Kind = (typeof kinds)[number];

/** A page without what is long: for lists and menus. */
export interface PageHead {
  id: string;
  parentId: string | undefined;
  kind: Kind;
  /** Of `typed`: which plugin fills it, with what. */
  type: string | undefined;
  slug: string;
  path: string;
  title: string;
  summary: string;
  state: 'draft' | 'published';
  publishAt: Date | undefined;
  inMenu: boolean;
  position: number;
  version: number;
  author: string | undefined;
  createdAt: Date;
  changedAt: Date;
}
export interface Page extends PageHead {
  body: string;
  form: FormSettings | undefined;
  /** Of `typed`. */
  settings: PageSettings | undefined;
  previewKey: string;
  /** For networks. */
  image: { id: string; href: string; alt: string } | undefined;
}

const head = `p.id, p.parent_id as "parentId", p.kind, p.type, p.slug, p.path, p.title, p.summary, p.state,
  p.publish_at as "publishAt", p.in_menu as "inMenu", p.position, p.version, p.author,
  p.created_at as "createdAt", p.changed_at as "changedAt"`;
const whole = `${head}, p.body, p.form, p.settings, p.preview_key as "previewKey",
  (select jsonb_build_object('id', i.id::text, 'href', i.href, 'alt', i.alt)
     from website.image i where i.id = p.image_id) as image`;
const isShown = `p.state = 'published' and p.publish_at <= :now`;

function given(scope: Scope, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { organizationId: scope.organization.id, now: scope.now(), ...more };
}

async function find<T extends PageHead>(
  scope: Scope,
  columns: string,
  where: string,
  bindings: Record<string, unknown> = {},
): Promise<T[]> {
  const found = await scope.db.raw(
    `select ${columns} from website.page p where p.organization_id = :organizationId and ${where}`,
    given(scope, bindings) as never,
  );
  return found.rows.map((row: Row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])),
  );
}

export async function findPage(scope: Scope, id: string): Promise<Page | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  return (await find<Page>(scope, whole, 'p.id = :id', { id }))[0];
}

export async function findPageByPath(scope: Scope, path: string): Promise<Page | undefined> {
  return (await find<Page>(scope, whole, 'p.path = :path', { path }))[0];
}

/** As a visitor may see it. */
export async function findShownPage(scope: Scope, path: string): Promise<Page | undefined> {
  return (await find<Page>(scope, whole, `p.path = :path and ${isShown}`, { path }))[0];
}

export async function findPageByPreview(scope: Scope, key: string): Promise<Page | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return undefined;
  return (await find<Page>(scope, whole, 'p.preview_key = :key', { key }))[0];
}

/** All pages but the posts, from the root down. */
export function findPages(scope: Scope): Promise<PageHead[]> {
  return find(scope, head, `p.kind <> 'post' order by p.path`);
}

export function findShownPages(scope: Scope): Promise<PageHead[]> {
  return find(scope, head, `${isShown} order by p.path`);
}

/** What the frame of each page needs: menu, call to act, links of the footer. */
export function findFrame(scope: Scope): Promise<PageHead[]> {
  return find(
    scope,
    head,
    `${isShown} and (p.in_menu or p.kind in ('sign_up', 'news', 'privacy', 'imprint'))
     order by p.position, p.id`,
  );
}

/** Where the first page of the kind stands, if it is shown. */
export async function findAddress(scope: Scope, kind: Kind): Promise<string | undefined> {
  const where = `${isShown} and p.kind = :kind order by p.position, p.id limit 1`;
  return (await find(scope, head, where, { kind }))[0]?.path;
}

/** Newest first; `after` is the last one that was shown. */
export function findShownPosts(scope: Scope, most: number, after?: PageHead): Promise<PageHead[]> {
  return find(
    scope,
    head,
    `p.kind = 'post' and ${isShown}
     and (cast(:afterId as bigint) is null or (p.publish_at, p.id) < (:afterAt, cast(:afterId as bigint)))
     order by p.publish_at desc, p.id desc limit :most`,
    { most, afterId: after?.id ?? null, afterAt: after?.publishAt ?? null },
  );
}

export function findFeedPosts(scope: Scope, most: number): Promise<Page[]> {
  return find(
    scope,
    whole,
    `p.kind = 'post' and ${isShown} order by p.publish_at desc, p.id desc limit :most`,
    { most },
  );
}

/** For staff: drafts first, then the newest. */
export function findPosts(scope: Scope, most: number, after?: PageHead): Promise<PageHead[]> {
  return find(
    scope,
    head,
    `p.kind = 'post' and (cast(:afterId as bigint) is null
       or (coalesce(p.publish_at, 'infinity'), p.id)
        < (coalesce(cast(:afterAt as timestamptz), 'infinity'), cast(:afterId as bigint)))
     order by coalesce(p.publish_at, 'infinity') desc, p.id desc limit :most`,
    { most, afterId: after?.id ?? null, afterAt: after?.publishAt ?? null },
  );
}

/** When the site changes next by itself. */
export async function findNextPublication(scope: Scope): Promise<Date | undefined> {
  const found = await scope.db.raw(
    `select min(publish_at) as at from website.page
     where organization_id = :organizationId and state = 'published' and publish_at > :now`,
    given(scope) as never,
  );
  return found.rows[0].at ?? undefined;
}

/** Whether staff wrote or changed anything yet. */
export async function hasOwnPages(scope: Scope): Promise<boolean> {
  const found = await scope.db.raw(
    `select exists (select from website.page where organization_id = :organizationId
       and author is not null and state = 'published') as has`,
    given(scope) as never,
  );
  return found.rows[0].has;
}

export interface PageValues {
  parentId: string | undefined;
  kind: Kind;
  slug: string;
  path: string;
  title: string;
  summary: string;
  body: string;
  state: 'draft' | 'published';
  publishAt: Date | undefined;
  inMenu: boolean;
  position: number;
  author: string | undefined;
  /** Both or none. */
  type?: string | undefined;
  settings?: PageSettings | undefined;
}

function bindingsOf(scope: Scope, values: PageValues): Record<string, unknown> {
  const filled = Object.entries({ type: null, ...values }).map(([name, value]) => [
    name,
    value ?? null,
  ]);
  const settings = values.settings ? JSON.stringify(values.settings) : null;
  return given(scope, { ...Object.fromEntries(filled), settings });
}

/** Answers the id, or `undefined` when its address is taken. */
export async function insertPage(scope: Scope, values: PageValues): Promise<string | undefined> {
  const found = await scope.db.raw(
    `insert into website.page (organization_id, parent_id, kind, type, settings, slug, path, title, summary, body,
       state, publish_at, in_menu, position, author, created_at, changed_at)
     values (:organizationId, :parentId, :kind, :type, cast(:settings as jsonb), :slug, :path, :title, :summary, :body,
       :state, :publishAt, :inMenu, :position, :author, :now, :now)
     on conflict do nothing returning id`,
    bindingsOf(scope, values) as never,
  );
  return found.rows[0]?.id;
}

/** Answers the page as it is now; `undefined` when somebody changed it since `version`. */
export async function updatePage(
  scope: Scope,
  id: string,
  version: number,
  values: Omit<PageValues, 'kind' | 'type' | 'position'>,
): Promise<boolean> {
  const found = await scope.db.raw(
    `update website.page set parent_id = :parentId, slug = :slug, path = :path, title = :title,
       summary = :summary, body = :body, state = :state, publish_at = :publishAt, in_menu = :inMenu,
       settings = cast(:settings as jsonb), author = :author, changed_at = :now, version = version + 1
     where organization_id = :organizationId and id = :id and version = :version`,
    { ...bindingsOf(scope, values as PageValues), id, version } as never,
  );
  return found.rowCount === 1;
}

/** Whether another page has the address. */
export async function isPathTaken(scope: Scope, path: string, but?: string): Promise<boolean> {
  const found = await find(scope, head, 'p.path = :path', { path });
  return found.some((page) => page.id !== but);
}

/** Puts what lies below an address below another; answers the old address of each. */
export async function movePathsBelow(
  scope: Scope,
  from: string,
  to: string,
): Promise<{ from: string; to: string; state: Page['state'] }[]> {
  const found = await scope.db.raw(
    `update website.page set path = cast(:to as text) || substr(path, length(cast(:from as text)) + 1)
     where organization_id = :organizationId and starts_with(path, cast(:from as text) || '/')
     returning state, path as "to", cast(:from as text) || substr(path, length(cast(:to as text)) + 1) as "from"`,
    given(scope, { from, to }) as never,
  );
  return found.rows;
}

export async function updateMenu(
  scope: Scope,
  places: { id: string; inMenu: boolean; position: number }[],
): Promise<void> {
  await scope.db.raw(
    `update website.page p set in_menu = m."inMenu", position = m.position
     from jsonb_to_recordset(cast(:places as jsonb)) as m (id bigint, "inMenu" boolean, position integer)
     where p.organization_id = :organizationId and p.id = m.id`,
    given(scope, { places: JSON.stringify(places) }) as never,
  );
}

export async function updateForm(scope: Scope, id: string, form: FormSettings): Promise<void> {
  await scope.db.raw(
    `update website.page set form = cast(:form as jsonb), changed_at = :now, author = :author
     where organization_id = :organizationId and id = :id`,
    given(scope, { id, form: JSON.stringify(form), author: writerOf(scope) ?? null }) as never,
  );
}

/** A page that has no page below it; answers whether it went. */
export async function deletePage(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db.raw(
    `delete from website.page p where p.organization_id = :organizationId and p.id = :id
     and not exists (select from website.page below where below.parent_id = p.id)`,
    given(scope, { id }) as never,
  );
  return found.rowCount === 1;
}

export function writerOf(scope: Scope): string | undefined {
  return scope.actor.kind === 'staff' ? scope.actor.name : undefined;
}

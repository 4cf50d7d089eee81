// The editor of one page: shown, saved, and both texts side by side when somebody else saved meanwhile.
import {
  type Context,
  type Form,
  faultsOf,
  isAppError,
  notFound,
  type Scope,
  type Static,
  toLocal,
} from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { diffBodies } from '../diff.ts';
import { updatePageImage } from '../image.sql.ts';
import { findPages, type Kind, type Page } from '../page.sql.ts';
import {
  creatable,
  createPage,
  demandPage,
  isPlaceable,
  type PageInput,
  savePage,
} from '../page.ts';
import { type DescribedType, describeType, describeTypes, fillerOf } from '../page-type.ts';
import { NewQuery, type PageForm } from '../schemas.ts';
import {
  asFields,
  demandSound,
  fieldsOf,
  pageFormOf,
  settingChanges,
  settingsIn,
  usualFields,
} from '../type-form.ts';
import { imagesFor } from './images.ts';

type Shown = Pick<Form<unknown>, 'values' | 'faults'>;
type Given = Static<typeof PageForm>;

const ownKinds = ['page', 'post', 'sign_up'] as const;

/** What the editor is opened on. */
interface Opened {
  kind: Kind;
  /** Of `typed`, while its plugin is on. */
  type?: DescribedType | undefined;
  page?: Page;
}

export async function showNew(deps: Deps, ctx: Context): Promise<void> {
  const { kind, type } = ctx.filters(NewQuery);
  if (!kind && !type) return showChoice(deps, ctx);
  const opened = await wantedOf(deps, ctx);
  const usual = opened.type && usualFields(opened.type);
  await show(deps, ctx, opened, { values: { ...usual, when: 'draft' }, faults: {} });
}

/** What can be made: the site's own kinds, and those that plugins which are on bring. */
async function showChoice(deps: Deps, ctx: Context): Promise<void> {
  const { scope } = ctx;
  const own = ownKinds.map((kind) => ({
    query: `kind=${kind}`,
    name: scope.t(`website.kind.${kind}`),
    summary: scope.t(`website.kind.${kind}.does`),
  }));
  const others = (await describeTypes(scope, deps)).map(({ id, name, summary }) => ({
    ...{ query: `type=${id}`, name, summary },
  }));
  await ctx.render('choose', {
    title: scope.t('website.choose.title'),
    types: [...own, ...others],
  });
}

export async function createFrom(deps: Deps, ctx: Context): Promise<void> {
  const opened = await wantedOf(deps, ctx);
  const { kind, type } = opened;
  const form = await ctx.form(pageFormOf(type));
  if (!form.ok) return show(deps, ctx, opened, form);
  const input = inputOf(form.value, type);
  try {
    if (type) await demandSound(ctx.scope, deps, type, input.settings ?? {});
    const id = await ctx.scope.write(async (own) => {
      const made = await createPage(own, deps, { kind, type: type?.id }, input);
      await updatePageImage(own, made, form.value.imageId);
      return made;
    });
    ctx.done(`/admin/website/pages/${id}`, savedAs(form.value), { title: form.value.title });
  } catch (error) {
    await show(deps, ctx, opened, { ...form, faults: faultsIn(ctx.scope, error) }, 422);
  }
}

export async function showEditor(deps: Deps, ctx: Context, id: string): Promise<void> {
  const opened = await openedAt(deps, ctx, id);
  await show(deps, ctx, opened, { values: valuesOf(ctx.scope, opened.page), faults: {} });
}

export async function saveFrom(deps: Deps, ctx: Context, id: string): Promise<void> {
  const opened = await openedAt(deps, ctx, id);
  const { page, type } = opened;
  const form = await ctx.form(pageFormOf(type));
  if (!form.ok) return show(deps, ctx, opened, form);
  const input = inputOf(form.value, type);
  try {
    if (type) await demandSound(ctx.scope, deps, type, input.settings ?? {});
    await ctx.scope.write(async (own) => {
      await savePage(own, deps, id, form.value.version ?? page.version, input);
      await updatePageImage(own, id, form.value.imageId);
    });
    ctx.done(`/admin/website/pages/${id}`, savedAs(form.value), { title: form.value.title });
  } catch (error) {
    if (isAppError(error) && error.code === 'website.edited-meanwhile') {
      return showConflict(deps, ctx, id, form);
    }
    await show(deps, ctx, opened, { ...form, faults: faultsIn(ctx.scope, error) }, 422);
  }
}

/** What was typed stays in the form; saving again is then meant. */
async function showConflict(
  deps: Deps,
  ctx: Context,
  id: string,
  form: Form<Given>,
): Promise<void> {
  const opened = await openedAt(deps, ctx, id);
  const { page: theirs, type } = opened;
  const values = { ...form.values, version: theirs.version };
  const mine = String(form.values['body'] ?? '');
  const both = [theirs.settings ?? {}, settingsIn(form.values)] as const;
  const settings = type ? await settingChanges(ctx.scope, deps, type, both) : [];
  const changes = diffBodies(theirs.body, mine);
  const conflict = { theirs, changes, settings, mine: form.values };
  await show(deps, ctx, opened, { values, faults: {} }, 409, conflict);
}

async function show(
  deps: Deps,
  ctx: Context,
  { kind, type, page }: Opened,
  form: Shown,
  status?: number,
  conflict?: object,
): Promise<void> {
  const { scope } = ctx;
  const fresh = type?.name ?? scope.t(`website.editor.new.${kind}`);
  const data = {
    title: page?.title ?? fresh,
    ...{ kind, page, form, conflict, type },
    fields: type ? await fieldsOf(scope, deps, type, form) : [],
    missing: page?.type && !type ? fillerOf(scope, page.type) : undefined,
    isOut: page?.state === 'published' && page.publishAt && page.publishAt <= scope.now(),
    canGo: page && creatable.includes(kind),
    parents: isPlaceable(kind) ? await parentsFor(scope, page) : [],
    zone: scope.organization.timeZone,
    images: await imagesFor(ctx),
  };
  await ctx.render('editor', data, status);
}

async function openedAt(
  deps: Deps,
  { scope }: Context,
  id: string,
): Promise<Opened & { page: Page }> {
  const page = await demandPage(scope, id);
  return { kind: page.kind, page, type: await describeType(scope, deps, page.type) };
}

async function wantedOf(deps: Deps, ctx: Context): Promise<Opened> {
  const { kind, type: id } = ctx.filters(NewQuery);
  if (id === undefined) return { kind: ownKinds.find((one) => one === kind) ?? 'page' };
  const type = await describeType(ctx.scope, deps, id);
  if (!type) throw notFound('page type', id);
  return { kind: 'typed', type };
}

/** Pages that it can stand below: not itself, nor what stands below it. */
async function parentsFor(scope: Scope, page: Page | undefined) {
  const pages = await findPages(scope);
  const isBelow = (path: string) =>
    page && (path === page.path || path.startsWith(`${page.path}/`));
  return pages
    .filter((one) => isPlaceable(one.kind) && !isBelow(one.path))
    .map((one) => ({ value: one.id, label: one.title }));
}

function valuesOf(scope: Scope, page: Page): Record<string, unknown> {
  const { publishAt, state } = page;
  const isAhead = publishAt !== undefined && publishAt > scope.now();
  return {
    ...page,
    ...asFields(page.settings),
    imageId: page.image?.id,
    when: state === 'draft' ? 'draft' : isAhead ? 'at' : 'now',
    publishAt: isAhead ? toLocal(publishAt, scope.organization.timeZone) : undefined,
  };
}

function inputOf(value: Given, type: DescribedType | undefined): PageInput {
  const { version: _, imageId: __, ...input } = value;
  return type ? { ...input, settings: settingsIn(value) } : input;
}

function savedAs({ when }: Given): string {
  return `website.page.saved.${when}`;
}

/** What a verb refuses of a single field comes back beside it; anything else goes on. */
export function faultsIn(scope: Scope, error: unknown): Record<string, string> {
  if (isAppError(error) && ['website.silent', 'core.silence-unknown'].includes(error.code)) {
    return { when: scope.t(error.code, error.details) };
  }
  return faultsOf(scope, error);
}

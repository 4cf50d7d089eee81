// The editor of one page: shown, saved, and both texts side by side when somebody else saved meanwhile.
import { type Context, type Form, isAppError, type Scope, type Static } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { diffBodies } from '../diff.ts';
import { updatePageImage } from '../image.sql.ts';
import { toLocal } from '../local-time.ts';
import { findPages, type Kind, type Page } from '../page.sql.ts';
import { creatable, createPage, demandPage, type PageInput, savePage } from '../page.ts';
import { NewQuery, PageForm } from '../schemas.ts';
import { imagesFor } from './images.ts';

type Shown = Pick<Form<unknown>, 'values' | 'faults'>;
type Given = Static<typeof PageForm>;

export async function showNew(ctx: Context): Promise<void> {
  const values = { when: 'draft' };
  await show(ctx, kindOf(ctx), undefined, { values, faults: {} });
}

export async function createFrom(deps: Deps, ctx: Context): Promise<void> {
  const kind = kindOf(ctx);
  const form = await ctx.form(PageForm);
  if (!form.ok) return show(ctx, kind, undefined, form);
  try {
    const id = await ctx.scope.write(async (own) => {
      const made = await createPage(own, deps, kind, inputOf(form.value));
      await updatePageImage(own, made, form.value.imageId);
      return made;
    });
    ctx.done(`/admin/website/pages/${id}`, savedAs(form.value), { title: form.value.title });
  } catch (error) {
    const faults = faultsIn(ctx.scope, error);
    await show(ctx, kind, undefined, { ...form, faults }, 422);
  }
}

export async function showEditor(ctx: Context, id: string): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  await show(ctx, page.kind, page, { values: valuesOf(ctx.scope, page), faults: {} });
}

export async function saveFrom(deps: Deps, ctx: Context, id: string): Promise<void> {
  const page = await demandPage(ctx.scope, id);
  const form = await ctx.form(PageForm);
  if (!form.ok) return show(ctx, page.kind, page, form);
  try {
    const version = form.value.version ?? page.version;
    await ctx.scope.write(async (own) => {
      await savePage(own, deps, id, version, inputOf(form.value));
      await updatePageImage(own, id, form.value.imageId);
    });
    ctx.done(`/admin/website/pages/${id}`, savedAs(form.value), { title: form.value.title });
  } catch (error) {
    if (isAppError(error) && error.code === 'website.edited-meanwhile') {
      return showConflict(ctx, id, form);
    }
    await show(ctx, page.kind, page, { ...form, faults: faultsIn(ctx.scope, error) }, 422);
  }
}

/** What was typed stays in the form; saving again is then meant. */
async function showConflict(ctx: Context, id: string, form: Form<Given>): Promise<void> {
  const theirs = await demandPage(ctx.scope, id);
  const values = { ...form.values, version: theirs.version };
  const mine = String(form.values['body'] ?? '');
  const conflict = { theirs, changes: diffBodies(theirs.body, mine), mine: form.values };
  await show(ctx, theirs.kind, theirs, { values, faults: {} }, 409, conflict);
}

async function show(
  ctx: Context,
  kind: Kind,
  page: Page | undefined,
  form: Shown,
  status?: number,
  conflict?: object,
): Promise<void> {
  const { scope } = ctx;
  const name = page ? 'edit' : 'new';
  const data = {
    title: page?.title ?? scope.t(`website.editor.${name}.${kind}`),
    ...{ kind, page, form, conflict },
    isOut: page?.state === 'published' && page.publishAt && page.publishAt <= scope.now(),
    canGo: page && creatable.includes(kind),
    parents: kind === 'page' ? await parentsFor(scope, page) : [],
    zone: scope.organization.timeZone,
    images: await imagesFor(ctx),
  };
  await ctx.render('editor', data, status);
}

/** Pages that it can stand below: not itself, nor what stands below it. */
async function parentsFor(scope: Scope, page: Page | undefined) {
  const pages = await findPages(scope);
  const isBelow = (path: string) =>
    page && (path === page.path || path.startsWith(`${page.path}/`));
  return pages
    .filter((one) => one.kind === 'page' && !isBelow(one.path))
    .map((one) => ({ value: one.id, label: one.title }));
}

function valuesOf(scope: Scope, page: Page): Record<string, unknown> {
  const { publishAt, state } = page;
  const isAhead = publishAt !== undefined && publishAt > scope.now();
  return {
    ...page,
    imageId: page.image?.id,
    when: state === 'draft' ? 'draft' : isAhead ? 'at' : 'now',
    publishAt: isAhead ? toLocal(publishAt, scope.organization.timeZone) : undefined,
  };
}

function inputOf({ version: _, imageId: __, ...input }: Given): PageInput {
  return input;
}

function savedAs({ when }: Given): string {
  return `website.page.saved.${when}`;
}

function kindOf(ctx: Context): Kind {
  const { kind } = ctx.filters(NewQuery);
  return creatable.find((one) => one === kind) ?? 'page';
}

/** What a verb refuses of a single field comes back beside it; anything else goes on. */
export function faultsIn(scope: Scope, error: unknown): Record<string, string> {
  if (isAppError(error) && error.code === 'website.silent') {
    return { when: scope.t(error.code, error.details) };
  }
  if (!isAppError(error) || error.status !== 422) throw error;
  const faults = error.details['faults'] as { path: string; message: string; params?: object }[];
  return Object.fromEntries(
    faults.map(({ path, message, params }) => [path.slice(1), scope.t(message, { ...params })]),
  );
}

// /admin/look: the party's look drafted, seen on every view, published and brought back, without a line of code.
import { isAppError } from '../errors.ts';
import {
  type Context,
  type Form,
  permit,
  type Router,
  router,
  type UploadedFile,
} from '../http/context.ts';
import { letFrameOwn } from '../http/frame.ts';
import type { Scope } from '../scope.ts';
import type { Themes } from '../theme/themes.ts';
import { type Choices, colours, type FileField, fileFields, ownOf } from './choices.ts';
import { type Faults, LookForm, linkRows, readForm, valuesOf } from './form.ts';
import { findPublished } from './look.sql.ts';
import {
  bringBack,
  discardDraft,
  draftOf,
  type LookVerbDeps,
  publishLook,
  saveDraft,
} from './looks.ts';
import { type PreviewDeps, previewRoutes, samplesFor } from './preview.ts';
import { verdictsOn } from './verdict.ts';

export interface LookPageDeps extends LookVerbDeps, PreviewDeps {
  themes: Themes;
}

const maxFileBytes = 8 * 1024 * 1024;
const pictures = ['image/svg+xml', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const wanted: Record<FileField, { accept: 'image' | 'font'; types?: string[]; maxBytes: number }> =
  {
    logo: { accept: 'image', types: pictures, maxBytes: 1024 * 1024 },
    logoDark: { accept: 'image', types: pictures, maxBytes: 1024 * 1024 },
    icon: {
      accept: 'image',
      types: ['image/svg+xml', 'image/png', 'image/x-icon'],
      maxBytes: 256 * 1024,
    },
    headingFont: { accept: 'font', maxBytes: 2 * 1024 * 1024 },
    bodyFont: { accept: 'font', maxBytes: 2 * 1024 * 1024 },
  };

/** Mounted at `/admin/look`. */
export function lookRoutes(deps: LookPageDeps): Router {
  const routes = router();
  const may = permit('core.look.manage');
  routes.get('/', may, (ctx) => show(deps, ctx));
  routes.post('/', may, (ctx) => save(deps, ctx, false));
  routes.post('/publish', may, (ctx) => save(deps, ctx, true));
  routes.post('/discard', may, async (ctx) => {
    await discardDraft(deps, ctx.scope);
    ctx.done('/admin/look', 'look.discarded');
  });
  routes.get('/history', may, async (ctx) => {
    const title = ctx.scope.t('look.history');
    await ctx.render('look/history', { title, looks: await findPublished(ctx.scope) });
  });
  routes.post('/history/:id', may, async (ctx) => {
    await bringBack(deps, ctx.scope, ctx.params.id ?? '');
    ctx.done('/admin/look', 'look.brought-back');
  });
  previewRoutes(deps, routes, may);
  return routes;
}

async function save(deps: LookPageDeps, ctx: Context, isFinal: boolean): Promise<void> {
  const form = await ctx.form(LookForm, { maxFileBytes });
  if (!form.ok) return show(deps, ctx, form);
  const { scope } = ctx;
  const { words, faults } = readForm(scope, form.value);
  if (Object.keys(faults).length > 0) return show(deps, ctx, { ...form, faults });
  const { revision = 0, without } = form.value;
  try {
    const choices = await saveDraft(deps, scope, revision, (own) =>
      chosenIn(deps, own, words, without, form.files),
    );
    if (isFinal) await publishLook(deps, scope, choices);
  } catch (error) {
    return show(deps, ctx, { ...form, faults: faultsIn(scope, error) });
  }
  if (ctx.get('HX-Request') !== '') return show(deps, ctx, undefined, form.value.view);
  const view = form.value.view ? `?view=${encodeURIComponent(form.value.view)}` : '';
  ctx.done(`/admin/look${view}`, isFinal ? 'look.published' : 'look.saved');
}

/** The words of the form, and the files that were there, came, or are to go. */
async function chosenIn(
  deps: LookPageDeps,
  scope: Scope,
  words: Choices,
  without: readonly string[],
  files: readonly UploadedFile[],
): Promise<Choices> {
  const { choices: before } = await draftOf(deps, scope);
  const chosen: Record<string, unknown> = { ...words };
  for (const field of fileFields) {
    const file = files.find((one) => one.field === field);
    if (file) chosen[field] = await take(deps, scope, field, file);
    else if (!without.includes(field)) chosen[field] = before[field];
  }
  return ownOf(chosen, aboveOf(deps, scope));
}

async function take({ store }: LookPageDeps, scope: Scope, field: FileField, file: UploadedFile) {
  try {
    const kept = await store.put(scope, { ...wanted[field], path: file.path, name: file.name });
    const { id: upload, href: src, type, name, width = 1, height = 1, isVariable = false } = kept;
    return kept.kind === 'font'
      ? { upload, name, src, type, isVariable }
      : { upload, name, src, type, width, height };
  } catch (error) {
    throw isAppError(error) ? Object.assign(error, { field }) : error;
  }
}

/** What is refused of a file is said beside its field. */
function faultsIn(scope: Scope, error: unknown): Faults {
  if (!isAppError(error)) throw error;
  if (error.code === 'look.edited-meanwhile') return { accent: scope.t('look.edited-meanwhile') };
  const field = 'field' in error ? String(error.field) : undefined;
  const faults = error.details['faults'] as { message: string; params?: object }[] | undefined;
  if (!field || !faults?.[0]) throw error;
  return { [field]: scope.t(faults[0].message, { ...faults[0].params }) };
}

/** With the theme's own colours and radius, so that the form shows what is worn. */
function aboveOf({ looks, themes }: LookPageDeps, { organization }: Scope): Choices {
  const { tokens } = themes.whole(looks.with(organization, {}));
  const own = [...colours, 'radius'].map((name) => [name, tokens[name]]);
  return { ...Object.fromEntries(own), ...looks.above(organization) };
}

type Shown = Pick<Form<unknown>, 'values' | 'faults'>;

async function show(
  deps: LookPageDeps,
  ctx: Context,
  form?: Shown,
  view = form?.values['view'] as string | undefined,
): Promise<void> {
  const { scope } = ctx;
  const draft = await draftOf(deps, scope);
  const chosen = { ...aboveOf(deps, scope), ...draft.choices };
  const whole = deps.themes.whole(deps.looks.with(scope.organization, draft.choices));
  const published = await findPublished(scope);
  letFrameOwn(ctx);
  // htmx puts in place only what was not refused.
  const isPiece = ctx.get('HX-Request') !== '';
  const data = {
    title: scope.t('look.title'),
    ...{ isPiece, linkRows, fileFields, chosen, published },
    own: draft.choices,
    values: form?.values ?? valuesOf(chosen),
    faults: form?.faults ?? {},
    draft: draft.revision > 0 ? draft : undefined,
    revision: draft.revision,
    verdicts: verdictsOn(whole),
    ...samplesFor(deps, ctx, view),
  };
  await ctx.render('look/look', data, form && !isPiece ? 422 : 200);
}

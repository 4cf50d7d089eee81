// Pictures: the page that keeps them, and the choice that the editor shows.
import { type Context, type Form, isAppError, Type } from 'rostra/plugin';
import type { Deps } from '../deps.ts';
import { findImages, type Image } from '../image.sql.ts';
import { addImage, describeImage, removeImage } from '../image.ts';
import { AfterQuery } from '../schemas.ts';
import { faultsIn } from './editor.ts';

const alt = Type.String({ minLength: 1, maxLength: 300 });
const ImageForm = Type.Object({ alt });
const imagesAPage = 48;
const here = '/admin/website/images';

interface Shown {
  values: Record<string, unknown>;
  faults: Record<string, string>;
}
const nothing: Shown = { values: {}, faults: {} };

export async function showImages(ctx: Context, form = nothing, status?: number): Promise<void> {
  const { after } = ctx.filters(AfterQuery);
  const found = await findImages(ctx.scope, imagesAPage + 1, after);
  const images = found.slice(0, imagesAPage);
  const next = found.length > imagesAPage ? `?after=${images.at(-1)?.id}` : undefined;
  const title = ctx.scope.t('website.images.title');
  await ctx.render('images', { title, images: images.map(withCode), next, form }, status);
}

export async function uploadImage(deps: Deps, ctx: Context): Promise<void> {
  const kept = await takeImage(deps, ctx);
  if (kept !== nothing) return showImages(ctx, kept, 422);
  ctx.done(here, 'website.images.added');
}

/** Within the editor's dialog, for htmx. */
export async function chooseImage(deps: Deps, ctx: Context): Promise<void> {
  const form = await takeImage(deps, ctx);
  await ctx.fragment('partials/image-choice', { images: await imagesFor(ctx), form });
}

export async function describeFrom(deps: Deps, ctx: Context): Promise<void> {
  const form = await ctx.form(ImageForm);
  if (!form.ok) return showImages(ctx, form);
  await describeImage(ctx.scope, deps, ctx.params['id'] ?? '', form.value.alt);
  ctx.done(here, 'website.images.saved');
}

export async function dropImage(deps: Deps, ctx: Context): Promise<void> {
  try {
    await removeImage(ctx.scope, deps, ctx.params['id'] ?? '');
  } catch (error) {
    if (!isAppError(error) || error.code !== 'website.image-used') throw error;
    const file = ctx.scope.t(error.code, error.details);
    return showImages(ctx, { values: {}, faults: { file } }, 409);
  }
  ctx.done(here, 'website.images.removed');
}

/** What the editor offers. */
export async function imagesFor(ctx: Context) {
  return findImages(ctx.scope, imagesAPage);
}

/** Answers what is wrong, if anything. */
async function takeImage(deps: Deps, ctx: Context): Promise<Shown> {
  const form = await ctx.form(ImageForm);
  const file: Form<unknown>['files'][number] | undefined = form.files[0];
  if (!form.ok || !file) {
    const file = ctx.scope.t('website.images.file.missing');
    return { values: form.values, faults: form.ok ? { file } : form.faults };
  }
  try {
    await addImage(ctx.scope, deps, { path: file.path, name: file.name }, form.value.alt.trim());
    return nothing;
  } catch (error) {
    return { values: form.values, faults: faultsIn(ctx.scope, error) };
  }
}

/** For who writes in HTML: its size stands in it, so that nothing moves when it comes. */
function withCode(image: Image) {
  const width = Math.min(image.width, 1200);
  const height = Math.round((image.height * width) / image.width);
  const words = image.alt.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const code = `<figure><img src="${image.href}" alt="${words}" width="${width}" height="${height}"></figure>`;
  return { ...image, code };
}

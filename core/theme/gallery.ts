// Every view with its sample data, to be looked at while a theme is made: an index, and each page by itself.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Organization } from '../organizations/organization.ts';
import type { Look } from './look.ts';
import { drawSample, listSamples, type Sample, type SampleDeps } from './samples.ts';
import { makeTemplates } from './templates.ts';

export interface Shown {
  organization: Organization;
  look: Look;
}

export interface GalleryAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Answers `<base>/`, `<base>/view/<plugin>/<view>` and what these load; nothing else. */
export type Gallery = (address: URL) => Promise<GalleryAnswer | undefined>;

const files = path.join(import.meta.dirname, 'dev');
const scripts: Record<string, string> = {
  'gallery.css': 'text/css',
  'reload.js': 'text/javascript',
};

export function makeGallery(deps: SampleDeps, base: string, shown: () => Shown): Gallery {
  const templates = makeTemplates(false);
  const draw = (name: string, data: object) =>
    templates.render(path.join(files, `${name}.eta`), { base, ...data }).html;

  function showIndex(locale: string): GalleryAnswer {
    const { organization, look } = shown();
    const t = (key: string, params?: Record<string, unknown>) =>
      deps.locales.t(locale, key, params);
    const views = listSamples(deps).map((one) => ({ ...one, href: hrefOf(base, one, locale) }));
    const plugins = [...new Set(views.map(({ plugin }) => plugin))];
    const groups = plugins.map((id) => ({
      id,
      views: views.filter(({ plugin }) => plugin === id),
    }));
    const { known } = deps.locales;
    return page(200, draw('gallery', { t, locale, known, organization, look, groups }));
  }

  /** A theme's fault is shown, where a visitor would get the page in `plain`. */
  async function showView(sample: Sample, locale: string): Promise<GalleryAnswer> {
    const { organization, look } = shown();
    try {
      const html = await drawSample(deps, organization, look, sample, locale, true);
      return page(200, html, sample.view.startsWith('mail/'));
    } catch (error) {
      return page(500, draw('fault', { message: (error as Error).message }));
    }
  }

  async function asset(address: string): Promise<GalleryAnswer | undefined> {
    const found = await deps.themes.findAsset(address);
    if (!found) return undefined;
    const kept = found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
    const headers = { 'Content-Type': found.type, 'Cache-Control': kept };
    return { status: 200, headers, body: found.body };
  }

  return async ({ pathname, searchParams }) => {
    if (pathname.startsWith('/assets/')) return asset(pathname);
    if (!pathname.startsWith(`${base}/`)) return undefined;
    const rest = pathname.slice(base.length + 1);
    const type = scripts[rest];
    if (type) return { status: 200, headers: { 'Content-Type': type }, body: read(rest) };
    const locale = deps.locales.choose(searchParams.get('locale') ?? undefined, 'en');
    if (rest === '') return showIndex(locale);
    const sample = find(listSamples(deps), rest, searchParams.get('name'));
    return sample && showView(sample, locale);
  };
}

export function hrefOf(base: string, { plugin, view, name }: Sample, locale: string): string {
  return `${base}/view/${plugin}/${view}?${new URLSearchParams({ name, locale })}`;
}

function find(samples: Sample[], rest: string, name: string | null): Sample | undefined {
  const own = samples.filter(({ plugin, view }) => rest === `view/${plugin}/${view}`);
  return name === null ? own[0] : own.find((one) => one.name === name);
}

function read(file: string): Buffer {
  return readFileSync(path.join(files, file));
}

/** Under the policy of the site, but for the frame around it; a mail's styles stand on its tags. */
function page(status: number, body: string, isMail = false): GalleryAnswer {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${isMail ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'none'",
  ].join('; ');
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
  };
  return { status, headers, body };
}

// Sample data of every view of the site and of every mail: it lies beside the view, `front.eta` and `front.sample.json`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { Locales } from '../locale.ts';
import { root } from '../manifests.ts';
import type { Organization } from '../organizations/organization.ts';
import type { SiteFrame } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import type { Look } from './look.ts';
import { richText, SafeHtml } from './safe.ts';
import type { Themes } from './themes.ts';

/** One state of one view, e.g. the sign-up form with what is wrong in it. */
export interface Sample {
  /** Or the area of the core. */
  plugin: string;
  /** `front`, or `mail/confirm` of a mail. */
  view: string;
  name: string;
}

/** A house has all of it. */
export interface SampleDeps {
  readonly themes: Themes;
  readonly locales: Locales;
  readonly clock: Clock;
  readonly found: readonly { manifest: { id: string }; folder: string }[];
}

type Data = Record<string, unknown>;

/** What a page of the site or a mail can be drawn with, by plugin and view. */
export function listSamples(deps: Pick<SampleDeps, 'found'>): Sample[] {
  return samplesOf(deps, ({ $frame }) => $frame !== false);
}

/** With those that are no page: a feed, a file for robots. */
export function everySample(deps: Pick<SampleDeps, 'found'>): Sample[] {
  return samplesOf(deps, () => true);
}

/** One look at the disk for all: an admin’s page asks for each of its frames. */
function samplesOf(deps: Pick<SampleDeps, 'found'>, isWanted: (data: Data) => boolean): Sample[] {
  return viewsOf(deps).flatMap(({ plugin, view, file }) =>
    Object.entries(readSamples(file))
      .filter(([, data]) => isWanted(data))
      .map(([name]) => ({ plugin, view, name })),
  );
}

/** Views that nobody could look at before a visitor does. */
export function viewsWithoutSample(deps: Pick<SampleDeps, 'found'>): string[] {
  return viewsOf(deps)
    .filter(({ file }) => Object.keys(readSamples(file)).length === 0)
    .map(({ plugin, view }) => `${plugin}/${view}`);
}

/** The whole page, or the mail, of an organization in a look that need not be its own. */
export function renderSample(
  deps: SampleDeps,
  organization: Organization,
  look: Look,
  sample: Sample,
  locale: string,
): Promise<string> {
  return drawSample(deps, organization, look, sample, locale, false);
}

/** `isStrict`: a fault in the theme is thrown, where visitors would be shown the page in `plain`. */
export async function drawSample(
  deps: SampleDeps,
  organization: Organization,
  look: Look,
  { plugin, view, name }: Sample,
  locale: string,
  isStrict: boolean,
  more: Data = {},
): Promise<string> {
  const { $frame: frame = 'usual', $in: host, ...given } = dataOf(deps, { plugin, view, name });
  const { locales } = deps;
  const scope = viewScope(organization, locale, deps.clock.now(), (key, params) =>
    locales.t(locale, key, params),
  );
  const data = { ...(valueOf(given, locales, locale) as Data), ...more };
  if (view.startsWith('mail/')) {
    const mail = { scope, look, isStrict, view: `${plugin}/${view.slice('mail/'.length)}`, data };
    return (await deps.themes.renderMail(mail)).html;
  }
  const asked = {
    scope,
    look,
    isStrict,
    view: `${plugin}/${view}`,
    data,
    surface: 'site',
  } as const;
  if (host === undefined) {
    const around = frame !== false && sampleFrame(String(frame), data, locales, locale);
    return deps.themes.render({ ...asked, frame: around });
  }
  const piece = new SafeHtml(await deps.themes.render({ ...asked, frame: false }));
  const [owner = '', page = ''] = String(host).split('/');
  const whole = { plugin: owner, view: page, name: 'usual' };
  return drawSample(deps, organization, look, whole, locale, isStrict, { piece });
}

/** All of a scope that the drawing of a view may use. */
export function viewScope(
  organization: Organization,
  locale: string,
  now: Date,
  t: Scope['t'],
  may: Scope['may'] = () => false,
): Scope {
  const unused = () => {
    throw new Error('a view has no business there');
  };
  return {
    organization,
    bound: undefined,
    law: { decide: unused, demand: unused, rule: unused },
    actor: { kind: 'visitor' },
    locale,
    get db(): never {
      return unused();
    },
    write: unused,
    aside: unused,
    now: () => now,
    may,
    t,
  };
}

interface SampledView extends Omit<Sample, 'name'> {
  file: string;
}

function viewsOf({ found }: Pick<SampleDeps, 'found'>): SampledView[] {
  const core = path.join(root, 'core');
  const areas = readdirSync(core).map((area) => ({
    id: area,
    views: path.join(core, area, 'views'),
  }));
  return [
    ...viewsIn('http', path.join(core, 'http/views'), ''),
    ...areas.flatMap(({ id, views }) => viewsIn(id, path.join(views, 'mail'), 'mail/')),
    ...found.flatMap(({ manifest, folder }) => [
      ...viewsIn(manifest.id, path.join(folder, 'views/site'), ''),
      ...viewsIn(manifest.id, path.join(folder, 'views/mail'), 'mail/'),
    ]),
  ];
}

function viewsIn(plugin: string, folder: string, prefix: string): SampledView[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.eta') && !file.includes('partials/'))
    .sort()
    .map((file) => file.slice(0, -'.eta'.length))
    .map((view) => ({
      ...{ plugin, view: prefix + view },
      file: path.join(folder, `${view}.sample.json`),
    }));
}

function readSamples(file: string): Record<string, Data> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

function dataOf(deps: Pick<SampleDeps, 'found'>, { plugin, view, name }: Sample): Data {
  const found = viewsOf(deps).find((each) => each.plugin === plugin && each.view === view);
  const data = found && readSamples(found.file)[name];
  if (!data) throw new Error(`there is no sample '${name}' of ${plugin}/${view}`);
  return data;
}

/** What stands around the page: `usual`, or `crowded` with all that a party can put there. */
function sampleFrame(name: string, data: Data, locales: Locales, locale: string): object {
  const frame = readSamples(path.join(import.meta.dirname, 'frame.sample.json'))[name];
  if (!frame) throw new Error(`there is no frame '${name}'`);
  const site = valueOf(frame, locales, locale) as SiteFrame;
  const here = (data['page'] as { path?: string } | undefined)?.path;
  const menu = site.menu?.map(({ children = [], ...item }) => ({
    ...item,
    current: here === item.href || here?.startsWith(`${item.href}/`),
    children: children.map((child) => ({ ...child, current: here === child.href })),
  }));
  // One call to act in sight at most: the front page and the form have their own.
  const act = here === '/' || here === site.act?.href ? undefined : site.act;
  return { site: { ...site, menu, act } };
}

/** `{ "en": …, "fr": … }` is text in two languages; `$html`, `$date` and `$t` make what JSON cannot say. */
function valueOf(value: unknown, locales: Locales, locale: string): unknown {
  const inner = (each: unknown): unknown => valueOf(each, locales, locale);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== 'object' || value === null) return value;
  const { $html, $date, $t, ...rest } = value as Data;
  if ($html !== undefined) return richText(String(inner($html)));
  if ($date !== undefined) return new Date(String($date));
  if ($t !== undefined) return locales.t(locale, String($t), inner(rest) as Data);
  const keys = Object.keys(rest);
  const isText = keys.length > 0 && keys.every((key) => locales.known.includes(key));
  if (isText) return inner(rest[locale] ?? rest['en']);
  return Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, inner(each)]));
}

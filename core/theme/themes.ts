// Themes: found, checked, and the rendering of views through them.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locales } from '../locale.ts';
import type { Log } from '../log.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Scope } from '../scope.ts';
import { type Asset, type AssetSet, coreAssets, letters, makeAssets } from './assets.ts';
import { fontsOf, logoInMail, logoOnPaper, siteDress } from './dress.ts';
import { makeFinder } from './find.ts';
import { cleanTokens, defaultTokens, type Look, palette, type Tokens } from './look.ts';
import { makeLookSheets, type WholeLook } from './look-sheets.ts';
import { inlineStyles, type RenderedMail, toText } from './mail.ts';
import { type Drawn, makeRenderer, ThemeFault } from './render.ts';
import { type ListedTheme, makeShelf } from './shelf.ts';
import { makeTemplates } from './templates.ts';
import { ground, type Theme } from './theme.ts';

export type Surface = 'site' | 'admin' | 'mail';

export interface RenderRequest {
  scope: Scope;
  surface: Surface;
  /** `<plugin or core area>/<view>`, e.g. `people/person-list`. */
  view: string;
  data: object;
  /** Data of the frame; `false` renders the view alone. `{ bare: true }` takes the admin's bare one. */
  frame?: object | false;
  /** Instead of the organization's own: for who tries one. */
  look?: Look;
  /** A fault in a theme is thrown; visitors are shown the page in the ground theme. */
  isStrict?: boolean;
}

export interface Themes {
  render(request: RenderRequest): Promise<string>;
  /** A mail's subject (told by the view with `it.subject(…)`), its HTML and its plain text. */
  renderMail(request: Omit<RenderRequest, 'surface' | 'frame'>): Promise<RenderedMail>;
  /** With its theme's tokens. */
  whole(look: Look): WholeLook;
  /** Address of a file of the site's theme, with its digest in it. */
  asset(scope: Scope, path: string): string;
  /** The file behind an address below `/assets/`, if there is one. */
  findAsset(address: string): Promise<Asset | undefined>;
  list(): readonly ListedTheme[];
  /** Looks for themes again, at once. */
  refresh(): void;
}

export interface ThemeSources {
  /** Folders of themes, or themes themselves, the bundled ones first. */
  folders: readonly string[];
  /** Folder of core/, whose areas have views. */
  core: string;
  plugins(): readonly { id: string; folder: string }[];
  locales: Locales;
  log: Log;
  /** What the party chose: from memory, as it is asked on each page. */
  lookOf(organization: Organization): Look;
  /** Whose looks may be asked for. */
  organizations(): readonly Organization[];
  /** Looks that are only tried. */
  drafts?(): readonly Look[];
  /** Public address of its site, without a trailing slash. */
  urlOf(organization: Organization): string;
  /** `/admin` or `/admin/@<chapter>`; by the scope's organization if left out. */
  adminBase?(scope: Scope): string;
  /** Told when a theme came, went or changed: kept pages are to be dropped. */
  changed?(): void;
  /** In development: changed files are read again. */
  watch: boolean;
}

/** With what it was drawn in. */
interface Made extends Drawn {
  line: readonly Theme[];
  look: WholeLook;
}

export async function loadThemes(from: ThemeSources): Promise<Themes> {
  const { watch, locales } = from;
  const templates = makeTemplates(watch);
  const finder = makeFinder(from, watch);
  const renderer = makeRenderer({ templates, finder, locales });
  const core = coreAssets(from.core);
  // Found once: each page asks for addresses.
  const groundLetters = letters('opsz');
  const assets = makeAssets((name) => setOf(name), watch);
  const looks = makeLookSheets(() => {
    const worn = from.organizations().map((each) => from.lookOf(each));
    return [...worn, ...(from.drafts?.() ?? [])].map((look) => wholeOf(look));
  });
  const shelf = makeShelf({ folders: from.folders, log: from.log, changed: takeIn });

  function takeIn(themes: readonly Theme[]) {
    templates.forget();
    finder.forget();
    assets.forget();
    for (const theme of themes) locales.add(path.join(theme.folder, 'locales'));
    from.changed?.();
  }

  function setOf(name: string): AssetSet | undefined {
    if (name === 'core') return core;
    const plugin = name.startsWith('@') && from.plugins().find((each) => `@${each.id}` === name);
    const owner = plugin || shelf.find(name);
    if (!owner) return undefined;
    return {
      folder: path.join(owner.folder, 'assets'),
      extra: name === ground ? groundLetters : {},
    };
  }

  function addressOf(line: readonly Theme[], owner: string, admin: boolean, file: string): string {
    const sets = file.startsWith('core/') || admin ? ['core'] : line.map((theme) => theme.id);
    const wanted = file.replace(/^core\//, '');
    for (const set of [...sets, `@${owner}`]) {
      const address = assets.address(set, wanted);
      if (address) return address;
    }
    throw new Error(`no asset '${file}' in ${sets.join(', ')} or ${owner}`);
  }

  function wholeOf(look: Look, line = shelf.line(look.theme)): WholeLook {
    const given = [...line].reverse().map((theme) => theme.manifest.tokens);
    const own = cleanTokens(look.tokens ?? {});
    const tokens: Tokens = Object.assign({}, defaultTokens, ...given, own);
    return { tokens, dress: look.dress ?? {} };
  }

  /** The admin wears the colours alone; a theme's own stylesheets are for the site. */
  function sheetsOf(look: WholeLook, surface: Surface, line: readonly Theme[]): string[] {
    if (surface === 'admin') return [looks.adminAddress(look)];
    const themes = [...line].reverse().map((theme) => assets.address(theme.id, 'theme.css'));
    const sheets = [looks.address(look), ...themes, looks.ownAddress(look)];
    return sheets.filter((sheet) => sheet !== undefined);
  }

  function draw(request: RenderRequest & { look: Look }, line: readonly Theme[]): Made {
    const { scope, surface, view } = request;
    const owner = view.slice(0, view.indexOf('/'));
    const look = wholeOf(request.look, line);
    const drawn = renderer.draw({
      request: surface === 'site' ? { ...request, frame: dressed(request.frame, look) } : request,
      line,
      siteUrl: from.urlOf(scope.organization),
      adminBase: from.adminBase?.(scope) ?? adminBase(scope.organization),
      asset: (file) => addressOf(line, owner, surface === 'admin', file),
      theme: {
        id: line[0]?.id,
        tokens: look.tokens,
        settings: request.look.settings ?? {},
        stylesheets: sheetsOf(look, surface, line),
        fonts: fontsOf(look.dress),
        logo: surface === 'mail' ? logoInMail(look) : logoOnPaper(look),
      },
    });
    return { ...drawn, line, look };
  }

  /** A theme's own fault is told, and the page drawn without the theme. */
  function drawSafely(asked: RenderRequest): Made {
    shelf.refresh(asked.scope.now());
    const request = { ...asked, look: asked.look ?? from.lookOf(asked.scope.organization) };
    try {
      return draw(request, shelf.line(request.look.theme));
    } catch (error) {
      if (!(error instanceof ThemeFault) || error.theme === ground || request.isStrict) throw error;
      shelf.fault(error.theme, error);
      return draw(request, shelf.line(ground));
    }
  }

  return {
    render: async (request) => drawSafely(request).html,
    async renderMail(request) {
      const { html, subject, line, look } = drawSafely({ ...request, surface: 'mail' });
      if (!subject) throw new Error(`mail ${request.view} has no subject: it.subject(…) tells it`);
      const styled = inlineStyles(html, mailCss(line), mailTokens(look.tokens));
      return { subject, html: styled, text: toText(html) };
    },
    whole: (look) => wholeOf(look),
    asset: (scope, file) =>
      addressOf(shelf.line(from.lookOf(scope.organization).theme), '', false, file),
    async findAsset(address) {
      const sheet = looks.find(address);
      if (sheet) return sheet;
      const found = assets.find(address);
      return found && assets.read(found);
    },
    list: () => shelf.list(),
    refresh: () => shelf.scan(),
  };
}

function adminBase(organization: Organization): string {
  return organization.parentId === undefined ? '/admin' : `/admin/@${organization.slug}`;
}

function mailCss(line: readonly Theme[]): string {
  const files = [...line].reverse().map((theme) => path.join(theme.folder, 'mail.css'));
  return files
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

/** What the frame of a page is given, with what the look adds to it. */
function dressed(frame: RenderRequest['frame'], look: WholeLook): RenderRequest['frame'] {
  if (frame === false) return frame;
  const site = frame && 'site' in frame && typeof frame.site === 'object' ? frame.site : {};
  return { ...frame, site: { ...site, ...siteDress(look) } };
}

/** A mail has one scheme only. */
function mailTokens(tokens: Tokens): Tokens {
  const { accent = '', ink = '', paper = '', second } = tokens;
  return { ...tokens, ...palette({ accent, second, ink, paper }) };
}

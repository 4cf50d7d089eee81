// Draws one view: its data and helpers, its partials, and the frame around it.
import type { Locales } from '../locale.ts';
import type { Finder } from './find.ts';
import { makeHelpers, withHelpers } from './helpers.ts';
import type { SafeHtml } from './safe.ts';
import { type Templates, ViewError } from './templates.ts';
import type { Theme } from './theme.ts';
import type { RenderRequest } from './themes.ts';

export interface Drawing {
  request: RenderRequest;
  line: readonly Theme[];
  siteUrl: string;
  adminBase: string;
  asset(path: string): string;
  /** What only a theme's layout needs: stylesheets, tokens, settings. */
  theme: object;
}

export interface Drawn {
  html: string;
  /** What the view told by `it.subject`. */
  subject: string | undefined;
}

/** A fault in a file of a theme, so that the page can be drawn without it. */
export class ThemeFault extends Error {
  override readonly name = 'ThemeFault';
  readonly theme: string;

  constructor(theme: string, cause: ViewError) {
    super(cause.message, { cause });
    this.theme = theme;
  }
}

export interface Renderer {
  draw(drawing: Drawing): Drawn;
}

export function makeRenderer(parts: {
  templates: Templates;
  finder: Finder;
  locales: Locales;
}): Renderer {
  const { templates, finder, locales } = parts;

  function draw(drawing: Drawing): Drawn {
    const { request, line } = drawing;
    const { scope, surface, view, data, frame } = request;
    const told: { head: Record<string, unknown>; subject?: string } = { head: {} };
    const owner = view.slice(0, view.indexOf('/'));
    const helpers = {
      ...makeHelpers({
        scope,
        locales,
        siteUrl: drawing.siteUrl,
        adminBase: drawing.adminBase,
        asset: drawing.asset,
        part: (name, given) =>
          fill(finder.part(line, surface, owner, name).file, given, `partial ${name}`),
        head: (values) => void Object.assign(told.head, values),
      }),
      ...(surface === 'mail' && { subject: (text: string) => tell(text) }),
    };
    const surroundings = { locale: scope.locale, organization: scope.organization };

    function tell(text: string): string {
      told.subject = text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
      return '';
    }
    function fill(file: string, given: object, what: string): SafeHtml {
      return templates.render(file, withHelpers({ ...surroundings, ...given }, helpers, what));
    }

    const body = fill(finder.view(line, surface, view).file, data, view);
    if (frame === false) return { html: body.html, subject: told.subject };
    const bare = (frame as { bare?: unknown } | undefined)?.bare === true;
    const given = {
      ...data,
      ...told.head,
      ...frame,
      ...surroundings,
      ...(told.subject && { title: told.subject }),
      theme: drawing.theme,
      body,
    };
    const whole = fill(finder.layout(line, surface, bare).file, given, `layout of ${view}`);
    return { html: whole.html, subject: told.subject };
  }

  return {
    draw(drawing) {
      try {
        return draw(drawing);
      } catch (error) {
        const theme = error instanceof ViewError && themeOf(drawing.line, error.file);
        if (theme) throw new ThemeFault(theme.id, error);
        throw error;
      }
    },
  };
}

function themeOf(line: readonly Theme[], file: string): Theme | undefined {
  return line.find((theme) => file.startsWith(`${theme.folder}/`));
}

// How a route answers: a page in its frame, a fragment for htmx, panels, or a redirect that says what was done.

import type { Core } from '../core.ts';
import type { RouteContext } from './context.ts';
import { allowSourcesOf } from './headers.ts';
import { languagesOf } from './language.ts';
import { drawPanels, drawPiece } from './panels.ts';
import type { HttpParts } from './parts.ts';
import { setToast, takeToast } from './toast.ts';
import type { HttpContext } from './visit.ts';

type Answers = Pick<
  RouteContext,
  'render' | 'fragment' | 'keep' | 'done' | 'panels' | 'piece' | 'allow'
>;

export function makeAnswers(core: Core, parts: HttpParts, ctx: HttpContext): Answers {
  const { visit } = ctx;
  return {
    async render(view, data = {}, status) {
      const frame = { ...(await frameOf(core, parts, ctx)), ...headOf(data) };
      write(ctx, await draw(core, ctx, view, data, frame), status);
    },
    async fragment(view, data = {}) {
      write(ctx, await draw(core, ctx, view, data, false));
    },
    keep(until) {
      visit.keep = { until };
    },
    done(href, message, params) {
      const to = withinAdmin(visit.adminBase, href);
      if (visit.surface === 'admin') {
        const isHttps = core.config.url.startsWith('https:');
        setToast(ctx, core.config.secret, isHttps, { message, params });
      }
      leadTo(ctx, to);
    },
    panels: (slot, subject) => drawPanels(core, ctx, slot, subject),
    piece: (plugin, view, data) => drawPiece(core, ctx, plugin, { view, data }),
    allow(plugin) {
      const isOn = core.registry.isOn(plugin, ctx.scope.organization);
      if (isOn) allowSourcesOf(ctx, core.registry.find(plugin), true);
    },
  };
}

const headKeys = ['title', 'description', 'canonical', 'og', 'noindex', 'alternates', 'wide'];

/** What a view's data says of the page as a whole is for the frame too. */
function headOf(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([key]) => headKeys.includes(key)));
}

/** 303, or what makes htmx load the page as a whole. */
export function leadTo(ctx: HttpContext, to: string): void {
  ctx.set('Cache-Control', 'no-store');
  if (ctx.get('HX-Request') !== '') {
    // htmx would follow a redirect in silence and put the whole page into the middle of this one.
    ctx.set('HX-Redirect', to);
    ctx.status = 204;
    return;
  }
  ctx.redirect(to);
  ctx.status = 303;
}

async function frameOf(core: Core, parts: HttpParts, ctx: HttpContext): Promise<object> {
  if (ctx.visit.surface !== 'admin') return parts.siteFrame(ctx);
  const isHttps = core.config.url.startsWith('https:');
  const toast = takeToast(ctx, core.config.secret, isHttps);
  const said = toast && { toast: ctx.scope.t(toast.message, toast.params) };
  const more = { languages: languagesOf(core, ctx), ...said };
  if (!ctx.visit.session) return { bare: true, ...more };
  return { ...(await parts.frame(ctx)), ...more };
}

function draw(
  core: Core,
  ctx: HttpContext,
  view: string,
  data: object,
  frame: object | false,
): Promise<string> {
  const { plugin, surface } = ctx.visit;
  return core.themes.render({
    scope: ctx.scope,
    surface: surface === 'admin' ? 'admin' : 'site',
    // The core's own routes name the area too: `admin/outbox`.
    view: plugin === undefined ? view : `${plugin}/${view}`,
    data,
    frame,
  });
}

function write(ctx: HttpContext, html: string, status?: number): void {
  const { formStatus, surface } = ctx.visit;
  // A form too large stays 413 where the route says 422 of every fault.
  ctx.status = formStatus === 413 ? 413 : (status ?? formStatus ?? 200);
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('Cache-Control', surface === 'admin' ? 'no-store' : 'no-cache');
  ctx.body = html;
}

/** `/admin/people` of a chapter's page is `/admin/@lyon/people`. */
function withinAdmin(base: string, href: string): string {
  if (!/^\/admin(\/(?!@)|$|\?)/.test(href)) return href;
  return base + href.slice('/admin'.length);
}

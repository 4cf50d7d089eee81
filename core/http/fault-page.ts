// Draws a fault: in the theme where one can be drawn, in plain HTML where that fails too.

import type { Core } from '../core.ts';
import type { AppError } from '../errors.ts';
import type { Reason } from '../law/gate.ts';
import type { HttpParts } from './parts.ts';
import type { HttpContext } from './visit.ts';

/** What the views `http/fault` and `http/blocked` are given. */
export interface FaultView {
  status: number;
  /** As listed in the docs, e.g. `core.not-found`. */
  code: string;
  /** Id of the request; only where the fault is ours. */
  logId: string | undefined;
  /** The locales' sentence for the code, in the reader's language, where there is one. */
  sentence: string | undefined;
  details: Record<string, unknown>;
  /** Where to begin again. */
  home: string;
  /** Of a refusal by law: the rules that say no. */
  reasons: Reason[];
}

export async function drawFault(
  core: Core,
  parts: HttpParts,
  ctx: HttpContext,
  fault: AppError,
): Promise<{ type: string; body: string }> {
  const view = viewOf(core, ctx, fault);
  if (wantsJson(ctx)) return problemOf(core, ctx, fault, view);
  const body = (await drawn(core, parts, ctx, view)) ?? plainPage(core, ctx, view);
  return { type: 'text/html; charset=utf-8', body };
}

function viewOf(core: Core, ctx: HttpContext, fault: AppError): FaultView {
  const isOurs = fault.status >= 500;
  const { code, details } = fault;
  const has = !isOurs && core.locales.has(code);
  return {
    status: fault.status,
    code: fault.code,
    logId: isOurs ? ctx.visit.id : undefined,
    sentence: has ? core.locales.t(localeOf(core, ctx), code, details) : undefined,
    details: isOurs ? {} : fault.details,
    home: ctx.visit.surface === 'admin' ? ctx.visit.adminBase : '/',
    reasons: reasonsOf(fault.details.reasons),
  };
}

export function reasonsOf(value: unknown): Reason[] {
  return Array.isArray(value) ? value.filter((reason) => reason?.effect === 'deny') : [];
}

function wantsJson(ctx: HttpContext): boolean {
  const { surface } = ctx.visit;
  if (surface === 'api' || surface === 'hooks') return true;
  return ctx.accepts('html', 'json') === 'json';
}

/** `undefined` when the theme cannot: a broken view must not hide the fault that it was to show. */
async function drawn(
  core: Core,
  parts: HttpParts,
  ctx: HttpContext,
  view: FaultView,
): Promise<string | undefined> {
  const reader = ctx.visit.reader ?? visitorOf(ctx);
  if (!reader) return undefined;
  const name = view.status === 451 ? 'http/blocked' : 'http/fault';
  const isStaff = reader.actor.kind === 'staff';
  try {
    return await core.scopes.with(reader, async (scope) => {
      ctx.scope = scope;
      const frame = isStaff ? await parts.frame(ctx) : await parts.siteFrame(ctx);
      const surface = isStaff ? 'admin' : 'site';
      return core.themes.render({ scope, surface, view: name, data: view, frame });
    });
  } catch (error) {
    core.log.error({ request: ctx.visit.id, view: name, message: String(error) }, 'no fault page');
    return undefined;
  }
}

function visitorOf(ctx: HttpContext): HttpContext['visit']['reader'] {
  const { organization } = ctx.visit;
  return organization && { organizationId: organization.id, actor: { kind: 'visitor' } };
}

function problemOf(
  core: Core,
  ctx: HttpContext,
  fault: AppError,
  view: FaultView,
): { type: string; body: string } {
  const faults = fieldFaults(core, localeOf(core, ctx), fault.details.faults);
  const body = JSON.stringify({
    type: 'about:blank',
    status: view.status,
    title: titleOf(core, localeOf(core, ctx), view),
    code: view.code,
    ...(view.sentence && { detail: view.sentence }),
    ...(view.logId && { logId: view.logId }),
    ...view.details,
    ...(faults && { faults }),
  });
  return { type: 'application/problem+json', body };
}

function fieldFaults(core: Core, locale: string, faults: unknown): object[] | undefined {
  if (!Array.isArray(faults)) return undefined;
  return faults.map(({ path, message, params }) => ({
    path,
    message: core.locales.t(locale, message, params),
  }));
}

function plainPage(core: Core, ctx: HttpContext, view: FaultView): string {
  const locale = localeOf(core, ctx);
  const title = escaped(titleOf(core, locale, view));
  const lines = [`<h1>${title}</h1>`];
  for (const reason of view.reasons) {
    lines.push(`<p>${escaped(`${reason.rule}: ${reason.source} (${reason.asOf})`)}</p>`);
  }
  if (view.logId) lines.push(`<p><code>${view.logId}</code></p>`);
  return `<!doctype html>\n<html lang="${locale}">\n<meta charset="utf-8">\n<title>${title}</title>\n${lines.join('\n')}\n</html>\n`;
}

function localeOf(core: Core, ctx: HttpContext): string {
  const own = ctx.visit.reader?.locale ?? ctx.visit.organization?.locale;
  return own ?? core.locales.choose(ctx.get('Accept-Language'), 'en');
}

function titleOf(core: Core, locale: string, view: FaultView): string {
  const key = `http.fault.${view.status}.title`;
  if (core.locales.has(key)) return core.locales.t(locale, key);
  return core.locales.t(locale, view.status >= 500 ? 'http.fault.500.title' : 'http.fault.title');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// Pieces that other plugins put on a page; one that fails is left out and told of, the page stays.

import { attempt } from '../attempt.ts';
import type { Core } from '../core.ts';
import type { Scope } from '../scope.ts';
import { SafeHtml } from '../theme/safe.ts';
import { allowSourcesOf } from './headers.ts';
import type { HttpContext } from './visit.ts';

export interface DrawnPanel {
  id: string;
  html: SafeHtml;
}

export async function drawPanels(
  core: Core,
  ctx: HttpContext,
  slot: string,
  subject: string,
): Promise<DrawnPanel[]> {
  const drawn: DrawnPanel[] = [];
  // One after the other: a chapter's staff read on one connection.
  for (const { plugin, panel } of wanted(core, ctx.scope, slot)) {
    const where = `panel ${panel.view}`;
    const { id } = plugin.manifest;
    const html = await attempt(core, ctx.scope, { plugin: id, where }, async () => {
      const data = await panel.data(ctx.scope, subject);
      return data && drawOf(core, ctx, `${id}/${panel.view}`, data);
    });
    if (!html) continue;
    allowSourcesOf(ctx, plugin);
    drawn.push({ id: `${id}-${panel.view}`, html });
  }
  return drawn;
}

/** A view of another plugin for one's own page, which may then load what that plugin declared. */
export async function drawPiece(
  core: Core,
  ctx: HttpContext,
  id: string,
  { view, data }: { view: string; data: object },
): Promise<SafeHtml | undefined> {
  const asked = { plugin: id, where: `view ${view}` };
  const html = await attempt(core, ctx.scope, asked, () =>
    drawOf(core, ctx, `${id}/${view}`, data),
  );
  if (html) allowSourcesOf(ctx, core.registry.find(id));
  return html;
}

function wanted(core: Core, scope: Scope, slot: string) {
  return core.registry
    .all()
    .filter(({ manifest }) => core.registry.isOn(manifest.id, scope.organization))
    .flatMap((plugin) => (plugin.contributions.panels ?? []).map((panel) => ({ plugin, panel })))
    .filter(({ panel }) => panel.slot === slot)
    .filter(({ panel }) => panel.permission === undefined || scope.may(panel.permission))
    .sort((a, b) => (a.panel.order ?? 100) - (b.panel.order ?? 100));
}

async function drawOf(
  core: Core,
  { scope, visit }: HttpContext,
  view: string,
  data: object,
): Promise<SafeHtml> {
  const surface = visit.surface === 'admin' ? 'admin' : 'site';
  return new SafeHtml(await core.themes.render({ scope, surface, view, data, frame: false }));
}

// Pieces that other plugins put on a page; one that fails is left out and told of, the page stays.

import type { Core } from '../core.ts';
import type { Panel } from '../plugin.ts';
import type { FoundPlugin } from '../registry.ts';
import type { Scope } from '../scope.ts';
import { SafeHtml } from '../theme/safe.ts';
import { within } from './bound.ts';

const panelMs = 5_000;

export interface DrawnPanel {
  id: string;
  html: SafeHtml;
}

export async function drawPanels(
  core: Core,
  scope: Scope,
  slot: string,
  subject: string,
): Promise<DrawnPanel[]> {
  const drawn: DrawnPanel[] = [];
  // One after the other: a chapter's staff read on one connection.
  for (const { plugin, panel } of wanted(core, scope, slot)) {
    const html = await draw(core, scope, plugin, panel, subject);
    if (html) drawn.push({ id: `${plugin.manifest.id}-${panel.view}`, html });
  }
  return drawn;
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

async function draw(
  core: Core,
  scope: Scope,
  plugin: FoundPlugin,
  panel: Panel,
  subject: string,
): Promise<SafeHtml | undefined> {
  const { id } = plugin.manifest;
  try {
    const data = await within(panelMs, id, () => panel.data(scope, subject));
    if (!data) return undefined;
    const view = `${id}/${panel.view}`;
    const frame = false;
    return new SafeHtml(await core.themes.render({ scope, surface: 'admin', view, data, frame }));
  } catch (error) {
    core.registry.report(id, `panel ${panel.view}`, error);
    await core.scopes.revive(scope);
    return undefined;
  }
}

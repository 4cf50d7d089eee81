// What stands around a public page: the core's part, and the menu and links that a plugin of the site hands in.
import type { HttpCore, HttpParts } from './parts.ts';
import type { HttpContext } from './visit.ts';

/** A plugin that fails here is told of, and the page is drawn without its part. */
export async function siteFrameOf(
  core: HttpCore,
  parts: HttpParts,
  ctx: HttpContext,
): Promise<object> {
  const own: { site?: object } = parts.siteFrame(ctx);
  let site: object = {};
  for (const { manifest, contributions } of core.registry.all()) {
    const { frame } = contributions;
    if (!frame || !core.registry.isOn(manifest.id, ctx.scope.organization)) continue;
    try {
      const given: { site?: object } = await frame(ctx.scope, ctx.path);
      site = { ...site, ...given.site };
    } catch (error) {
      core.log.error({ plugin: manifest.id, message: String(error) }, 'frame failed');
      core.reportFault?.(manifest.id, 'frame', error);
    }
  }
  return { ...own, site: { ...site, ...own.site } };
}

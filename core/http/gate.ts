// The wall of the law: addresses of a plugin that is off answer 451 where the law says no, else 404.
import { notFound, refused, unavailable } from '../errors.ts';
import type { Reason } from '../law/gate.ts';
import type { Registry, Standing } from '../registry.ts';
import { firstSegment, type HttpMiddleware } from './visit.ts';

/** Comes before body and session: what it answers depends on manifest and pack alone, so it reveals nothing. */
export function guardByLaw(registry: Registry, ownUrl: string): HttpMiddleware {
  return (ctx, next) => {
    const { organization } = ctx.visit;
    const id = ownerOf(registry, ctx.path);
    if (id === undefined || !organization) return next();
    const standing = registry.standing(id, organization);
    if (standing.on) return next();
    if (standing.by !== 'law') throw closed(id, standing);
    const link = blockedBy(standing.reasons) ?? new URL(ownUrl).href;
    ctx.set('Link', `<${link}>; rel="blocked-by"`);
    throw refused('law.plugin-off', { status: 451, plugin: id, reasons: standing.reasons });
  };
}

/** The plugin that an address belongs to, loaded or not. */
export function ownerOf(registry: Registry, path: string): string | undefined {
  const [, first, second, third] = path.split('/');
  const named = first === 'api' && second === 'v1' ? third : second;
  if (first === 'admin' || first === 'hooks' || first === 'api') {
    return named === undefined ? undefined : registry.find(named)?.manifest.id;
  }
  return registry.byPath(firstSegment(path))?.manifest.id;
}

function closed(id: string, standing: Standing & { on: false }): Error {
  return standing.by === 'fault' ? unavailable(id) : notFound('page');
}

/** RFC 7725: who blocks, as an address; where the source has none, it is this server. */
function blockedBy(reasons: readonly Reason[]): string | undefined {
  for (const { url } of reasons) {
    if (url && URL.canParse(url)) return new URL(url).href;
  }
  return undefined;
}

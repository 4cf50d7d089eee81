// By which link a visitor came to one's form: the page itself is one for everybody, so its address is learnt from where the browser says it was.
import { type Context, Type } from 'rostra/plugin';

/** Names a link, and nobody. */
export const Tracking = Type.Optional(Type.String({ maxLength: 100, pattern: '^[\\w.~-]+$' }));

/** What stood in the address of the page of this site that the visitor comes from. */
export function cameWith(ctx: Context): URLSearchParams {
  const from = ctx.get('Referer');
  if (!URL.canParse(from)) return new URLSearchParams();
  const { host, searchParams } = new URL(from);
  return host === ctx.host ? searchParams : new URLSearchParams();
}

export function trackingOf(ctx: Context): string | undefined {
  const tracking = cameWith(ctx).get('tracking');
  return tracking && /^[\w.~-]{1,100}$/.test(tracking) ? tracking : undefined;
}

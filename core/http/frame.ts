// A page of the admin that shows a page or a mail of ours in a frame, and what stands in that frame.
import type { Context } from './context.ts';

/** For a mail, which carries its styles in its tags: it runs nothing and loads nothing from elsewhere. */
export const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

/** Only such a page may show frames, and only of ours. */
export function letFrameOwn(ctx: Context): void {
  const policy = String(ctx.response.get('Content-Security-Policy') ?? '');
  const others = policy.split(';').filter((part) => part.trim() && !/^\s*frame-src/.test(part));
  ctx.set('Content-Security-Policy', [...others, " frame-src 'self'"].join(';'));
}

/** Links lead to a new window, and nowhere where the frame may open none. */
export function leadOut(html: string): string {
  return html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
}

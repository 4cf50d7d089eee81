// The language of the doors (log in, second factor, reset, setup), as chosen by who stands before them.
import { languageName } from '../admin/place.ts';
import type { Core } from '../core.ts';
import { firstSegment, type HttpContext } from './visit.ts';

/** Only who chooses gets it, so that the next page, and the same one with faults, speaks alike. */
const cookie = 'rostra_language';

/** By the link that was just followed, else on a page before; `undefined` elsewhere and while nothing was chosen. */
export function chosenLanguage({ config, locales }: Core, ctx: HttpContext): string | undefined {
  if (!isDoor(ctx)) return undefined;
  const asked = String(ctx.query.language ?? '');
  if (locales.known.includes(asked)) {
    const secure = config.url.startsWith('https:') ? '; Secure' : '';
    ctx.append('Set-Cookie', `${cookie}=${asked}; Path=/; HttpOnly; SameSite=Lax${secure}`);
    return asked;
  }
  const kept = new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(ctx.headers.cookie ?? '')?.[1];
  return kept !== undefined && locales.known.includes(kept) ? kept : undefined;
}

/** The links at the foot of a door. */
export function languagesOf({ locales }: Core, ctx: HttpContext) {
  if (!isDoor(ctx)) return undefined;
  return locales.known.map((locale) => {
    const query = new URLSearchParams(ctx.querystring);
    query.set('language', locale);
    const current = locale === ctx.scope.locale;
    return { locale, label: languageName(locale), href: `${ctx.path}?${query}`, current };
  });
}

function isDoor(ctx: HttpContext): boolean {
  return ['/account', '/setup'].includes(firstSegment(ctx.path));
}

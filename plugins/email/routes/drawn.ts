// A letter as a reader gets it of whom no name is known: to be looked at before anybody does.
import type { Audience } from 'rostra/outreach';
import { type Context, leadOut, mailPolicy, type Scope } from 'rostra/plugin';
import { channel } from '../channel.ts';
import type { Content } from '../content.ts';
import type { Deps } from '../deps.ts';
import { type LetterData, letterData } from '../letter.ts';

export async function sampleOf(
  scope: Scope,
  deps: Deps,
  content: Content,
  audience: Audience,
): Promise<LetterData> {
  const frame = await deps.outreach.frame(scope, { ...audience, channel });
  return letterData(content, frame.notices({ isDirect: true }), {
    nameOf: (fallback) => fallback,
    stopPath: '/unsubscribe/test',
  });
}

/** In a frame that runs nothing and loads nothing from elsewhere. */
export async function showDrawn(deps: Deps, ctx: Context, letter: LetterData): Promise<void> {
  const { scope } = ctx;
  const { locale } = scope.organization;
  const { html } = await deps.way.draw(scope, { view: 'letter', data: { letter }, locale });
  ctx.set({
    'Content-Security-Policy': `${mailPolicy}; sandbox allow-popups allow-popups-to-escape-sandbox`,
    'X-Frame-Options': 'SAMEORIGIN',
    'Cache-Control': 'no-store',
  });
  ctx.type = 'html';
  ctx.body = leadOut(html);
}

// Pictures of the site in letters: those that mail programs draw, chosen by their words.
import { extensionPoint, type Get, type Scope } from 'rostra/plugin';
import type { SitePictures as Site, SitePicture, PictureUse as Use } from 'rostra/website';
import type { Block } from './content.ts';
import type { Deps } from './deps.ts';
import { findShowing } from './picture.sql.ts';
import { findWelcomesShowing } from './welcome.sql.ts';

// Named once more: of a plugin that this one does not require, only the types are there to import.
const SitePictures = extensionPoint<Site>('website.SitePictures');
export const PictureUse = extensionPoint<Use>('website.PictureUse');

export const picturesOf = (get: Get) => get.many(SitePictures);

const offered = 100;

/** Not by every program: SVG by hardly any, WebP not by some that are still about. */
const isDrawn = ({ href }: SitePicture): boolean => /\.(jpe?g|png|gif)$/.test(href);

/** Newest first; none where there is no site. */
export async function choicesOf(scope: Scope, { pictures }: Deps): Promise<SitePicture[]> {
  const [site] = pictures(scope);
  return site ? (await site.service.list(scope, offered)).filter(isDrawn) : [];
}

/** Whether there is a site whose pictures can be shown at all. */
export const hasSite = (scope: Scope, { pictures }: Deps): boolean => pictures(scope).length > 0;

/** One after the other: staff of a chapter read on one connection. */
export async function withPictures(
  scope: Scope,
  deps: Deps,
  blocks: readonly Block[],
): Promise<Block[]> {
  const known: Block[] = [];
  for (const block of blocks) known.push(await withPicture(scope, deps, block));
  return known;
}

/** With what is known of it now; without words of their own, those of the site. */
async function withPicture(scope: Scope, { pictures }: Deps, block: Block): Promise<Block> {
  const { picture, ...rest } = block;
  if (!picture) return rest;
  const [site] = pictures(scope);
  const found = await site?.service.find(scope, picture.id);
  if (!found || !isDrawn(found)) return rest;
  const { id, href, width, height, alt } = found;
  const text = block.kind === 'image' && block.text.trim() === '' ? alt : block.text;
  return { ...rest, text, picture: { id, href, width, height } };
}

/** What the site asks before a picture is taken away. */
export function pictureUse({ outreach }: Pick<Deps, 'outreach'>): Use {
  return {
    async shownIn(scope, pictureId) {
      const names: string[] = [];
      for (const sendId of await findShowing(scope, pictureId)) {
        const send = await outreach.find(scope, sendId);
        if (send) names.push(send.name);
      }
      const showing = await findWelcomesShowing(scope, pictureId);
      for (const { id, name } of showing.length > 0 ? await outreach.newsletters(scope) : []) {
        if (showing.includes(id)) names.push(scope.t('email.welcome.of', { newsletter: name }));
      }
      return names;
    },
  };
}

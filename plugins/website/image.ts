// Pictures of the site: taken in with words for those who do not see them, and let go when no page shows them.
import { notFound, refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  deleteImage,
  findImage,
  findImages,
  findPagesWith,
  type Image,
  insertImage,
  updateAlt,
} from './image.sql.ts';
import type { SitePictures } from './index.ts';

/** What browsers and telephones draw everywhere; an icon of a tab is none. */
const types = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/svg+xml'];

export function addImage(
  scope: Scope,
  deps: Deps,
  file: { path: string; name: string },
  alt: string,
): Promise<string> {
  return scope.write(async (own) => {
    const kept = await deps.store.put(own, { ...file, accept: 'image', types });
    const { id: uploadId, href, width = 1, height = 1 } = kept;
    return insertImage(own, { uploadId, href, alt, width, height });
  });
}

export function describeImage(scope: Scope, deps: Deps, id: string, alt: string): Promise<void> {
  return scope.write(async (own) => {
    if (!(await updateAlt(own, id, alt))) throw notFound('image', id);
    await deps.audit.record(own, { act: 'image.changed', subject: { type: 'image', id } });
  });
}

/** Refused with `website.image-used` while a page shows it, or something of another plugin does. */
export function removeImage(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const image = await demandImage(own, id);
    const pages = await findPagesWith(own, image);
    for (const { service } of deps.pictureUses(own))
      pages.push(...(await service.shownIn(own, id)));
    if (pages.length > 0) throw refused('website.image-used', { page: pages[0], n: pages.length });
    await deleteImage(own, id);
    await deps.store.remove(own, image.uploadId);
  });
}

/** For plugins that show a picture of the site elsewhere. */
export const sitePictures: SitePictures = {
  list: (scope, most) => findImages(scope, most),
  find: findImage,
};

async function demandImage(scope: Scope, id: string): Promise<Image> {
  const image = await findImage(scope, id);
  if (!image) throw notFound('image', id);
  return image;
}

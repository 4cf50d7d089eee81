// Pictures of the site in the database.
import type { Scope } from 'rostra/plugin';

export interface Image {
  id: string;
  uploadId: string;
  href: string;
  alt: string;
  width: number;
  height: number;
  createdAt: Date;
}

const columns = `id, upload_id as "uploadId", href, alt, width, height, created_at as "createdAt"`;
const isId = (id: string): boolean => /^\d{1,18}$/.test(id);

export async function findImage(scope: Scope, id: string): Promise<Image | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await scope.db.raw(
    `select ${columns} from website.image where organization_id = :organizationId and id = :id`,
    { organizationId: scope.organization.id, id },
  );
  return rows[0];
}

/** Newest first; `after` is the id of the last one that was shown. */
export async function findImages(scope: Scope, most: number, after?: string): Promise<Image[]> {
  const { rows } = await scope.db.raw(
    `select ${columns} from website.image where organization_id = :organizationId
       and (cast(:after as bigint) is null or id < cast(:after as bigint))
     order by id desc limit :most`,
    {
      organizationId: scope.organization.id,
      most,
      after: after && isId(after) ? after : null,
    } as never,
  );
  return rows;
}

/** The same file again has the words that were given last. */
export async function insertImage(
  scope: Scope,
  image: Omit<Image, 'id' | 'createdAt'>,
): Promise<string> {
  const { rows } = await scope.db.raw(
    `insert into website.image as image (organization_id, upload_id, href, alt, width, height, created_at)
     values (:organizationId, :uploadId, :href, :alt, :width, :height, :now)
     on conflict (organization_id, upload_id) do update set alt = excluded.alt returning id`,
    { ...image, organizationId: scope.organization.id, now: scope.now() },
  );
  return rows[0].id;
}

export async function updateAlt(scope: Scope, id: string, alt: string): Promise<boolean> {
  const { rowCount } = await scope.db.raw(
    `update website.image set alt = :alt where organization_id = :organizationId and id = :id`,
    { organizationId: scope.organization.id, id, alt },
  );
  return rowCount === 1;
}

export async function deleteImage(scope: Scope, id: string): Promise<void> {
  await scope.db.raw(
    `delete from website.image where organization_id = :organizationId and id = :id`,
    { organizationId: scope.organization.id, id },
  );
}

/** Titles of the pages that show it. */
export async function findPagesWith(scope: Scope, image: Image): Promise<string[]> {
  const { rows } = await scope.db.raw(
    `select title from website.page where organization_id = :organizationId
       and (image_id = :id or strpos(body, :href) > 0) order by title`,
    { organizationId: scope.organization.id, id: image.id, href: image.href },
  );
  return rows.map(({ title }: { title: string }) => title);
}

/** The picture that networks show of a page; none when there is no such picture here. */
export async function updatePageImage(
  scope: Scope,
  pageId: string,
  imageId: string | undefined,
): Promise<void> {
  await scope.db.raw(
    `update website.page set image_id = (select id from website.image
       where organization_id = :organizationId and id = cast(:imageId as bigint))
     where organization_id = :organizationId and id = :pageId`,
    {
      organizationId: scope.organization.id,
      pageId,
      imageId: imageId && isId(imageId) ? imageId : null,
    } as never,
  );
}

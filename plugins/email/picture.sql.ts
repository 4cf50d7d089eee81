// Which letter shows which picture of the site.
import type { Scope } from 'rostra/plugin';

const isId = (id: string): boolean => /^[1-9]\d{0,17}$/.test(id);

/** In place of those that it showed before. */
export async function insertPictures(
  scope: Scope,
  sendId: string,
  ids: readonly string[],
): Promise<void> {
  const values = { sendId, organizationId: scope.organization.id };
  await scope.db.raw(
    'delete from email.picture where send_id = :sendId and organization_id = :organizationId',
    values,
  );
  await scope.db.raw(
    `insert into email.picture (send_id, picture_id, organization_id)
     select :sendId, id, :organizationId from unnest(cast(:ids as bigint[])) id on conflict do nothing`,
    { ...values, ids: ids.filter(isId) },
  );
}

/** Ids of the letters that show it, drafts that are gone among them. */
export async function findShowing(scope: Scope, pictureId: string): Promise<string[]> {
  if (!isId(pictureId)) return [];
  const found = await scope.db.raw(
    `select send_id as "sendId" from email.picture
     where picture_id = :pictureId and organization_id = :organizationId order by send_id desc`,
    { pictureId, organizationId: scope.organization.id },
  );
  return found.rows.map((row: { sendId: string }) => row.sendId);
}

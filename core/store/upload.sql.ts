// Rows of uploads: one an organization and plugin, however often the same bytes came.
import type { Db, Row } from '../database/connect.ts';
import type { Scope } from '../scope.ts';

export interface UploadRow {
  id: string;
  sha256: string;
  extension: string;
  kind: 'image' | 'font';
  mediaType: string;
  name: string;
  bytes: number;
  width: number | null;
  height: number | null;
  isVariable: boolean | null;
  author: string | null;
  createdAt: Date;
}

const columns = `id, sha256, extension, kind, media_type as "mediaType", name, bytes, width, height,
  is_variable as "isVariable", author, created_at as "createdAt"`;

async function find(scope: Scope, plugin: string, where: string, more: object = {}) {
  const { rows } = await scope.db.raw(
    `select ${columns} from core.upload
     where organization_id = :organizationId and plugin = :plugin and ${where}`,
    { organizationId: scope.organization.id, plugin, ...more } as never,
  );
  return rows as (UploadRow & Row)[];
}

export async function findUpload(scope: Scope, plugin: string, id: string) {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  return (await find(scope, plugin, 'id = :id', { id }))[0];
}

/** Newest first; `after` is the id of the last one that was shown. */
export function findUploads(scope: Scope, plugin: string, most: number, after?: string) {
  const before = after === undefined ? 'true' : 'id < cast(:after as bigint)';
  return find(scope, plugin, `${before} order by id desc limit :most`, {
    most,
    after: after ?? null,
  });
}

export type NewUpload = Omit<UploadRow, 'id' | 'createdAt'> & { plugin: string };

/** Answers the row that is there already when the same bytes came before. */
export async function insertUpload(scope: Scope, upload: NewUpload): Promise<UploadRow> {
  const { rows } = await scope.db.raw(
    `insert into core.upload as upload (organization_id, plugin, sha256, extension, kind, media_type, name, bytes,
       width, height, is_variable, author, created_at)
     values (:organizationId, :plugin, :sha256, :extension, :kind, :mediaType, :name, :bytes,
       :width, :height, :isVariable, :author, :now)
     on conflict (organization_id, plugin, sha256) do update set name = excluded.name
     returning ${columns}`,
    { ...upload, organizationId: scope.organization.id, now: scope.now() } as never,
  );
  return rows[0];
}

/** Answers what went, if it was there. */
export async function deleteUpload(scope: Scope, plugin: string, id: string) {
  const { rows } = await scope.db.raw(
    `delete from core.upload
     where organization_id = :organizationId and plugin = :plugin and id = :id returning ${columns}`,
    { organizationId: scope.organization.id, plugin, id },
  );
  return rows[0] as UploadRow | undefined;
}

/** Until the transaction ends nobody else writes or removes these bytes. */
export async function holdBlob(db: Db, sha256: string): Promise<void> {
  await db.raw(`select pg_advisory_xact_lock(hashtextextended(:sha256, 20))`, { sha256 });
}

/** Held by a backup: between its rows and its bytes none may go. Any number that nothing else locks. */
export const bytesLock = 7_267_803;

/** Until the transaction ends; false while a backup runs. */
export async function mayDropBytes(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select pg_try_advisory_xact_lock_shared(:bytesLock) as may', {
    bytesLock,
  });
  return rows[0].may;
}

/** Whether any organization or plugin still has these bytes. */
export async function isBlobWanted(db: Db, sha256: string): Promise<boolean> {
  const { rows } = await db.raw(
    'select exists (select from core.upload where sha256 = :sha256) as wanted',
    { sha256 },
  );
  return rows[0].wanted;
}

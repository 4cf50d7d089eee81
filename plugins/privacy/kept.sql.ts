// The sealed store's one table; read by the party's office alone.
import type { Scope } from 'rostra/plugin';
import { asBytes } from './bytes.ts';
import type { KeptEntry } from './index.ts';

export interface KeptRow {
  id: string;
  plugin: string;
  title: string;
  why: string;
  until: string;
  keptAt: Date;
}

export async function insertKept(
  scope: Scope,
  { plugin, title, why, until, about }: Omit<KeptEntry, 'record' | 'personId'>,
  { sealed, addressHashes }: { sealed: string; addressHashes: readonly Buffer[] },
): Promise<void> {
  await scope.db.raw(
    `insert into privacy.kept (organization_id, plugin, title, why, until, about, sealed, kept_at, address_hashes)
     values (:organizationId, :plugin, :title, :why, :until, :about, :sealed, :now,
       cast(:addressHashes as bytea[]))`,
    {
      about: about ?? null,
      ...{ plugin, title, why, until, sealed, addressHashes: asBytes(addressHashes) },
      ...{ organizationId: scope.organization.id, now: scope.now() },
    },
  );
}

const columns = 'id, plugin, title, why, cast(until as text) as until, kept_at as "keptAt"';

/** `hash`: of whose address this is alone, who need not be there any more. */
export async function findKept(
  scope: Scope,
  { hash, skip }: { hash?: Buffer; skip: number },
  most: number,
): Promise<KeptRow[]> {
  if (scope.bound) return [];
  const found = await scope.db.raw(
    `select ${columns} from privacy.kept
     where cast(:hash as bytea) is null or :hash = any (address_hashes)
     order by until, id limit :most offset :skip`,
    { hash: hash ?? null, skip, most },
  );
  return found.rows;
}

export async function findSealed(
  scope: Scope,
  id: string,
): Promise<(KeptRow & { sealed: string }) | undefined> {
  if (scope.bound) return undefined;
  const found = await scope.db.raw(`select ${columns}, sealed from privacy.kept where id = :id`, {
    id,
  });
  return found.rows[0];
}

/** The plugin knows for whom: a treasurer in a chapter is none of the party's office. */
export async function findSealedAbout(
  scope: Scope,
  plugin: string,
  about: readonly string[],
): Promise<{ about: string; sealed: string }[]> {
  const found = await scope.db.raw(
    `select about, sealed from privacy.kept
     where plugin = :plugin and about = any (cast(:about as text[])) order by id`,
    { plugin, about: [...about] },
  );
  return found.rows;
}

/** The day itself is still its own. */
export async function deleteKeptBefore(scope: Scope, today: string): Promise<number> {
  const gone = await scope.db.raw('delete from privacy.kept where until < :today', { today });
  return gone.rowCount ?? 0;
}

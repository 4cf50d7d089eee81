// The links that were sent to mailboxes.
import type { Scope } from 'rostra/plugin';

export async function insertLink(
  scope: Scope,
  link: { personId: string; tokenDigest: Buffer; addressHash: Buffer; expiresAt: Date },
): Promise<void> {
  await scope.db.raw(
    `insert into privacy.link (organization_id, person_id, token_digest, address_hash, created_at, expires_at)
     values (:organizationId, :personId, :tokenDigest, :addressHash, :now, :expiresAt)`,
    { ...link, organizationId: scope.organization.id, now: scope.now() },
  );
}

/** Whose page it opens, while it does; at a chapter without an address of its own the party's site opens it. */
export async function findLinkOwner(
  scope: Scope,
  tokenDigest: Buffer,
): Promise<{ personId: string; addressHash: Buffer } | undefined> {
  const found = await scope.db.raw(
    `select person_id as "personId", address_hash as "addressHash" from privacy.link
     where token_digest = :tokenDigest and expires_at > :now`,
    { tokenDigest, now: scope.now() },
  );
  return found.rows[0];
}

export async function deleteLink(scope: Scope, tokenDigest: Buffer): Promise<void> {
  await scope.db.raw('delete from privacy.link where token_digest = :tokenDigest', { tokenDigest });
}

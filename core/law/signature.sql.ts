// Signatures under drafts of the law.
import type { Db } from '../database/connect.ts';

export interface Signature {
  id: string;
  pack: string;
  version: string;
  words: string;
  signer: string;
  signedAt: Date;
}

/** Those in force, of the whole install. */
export async function findSignatures(db: Db): Promise<Signature[]> {
  return db('core.pack_signature')
    .select('id', 'pack', 'version', 'words', 'signer', { signedAt: 'signed_at' })
    .whereNull('withdrawn_at')
    .orderBy('id');
}

/** Nothing is written where that version is signed already. */
export async function insertSignature(
  db: Db,
  signature: Omit<Signature, 'id'> & { accountId: string | undefined },
): Promise<void> {
  await db.raw(
    `insert into core.pack_signature (pack, version, words, account_id, signer, signed_at)
     values (:pack, :version, :words, :accountId, :signer, :signedAt)
     on conflict (pack, version) where withdrawn_at is null do nothing`,
    { ...signature, accountId: signature.accountId ?? null },
  );
}

export async function withdrawSignatureOf(
  db: Db,
  { pack, version, now }: { pack: string; version: string; now: Date },
): Promise<void> {
  await db('core.pack_signature')
    .where({ pack, version })
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: now });
}

// One-time links: only a digest of the token is kept.
import type { Db } from '../database/connect.ts';
import type { LinkPurpose } from './link.ts';

export interface LinkRow {
  id: string;
  purpose: LinkPurpose;
  accountId: string | null;
}

export async function insertLink(
  db: Db,
  link: {
    hash: Buffer;
    purpose: LinkPurpose;
    accountId: string | null;
    now: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await db.raw(
    `insert into core.link (hash, purpose, account_id, created_at, expires_at)
     values (:hash, :purpose, :accountId, :now, :expiresAt)`,
    { ...link },
  );
}

/** A link that would still work, of an account that still may log in. */
export async function findLinkByHash(
  db: Db,
  hash: Buffer,
  now: Date,
): Promise<LinkRow | undefined> {
  const { rows } = await db.raw<{ rows: LinkRow[] }>(
    `select l.id, l.purpose, l.account_id as "accountId"
     from core.link l left join core.account a on a.id = l.account_id
     where l.hash = :hash and l.used_at is null and l.expires_at > :now and a.disabled_at is null`,
    { hash, now },
  );
  return rows[0];
}

/** Marks it used; of two at once only one gets the row. */
export async function spendLink(db: Db, hash: Buffer, now: Date): Promise<LinkRow | undefined> {
  const { rows } = await db.raw<{ rows: LinkRow[] }>(
    `update core.link l set used_at = :now
     where l.hash = :hash and l.used_at is null and l.expires_at > :now
       and not exists (select 1 from core.account a
         where a.id = l.account_id and a.disabled_at is not null)
     returning l.id, l.purpose, l.account_id as "accountId"`,
    { hash, now },
  );
  return rows[0];
}

/** Drops links of an account (or of the setup) that were not used. */
export async function deleteOpenLinks(
  db: Db,
  of: { accountId: string | null; purposes: LinkPurpose[] },
): Promise<void> {
  const query = db.withSchema('core').from('link').whereIn('purpose', of.purposes);
  await (of.accountId ? query.where({ account_id: of.accountId }) : query.whereNull('account_id'))
    .whereNull('used_at')
    .delete();
}

/** Of everybody. */
export async function closeLinks(db: Db): Promise<void> {
  await db.withSchema('core').from('link').whereNull('used_at').delete();
}

export async function deleteEndedLinks(db: Db, before: Date): Promise<number> {
  return db.withSchema('core').from('link').where('expires_at', '<', before).delete();
}

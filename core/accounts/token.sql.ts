// The rows of tokens; only a digest of each is kept.
import type { Db } from '../database/connect.ts';
import type { Scope } from '../scope.ts';
import type { HeldRole } from './standing.ts';

/** As staff see it. */
export interface TokenRow {
  id: string;
  organizationId: string;
  name: string;
  permissions: string[];
  /** Name of the account. */
  by: string;
  createdAt: Date;
  expiresAt: Date;
  /** ISO date. */
  lastUsedOn: string | null;
  revokedAt: Date | null;
}

export interface TokenHolder {
  id: string;
  organizationId: string;
  name: string;
  permissions: string[];
  lastUsedOn: string | null;
  accountId: string;
  accountName: string;
  locale: string;
  roles: HeldRole[];
}

export async function insertToken(
  scope: Scope,
  token: { hash: Buffer; accountId: string; name: string; permissions: string[]; expiresAt: Date },
): Promise<string> {
  const { rows } = await scope.db.raw<{ rows: { id: string }[] }>(
    `insert into core.token (token_hash, account_id, organization_id, name, permissions, created_at, expires_at)
     values (:hash, :accountId, :organizationId, :name, cast(:permissions as text[]), :now, :expiresAt) returning id`,
    { ...token, organizationId: scope.organization.id, now: scope.now() },
  );
  if (!rows[0]) throw new Error('a token was inserted and not returned');
  return rows[0].id;
}

/** Of the scope's organization and those below; what works first, then the newest. */
export async function findTokens(scope: Scope): Promise<TokenRow[]> {
  const { rows } = await scope.db.raw<{ rows: TokenRow[] }>(
    `select t.id, t.organization_id as "organizationId", t.name, t.permissions, a.name as by, t.created_at as "createdAt",
       t.expires_at as "expiresAt", cast(t.last_used_on as text) as "lastUsedOn", t.revoked_at as "revokedAt"
     from core.token t join core.account a on a.id = t.account_id
     where ${ours(scope)}
     order by t.revoked_at is null and t.expires_at > :now desc, t.id desc limit 500`,
    { now: scope.now(), bound: [...(scope.bound ?? [])] },
  );
  return rows;
}

/** Whose is it, if it still works? Asked once a request: by the unique index on the digest. */
export async function findTokenByHash(
  db: Db,
  key: { hash: Buffer; now: Date },
): Promise<TokenHolder | undefined> {
  const { rows } = await db.raw<{ rows: TokenHolder[] }>(
    `select t.id, t.organization_id as "organizationId", t.name, t.permissions,
       cast(t.last_used_on as text) as "lastUsedOn", a.id as "accountId", a.name as "accountName", a.locale,
       (select coalesce(json_agg(json_build_object(
            'organizationId', cast(r.organization_id as text), 'role', r.role)), '[]')
          from core.account_role r where r.account_id = a.id) as roles
     from core.token t join core.account a on a.id = t.account_id
     where t.token_hash = :hash and t.expires_at > :now and t.revoked_at is null and a.disabled_at is null`,
    { ...key },
  );
  return rows[0];
}

export async function touchToken(db: Db, id: string, day: string): Promise<void> {
  await db.withSchema('core').from('token').where({ id }).update({ last_used_on: day });
}

/** Answers whether there was one that still stood. */
export async function revokeTokenOf(scope: Scope, id: string): Promise<boolean> {
  const { rowCount } = await scope.db.raw<{ rowCount: number }>(
    `update core.token t set revoked_at = :now where t.id = :id and t.revoked_at is null and ${ours(scope)}`,
    { id, now: scope.now(), bound: [...(scope.bound ?? [])] },
  );
  return rowCount === 1;
}

/** All of an account's, or of everybody's: what was revoked does not come back. */
export async function revokeTokens(db: Db, now: Date, accountId?: string): Promise<void> {
  const open = db.withSchema('core').from('token').whereNull('revoked_at');
  await (accountId ? open.where({ account_id: accountId }) : open).update({ revoked_at: now });
}

export async function deleteEndedTokens(db: Db, before: Date): Promise<number> {
  return db
    .withSchema('core')
    .from('token')
    .where('expires_at', '<', before)
    .orWhere('revoked_at', '<', before)
    .delete();
}

function ours({ bound }: Scope): string {
  return bound ? 't.organization_id = any (cast(:bound as bigint[]))' : 'true';
}

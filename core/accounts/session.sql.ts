// The sessions' rows; only a digest of the token is kept.
import type { Db } from '../database/connect.ts';
import type { HeldRole } from './standing.ts';

export interface SessionRow {
  id: string;
  accountId: string;
  name: string;
  email: string;
  locale: string;
  hasSecondFactor: boolean;
  secondFactorAt: Date | null;
  grace: boolean;
  seenAt: Date;
  roles: HeldRole[];
}

export interface OpenSessionRow {
  id: string;
  createdAt: Date;
  seenAt: Date;
  ip: string;
  agent: string;
}

/** Who is it that shows this token? Asked once a staff request: by the unique index on the digest. */
export async function findSessionByHash(
  db: Db,
  key: { hash: Buffer; now: Date; idleSince: Date },
): Promise<SessionRow | undefined> {
  const { rows } = await db.raw<{ rows: SessionRow[] }>(
    `select s.id, s.account_id as "accountId", a.name, a.email, a.locale,
       a.totp_confirmed_at is not null as "hasSecondFactor",
       s.second_factor_at as "secondFactorAt", s.grace, s.seen_at as "seenAt",
       (select coalesce(json_agg(json_build_object(
            'organizationId', cast(r.organization_id as text), 'role', r.role)), '[]')
          from core.account_role r where r.account_id = a.id) as roles
     from core.session s join core.account a on a.id = s.account_id
     where s.token_hash = :hash and s.expires_at > :now and s.seen_at > :idleSince
       and a.disabled_at is null`,
    { ...key },
  );
  return rows[0];
}

/** Everybody logs in anew. */
export async function deleteSessions(db: Db): Promise<void> {
  await db.withSchema('core').from('session').delete();
}

export async function touchSession(db: Db, id: string, now: Date): Promise<void> {
  await db.withSchema('core').from('session').where({ id }).update({ seen_at: now });
}

export async function insertSession(
  db: Db,
  session: {
    hash: Buffer;
    accountId: string;
    now: Date;
    expiresAt: Date;
    ip: string;
    agent: string;
    grace: boolean;
    secondFactorAt: Date | null;
  },
): Promise<string> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into core.session
       (token_hash, account_id, created_at, seen_at, expires_at, ip, agent, grace, second_factor_at)
     values (:hash, :accountId, :now, :now, :expiresAt, :ip, :agent, :grace, :secondFactorAt)
     returning id`,
    { ...session },
  );
  if (!rows[0]) throw new Error('a session was inserted and not returned');
  return rows[0].id;
}

/** The second factor was shown: a new token takes the old one's place. */
export async function renewSession(
  db: Db,
  session: { id: string; hash: Buffer; now: Date },
): Promise<void> {
  await db
    .withSchema('core')
    .from('session')
    .where({ id: session.id })
    .update({ token_hash: session.hash, second_factor_at: session.now });
}

export async function findSessionsOf(
  db: Db,
  accountId: string,
  now: Date,
): Promise<OpenSessionRow[]> {
  const { rows } = await db.raw<{ rows: OpenSessionRow[] }>(
    `select id, created_at as "createdAt", seen_at as "seenAt", ip, agent
     from core.session where account_id = :accountId and expires_at > :now
     order by seen_at desc, id`,
    { accountId, now },
  );
  return rows;
}

export async function deleteSession(db: Db, accountId: string, id: string): Promise<number> {
  return db.withSchema('core').from('session').where({ id, account_id: accountId }).delete();
}

export async function deleteSessionByHash(db: Db, hash: Buffer): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { accountId: string }[] }>(
    'delete from core.session where token_hash = :hash returning account_id as "accountId"',
    { hash },
  );
  return rows[0]?.accountId;
}

/** All of an account's sessions but one, if one is named. */
export async function deleteSessionsOf(
  db: Db,
  accountId: string,
  exceptId?: string,
): Promise<number> {
  const query = db.withSchema('core').from('session').where({ account_id: accountId });
  return (exceptId ? query.whereNot({ id: exceptId }) : query).delete();
}

export async function deleteEndedSessions(db: Db, now: Date, idleSince: Date): Promise<number> {
  return db
    .withSchema('core')
    .from('session')
    .where('expires_at', '<=', now)
    .orWhere('seen_at', '<=', idleSince)
    .delete();
}

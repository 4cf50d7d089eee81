// The accounts' rows.
import type { Db } from '../database/connect.ts';
import type { Scope } from '../scope.ts';
import type { HeldRole } from './standing.ts';

export interface AccountRow {
  id: string;
  email: string;
  name: string;
  locale: string;
  passwordHash: string | null;
  totpSecret: string | null;
  totpConfirmedAt: Date | null;
  disabledAt: Date | null;
  roles: HeldRole[];
}

export interface StaffRow {
  id: string;
  email: string;
  name: string;
  locale: string;
  createdAt: Date;
  disabledAt: Date | null;
  loggedInAt: Date | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  roles: HeldRole[];
}

const columns = `a.id, a.email, a.name, a.locale, a.password_hash as "passwordHash",
  a.totp_secret as "totpSecret", a.totp_confirmed_at as "totpConfirmedAt",
  a.disabled_at as "disabledAt"`;

const roleList = `(select coalesce(json_agg(json_build_object(
    'organizationId', cast(r.organization_id as text), 'role', r.role) order by r.organization_id, r.role), '[]')
  from core.account_role r where r.account_id = a.id)`;

export async function findAccountByEmail(db: Db, email: string): Promise<AccountRow | undefined> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(
    `select ${columns}, ${roleList} as roles from core.account a where lower(a.email) = lower(:email)`,
    { email: email.trim() },
  );
  return rows[0];
}

/** For one's own account, or after the caller's right to it was checked. */
export async function findAccount(db: Db, id: string): Promise<AccountRow | undefined> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(
    `select ${columns}, ${roleList} as roles from core.account a where a.id = :id`,
    { id },
  );
  return rows[0];
}

/** Who holds a role at the scope's organization or below it; only such roles are told. */
export async function findStaff(scope: Scope, id?: string): Promise<StaffRow[]> {
  const bound = scope.bound ? [...scope.bound] : null;
  const { rows } = await scope.db.raw<{ rows: StaffRow[] }>(
    `select a.id, a.email, a.name, a.locale, a.created_at as "createdAt", a.disabled_at as "disabledAt",
       a.logged_in_at as "loggedInAt", a.password_hash is not null as "hasPassword",
       a.totp_confirmed_at is not null as "hasSecondFactor", held.roles
     from core.account a
     cross join lateral (
       select json_agg(json_build_object('organizationId', cast(r.organization_id as text), 'role', r.role)
         order by r.organization_id, r.role) as roles
       from core.account_role r
       where r.account_id = a.id
         and (cast(:bound as bigint[]) is null or r.organization_id = any(cast(:bound as bigint[])))
     ) held
     where (cast(:id as bigint) is null or a.id = :id)
       and (held.roles is not null or (cast(:bound as bigint[]) is null))
     order by lower(a.name), a.id`,
    { bound, id: id ?? null },
  );
  return rows.map((row) => ({ ...row, roles: row.roles ?? [] }));
}

export async function insertAccount(
  db: Db,
  account: { email: string; name: string; locale: string; passwordHash?: string; now: Date },
): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into core.account (email, name, locale, password_hash, created_at)
     values (:email, :name, :locale, :passwordHash, :now)
     on conflict (lower(email)) do nothing
     returning id`,
    { ...account, passwordHash: account.passwordHash ?? null },
  );
  return rows[0]?.id;
}

export async function insertRole(
  db: Db,
  role: HeldRole & { accountId: string; now: Date },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `insert into core.account_role (account_id, organization_id, role, created_at)
     values (:accountId, :organizationId, :role, :now)
     on conflict do nothing
     returning role`,
    { ...role },
  );
  return rows.length > 0;
}

export async function deleteRole(db: Db, accountId: string, held: HeldRole): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `delete from core.account_role
     where account_id = :accountId and organization_id = :organizationId and role = :role
     returning role`,
    { accountId, ...held },
  );
  return rows.length > 0;
}

/** Who could still run the party if asked now; their rows are held, so that two withdrawals cannot cross. */
export async function lockAdministrators(db: Db, rootId: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { accountId: string }[] }>(
    `select r.account_id as "accountId"
     from core.account_role r join core.account a on a.id = r.account_id
     where r.organization_id = :rootId and r.role = 'administrator' and a.disabled_at is null
     order by r.account_id
     for update`,
    { rootId },
  );
  return rows.map((row) => row.accountId);
}

export async function updateAccount(
  db: Db,
  id: string,
  changes: Partial<{
    name: string;
    locale: string;
    password_hash: string;
    disabled_at: Date | null;
    logged_in_at: Date;
  }>,
): Promise<void> {
  await db.withSchema('core').from('account').where({ id }).update(changes);
}

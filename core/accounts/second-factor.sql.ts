// The second factor's rows: the sealed secret, its last used step, the recovery codes.
import type { Db } from '../database/connect.ts';

/** A secret to be confirmed; leaves a confirmed one alone. */
export async function updatePendingTotp(db: Db, accountId: string, sealed: string): Promise<void> {
  await db
    .withSchema('core')
    .from('account')
    .where({ id: accountId })
    .whereNull('totp_confirmed_at')
    .update({ totp_secret: sealed });
}

/** From now on the code is asked for; false when it was already. */
export async function confirmTotpSecret(
  db: Db,
  totp: { accountId: string; sealed: string; step: number; now: Date },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update core.account set totp_confirmed_at = :now, totp_step = :step
     where id = :accountId and totp_confirmed_at is null and totp_secret = :sealed
     returning id`,
    { ...totp },
  );
  return rows.length > 0;
}

/** Uses a time step up; false when it, or a later one, was used before. */
export async function spendTotpStep(db: Db, accountId: string, step: number): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update core.account set totp_step = :step
     where id = :accountId and totp_step < :step and totp_confirmed_at is not null
     returning id`,
    { accountId, step },
  );
  return rows.length > 0;
}

export async function deleteTotp(db: Db, accountId: string): Promise<void> {
  await db
    .withSchema('core')
    .from('account')
    .where({ id: accountId })
    .update({ totp_secret: null, totp_confirmed_at: null });
  await db.withSchema('core').from('recovery_code').where({ account_id: accountId }).delete();
}

export async function replaceRecoveryCodes(
  db: Db,
  accountId: string,
  hashes: Buffer[],
): Promise<void> {
  await db.withSchema('core').from('recovery_code').where({ account_id: accountId }).delete();
  const rows = hashes.map((hash) => ({ account_id: accountId, hash }));
  await db.withSchema('core').into('recovery_code').insert(rows);
}

/** Uses a recovery code up; false when there is no such code left. */
export async function spendRecoveryCode(
  db: Db,
  code: { accountId: string; hash: Buffer; now: Date },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update core.recovery_code set used_at = :now
     where account_id = :accountId and hash = :hash and used_at is null
     returning account_id`,
    { ...code },
  );
  return rows.length > 0;
}

export async function countRecoveryCodes(db: Db, accountId: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { left: string }[] }>(
    `select count(*) as left from core.recovery_code
     where account_id = :accountId and used_at is null`,
    { accountId },
  );
  return Number(rows[0]?.left ?? 0);
}

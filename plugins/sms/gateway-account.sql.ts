// Accounts at gateways, each an organization's own. What is secret of them is closed.
import { prepared, type Scope } from 'rostra/plugin';
import { boundOf, lineOf, usable, within } from './bound.ts';

export interface AccountRow {
  id: string;
  organizationId: string;
  /** Of the organization. */
  owner: string;
  gateway: string;
  sender: string;
  /** Of one part, in thousandths of the currency's smallest unit. */
  priceMilli: number;
  currency: string;
  /** Messages a second; `undefined`: what the gateway takes. */
  perSecond: number | undefined;
  publicSettings: Record<string, string>;
  sealedSettings: string;
  hookKey: string;
  endedAt: Date | undefined;
  /** Since when its gateway was not reached, or took nothing. */
  awaySince: Date | undefined;
}

const columns = `a.id, a.organization_id as "organizationId",
  (select o.name from core.organization o where o.id = a.organization_id) as owner, a.gateway, a.sender, a.price_milli as "priceMilli",
  a.currency, a.per_second as "perSecond", a.public_settings as "publicSettings",
  a.sealed_settings as "sealedSettings", a.hook_key as "hookKey", a.ended_at as "endedAt",
  a.away_since as "awaySince"`;

/** The one that the scope's organization sends through: its own, or the nearest above. */
export async function findAccountInUse(scope: Scope): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from sms.account a where ${usable('a')} and a.ended_at is null
     order by array_position(cast(:line as bigint[]), a.organization_id) limit 1`,
    lineOf(scope),
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

/** The scope's organization's own. */
export async function findOwnAccount(scope: Scope): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from sms.account a
     where a.organization_id = :organizationId and a.ended_at is null`,
    { organizationId: scope.organization.id },
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

/** One that the scope's organization may use; also one that ended: receipts still come. */
export async function findAccount(scope: Scope, id: string): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from sms.account a where a.id = :id and ${usable('a')}`,
    { id, ...lineOf(scope) },
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

/**
 * Of the organization whose address is called; of one below it, which may have no address of its own; or of one above it,
 * whose account it sends through.
 */
export async function findAccountByHook(
  scope: Scope,
  gateway: string,
  hookKey: string,
): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from sms.account a
     where a.gateway = :gateway and a.hook_key = :hookKey and (${within(scope, 'a')} or ${usable('a')})`,
    { gateway, hookKey, ...boundOf(scope), ...lineOf(scope) },
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

export interface AccountValues {
  gateway: string;
  sender: string;
  priceMilli: number;
  currency: string;
  perSecond: number | undefined;
  publicSettings: Record<string, string>;
  sealedSettings: string;
}

/** In place of what stood there, at the same gateway: the account stays the same, and its address. */
export async function upsertAccount(scope: Scope, values: AccountValues): Promise<string> {
  const made = await scope.db.raw(
    `insert into sms.account (organization_id, gateway, sender, price_milli, currency, per_second, public_settings,
       sealed_settings, created_at)
     values (:organizationId, :gateway, :sender, :priceMilli, :currency, :perSecond,
       cast(:publicSettings as jsonb), :sealedSettings, :now)
     on conflict (organization_id) where ended_at is null do update
       set sender = excluded.sender, price_milli = excluded.price_milli, currency = excluded.currency,
         per_second = excluded.per_second, public_settings = excluded.public_settings,
         sealed_settings = excluded.sealed_settings, away_since = null
     returning id`,
    {
      ...values,
      organizationId: scope.organization.id,
      perSecond: values.perSecond ?? null,
      publicSettings: JSON.stringify(values.publicSettings),
      now: scope.now(),
    },
  );
  return made.rows[0].id;
}

/** Answers whether it was in use. */
export async function endAccount(scope: Scope, id: string): Promise<boolean> {
  const ended = await scope.db.raw(
    `update sms.account set ended_at = :now
     where id = :id and organization_id = :organizationId and ended_at is null`,
    { id, organizationId: scope.organization.id, now: scope.now() },
  );
  return ended.rowCount > 0;
}

/** Of an account that the scope may use: the first time counts, until it is back. */
export async function noteAway(scope: Scope, id: string, isAway: boolean): Promise<boolean> {
  const noted = await scope.db.raw(
    `update sms.account a set away_since = case when :isAway then cast(:now as timestamptz) end
     where a.id = :id and ${usable('a')} and (a.away_since is null) = :isAway`,
    { id, isAway, ...lineOf(scope), now: scope.now() },
  );
  return noted.rowCount > 0;
}

function accountOf(row: Record<string, unknown>): AccountRow {
  return {
    ...(row as unknown as AccountRow),
    priceMilli: Number(row['priceMilli']),
    perSecond: row['perSecond'] === null ? undefined : Number(row['perSecond']),
    endedAt: (row['endedAt'] as Date | null) ?? undefined,
    awaySince: (row['awaySince'] as Date | null) ?? undefined,
  };
}

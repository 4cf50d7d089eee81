// Accounts at payment providers, each a recipient's own. What is secret of them is closed.
import { prepared, type Scope } from 'rostra/plugin';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export interface AccountRow {
  id: string;
  recipientId: string;
  organizationId: string;
  provider: string;
  publicSettings: Record<string, string>;
  sealedSettings: string;
  hookKey: string;
  isTest: boolean;
  /** The provider's own id of it, where it told one. */
  ownId: string | undefined;
  createdAt: Date;
  endedAt: Date | undefined;
  /** Its payouts are known up to then. */
  fetchedAt: Date | undefined;
}

const columns = `a.id, a.recipient_id as "recipientId", o.organization_id as "organizationId", a.provider,
  a.public_settings as "publicSettings", a.sealed_settings as "sealedSettings", a.hook_key as "hookKey",
  a.is_test as "isTest", a.created_at as "createdAt", a.ended_at as "endedAt",
  a.own_id as "ownId", a.fetched_at as "fetchedAt"`;
const from = 'fundraising.provider_account a join fundraising.recipient o on o.id = a.recipient_id';

/** Those in use, the oldest first. */
export async function findAccounts(scope: Scope, recipientId: string): Promise<AccountRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where a.recipient_id = :recipientId and a.ended_at is null and ${held(scope, 'a.recipient_id')}
     order by a.id`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows.map(accountOf);
}

/** Also one that ended: what was paid there may still change. */
export async function findAccount(scope: Scope, id: string): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from ${from} where a.id = :id and ${held(scope, 'a.recipient_id')}`,
    { id, ...heldBy(scope) },
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

export async function findAccountByHook(
  scope: Scope,
  provider: string,
  hookKey: string,
): Promise<AccountRow | undefined> {
  const found = await prepared(
    scope.db,
    `select ${columns} from ${from}
     where a.provider = :provider and a.hook_key = :hookKey and ${held(scope, 'a.recipient_id')}`,
    { provider, hookKey, ...heldBy(scope) },
  );
  return found.rows[0] && accountOf(found.rows[0]);
}

/** Of the organization's own recipients: those in use, and those that ended after `since`. */
export async function findOwnAccounts(scope: Scope, since: Date): Promise<AccountRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from ${from}
     where o.organization_id = :organizationId and o.closed_at is null and (a.ended_at is null or a.ended_at > :since)
       and ${held(scope, 'a.recipient_id')}
     order by a.id`,
    { organizationId: scope.organization.id, since, ...heldBy(scope) },
  );
  return found.rows.map(accountOf);
}

/** Whether one of the organization's recipients has an account there, or had: what was paid there is there still. */
export async function isProviderUsed(scope: Scope, provider: string): Promise<boolean> {
  const found = await scope.db.raw(
    `select from ${from} where o.organization_id = :organizationId and a.provider = :provider
       and ${held(scope, 'a.recipient_id')} limit 1`,
    { provider, organizationId: scope.organization.id, ...heldBy(scope) },
  );
  return found.rows.length > 0;
}

export interface AccountValues {
  recipientId: string;
  provider: string;
  publicSettings: Record<string, string>;
  sealedSettings: string;
  isTest: boolean;
  ownId: string | undefined;
}

/** In place of what stood there: the account stays the same, and what was paid at it. */
export async function upsertAccount(scope: Scope, values: AccountValues): Promise<string> {
  const made = await scope.db.raw(
    `insert into fundraising.provider_account (recipient_id, provider, public_settings, sealed_settings, is_test,
       own_id, created_at)
     values (:recipientId, :provider, cast(:publicSettings as jsonb), :sealedSettings, :isTest, :ownId, :now)
     on conflict (recipient_id, provider) where ended_at is null do update
       set public_settings = excluded.public_settings, sealed_settings = excluded.sealed_settings,
         own_id = coalesce(excluded.own_id, provider_account.own_id)
     returning id`,
    {
      ...values,
      ownId: values.ownId ?? null,
      publicSettings: JSON.stringify(values.publicSettings),
      now: scope.now(),
    },
  );
  return made.rows[0].id;
}

export async function noteFetched(scope: Scope, id: string, at: Date): Promise<void> {
  await scope.db.raw(
    `update fundraising.provider_account a set fetched_at = :at
     where a.id = :id and ${held(scope, 'a.recipient_id')}`,
    { id, at, ...heldBy(scope) },
  );
}

/** Answers whether it was in use. */
export async function endAccount(scope: Scope, id: string): Promise<boolean> {
  const ended = await scope.db.raw(
    `update fundraising.provider_account a set ended_at = :now
     where a.id = :id and a.ended_at is null and ${held(scope, 'a.recipient_id')}`,
    { id, now: scope.now(), ...heldBy(scope) },
  );
  return ended.rowCount > 0;
}

function accountOf(row: Record<string, unknown>): AccountRow {
  return fromRow<AccountRow>(row);
}

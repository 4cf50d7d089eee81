// A recipient's own account at a provider: filled in by its treasurer, tried before it is kept, closed with the install's secret.
import {
  checkAccount,
  invalid,
  notFound,
  openPartOf,
  type Scope,
  unavailable,
} from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Method, PaymentProvider, ProviderAccount, ProviderInfo } from './index.ts';
import { demandOffice } from './office.ts';
import {
  type AccountRow,
  endAccount,
  findAccount,
  findAccounts,
  upsertAccount,
} from './provider-account.sql.ts';

export interface Provider {
  /** Which bound it: its sentences name the settings. */
  plugin: string;
  info: ProviderInfo;
  service: PaymentProvider;
}

/** All that are on here; of two with one id the first counts. */
export async function providersOn(scope: Scope, deps: Deps): Promise<Provider[]> {
  const found = new Map<string, Provider>();
  for (const { plugin, service } of deps.providersOn(scope)) {
    const info = await service.describe(scope);
    if (!found.has(info.id)) found.set(info.id, { plugin, info, service });
  }
  return [...found.values()];
}

/** An account with its keys, and who speaks for it. Throws `unavailable` when the provider's plugin is off. */
export async function connect(
  scope: Scope,
  deps: Deps,
  row: AccountRow,
): Promise<Provider & { account: ProviderAccount }> {
  const provider = (await providersOn(scope, deps)).find(({ info }) => info.id === row.provider);
  if (!provider) throw unavailable(row.provider);
  return { ...provider, account: await openAccount(scope, deps, row) };
}

export async function connectTo(scope: Scope, deps: Deps, accountId: string) {
  const row = await findAccount(scope, accountId);
  if (!row) throw notFound('provider account', accountId);
  return connect(scope, deps, row);
}

/** Those of a recipient through which a gift can be paid in that way, the oldest first. */
export async function accountsFor(
  scope: Scope,
  deps: Deps,
  recipientId: string,
  method: Method,
): Promise<AccountRow[]> {
  const able = (await providersOn(scope, deps))
    .filter(({ info }) => info.methods.includes(method))
    .map(({ info }) => info.id);
  const rows = await findAccounts(scope, recipientId);
  return rows.filter(({ provider }) => able.includes(provider));
}

/** For who may see the money; keys are not among it. A transaction, since no staff of a chapter may read them by themselves. */
export function accountsOf(
  scope: Scope,
  recipientId: string,
): Promise<Omit<AccountRow, 'sealedSettings'>[]> {
  return scope.write(async (own) => {
    await demandOffice(own, recipientId, 'read');
    const rows = await findAccounts(own, recipientId);
    return rows.map(({ sealedSettings: _, ...shown }) => shown);
  });
}

/** Secrets that are left empty stay what they were. Throws `invalid` with a fault a setting. */
export async function saveAccount(
  scope: Scope,
  deps: Deps,
  given: { recipientId: string; provider: string; settings: Readonly<Record<string, unknown>> },
): Promise<string> {
  const recipient = await demandOffice(scope, given.recipientId, 'manage');
  const provider = (await providersOn(scope, deps)).find(({ info }) => info.id === given.provider);
  if (!provider) throw notFound('provider', given.provider);
  const rows = await scope.write((own) => findAccounts(own, recipient.id));
  const row = rows.find((one) => one.provider === given.provider);
  const { isTest } = recipient;
  const known = row && (await openAccount(scope, deps, row));
  const typed = filled(given.settings);
  const first = checkAccount(provider.info.settings, { ...known?.settings, ...typed });
  const ownId = await provider.service.check(scope, {
    id: row?.id ?? '0',
    isTest,
    settings: first,
  });
  const before = known && (row.ownId ?? (await ownIdOf(scope, provider, known)));
  const isOther = ownId !== undefined && before !== undefined && ownId !== before;
  // Nothing of another account is kept, its secrets least of all.
  const settings = isOther ? checkAccount(provider.info.settings, typed) : first;
  const values = {
    ...{ recipientId: recipient.id, provider: given.provider, isTest, ownId },
    sealedSettings: await deps.seals.seal(scope, JSON.stringify(settings)),
    publicSettings: openPartOf(provider.info.settings, settings),
  };
  const keep = scope.write(async (own) => {
    await demandOffice(own, recipient.id, 'manage');
    // What was paid at the old one is still asked about there, with its own keys.
    if (isOther && row) await endAccount(own, row.id);
    const id = await upsertAccount(own, values);
    // The site says who gets data.
    await deps.cache.drop(own);
    await note(own, deps, 'saved', recipient.id, given.provider);
    return id;
  });
  return keep.catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    const path = `/${secretOf(provider.info)}`;
    throw invalid([{ path, message: 'fundraising.payment.account-elsewhere' }]);
  });
}

/** Of keys that the provider takes no more nothing is known. */
async function ownIdOf(
  scope: Scope,
  { service }: Provider,
  account: ProviderAccount,
): Promise<string | undefined> {
  return service.check(scope, account).catch(() => undefined);
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'constraint' in error && error.constraint === 'provider_account_own'
  );
}

/** The setting that says whose account it is: the first secret one. */
function secretOf({ settings }: ProviderInfo): string {
  const fields = Object.entries((settings.properties ?? {}) as Record<string, object>);
  return (fields.find(([, field]) => 'x-secret' in field) ?? fields[0])?.[0] ?? '';
}

/** Nothing is paid there any more; what was paid is still asked about. */
export function closeAccount(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const row = await findAccount(own, id);
    if (!row) throw notFound('provider account', id);
    await demandOffice(own, row.recipientId, 'manage');
    if (await endAccount(own, id)) await note(own, deps, 'ended', row.recipientId, row.provider);
  });
}

/** Where the provider sends its calls, below the organization's own address. */
export function hookPathOf({
  provider,
  hookKey,
}: Pick<AccountRow, 'provider' | 'hookKey'>): string {
  return `/hooks/fundraising/${provider}/${hookKey}`;
}

async function openAccount(scope: Scope, deps: Deps, row: AccountRow): Promise<ProviderAccount> {
  const settings = JSON.parse(await deps.seals.open(scope, row.sealedSettings));
  return { id: row.id, isTest: row.isTest, settings };
}

function filled(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  const typed = Object.entries(settings).map(([key, value]) => [key, String(value ?? '').trim()]);
  return Object.fromEntries(typed.filter(([, value]) => value !== ''));
}

async function note(
  scope: Scope,
  deps: Deps,
  verb: 'saved' | 'ended',
  recipientId: string,
  provider: string,
): Promise<void> {
  const subject = { type: 'recipient', id: recipientId };
  const act = verb === 'saved' ? 'account.saved' : 'account.ended';
  await deps.audit.record(scope, { act, subject, details: { provider } });
}

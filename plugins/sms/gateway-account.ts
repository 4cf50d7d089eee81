// An organization's account at a gateway: filled in by its staff, tried before it is kept, closed with the install's secret.
import { checkAccount, notFound, openPartOf, type Scope, unavailable } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import {
  type AccountRow,
  endAccount,
  findAccount,
  findAccountInUse,
  findOwnAccount,
  upsertAccount,
} from './gateway-account.sql.ts';
import type { GatewayInfo, SmsAccount, SmsGateway } from './index.ts';

export interface Gateway {
  /** Which bound it: its sentences name the settings. */
  plugin: string;
  info: GatewayInfo;
  service: SmsGateway;
}
export type ShownAccount = Omit<AccountRow, 'sealedSettings'>;

/** All that are on here; of two with one id the first counts. */
export async function gatewaysOn(scope: Scope, deps: Deps): Promise<Gateway[]> {
  const found = new Map<string, Gateway>();
  for (const { plugin, service } of deps.gatewaysOn(scope)) {
    const info = await service.describe(scope);
    if (!found.has(info.id)) found.set(info.id, { plugin, info, service });
  }
  return [...found.values()];
}

/** The account that the organization sends through, its own or the nearest above; `undefined`: there is none. */
export async function accountInUse(scope: Scope): Promise<ShownAccount | undefined> {
  const row = await scope.write((own) => findAccountInUse(own));
  return row && shown(row);
}

/** Its own, not one of an organization above. */
export async function ownAccount(scope: Scope): Promise<ShownAccount | undefined> {
  const row = await scope.write((own) => findOwnAccount(own));
  return row && shown(row);
}

export interface Connected extends Gateway {
  row: AccountRow;
  account: SmsAccount;
}

/** An account with its keys, and who speaks for it. Throws `unavailable` when the gateway's plugin is off. */
export async function connect(scope: Scope, deps: Deps, row: AccountRow): Promise<Connected> {
  const gateway = (await gatewaysOn(scope, deps)).find(({ info }) => info.id === row.gateway);
  if (!gateway) throw unavailable(row.gateway);
  const settings = JSON.parse(await deps.seals.open(scope, row.sealedSettings));
  return { ...gateway, row, account: await accountOf(scope, deps, row, settings) };
}

export async function connectTo(scope: Scope, deps: Deps, id: string): Promise<Connected> {
  const row = await scope.write((own) => findAccount(own, id));
  if (!row) throw notFound('account', id);
  return connect(scope, deps, row);
}

export interface GivenAccount {
  gateway: string;
  sender: string;
  priceMilli: number;
  currency: string;
  perSecond?: number | undefined;
  settings: Readonly<Record<string, unknown>>;
}

/**
 * Secrets that are left empty stay what they were. Another gateway takes the place of the one before, whose receipts are
 * still heard. Throws `invalid` with a fault a setting.
 */
export async function saveAccount(scope: Scope, deps: Deps, given: GivenAccount): Promise<string> {
  const gateway = (await gatewaysOn(scope, deps)).find(({ info }) => info.id === given.gateway);
  if (!gateway) throw notFound('gateway', given.gateway);
  const { before, same, settings } = await settingsIn(scope, deps, gateway, given.settings);
  await gateway.service.check(scope, await accountOf(scope, deps, same, settings));
  const { settings: _, perSecond, ...rest } = given;
  const values = {
    ...{ ...rest, perSecond },
    sealedSettings: await deps.seals.seal(scope, JSON.stringify(settings)),
    publicSettings: openPartOf(gateway.info.settings, settings),
  };
  return scope.write(async (own) => {
    if (before && !same) await endAccount(own, before.id);
    const id = await upsertAccount(own, values);
    await note(own, deps, 'account.saved', given.gateway);
    return id;
  });
}

/** As they would be kept, and the account that is there before. Throws `invalid` with a fault a setting. */
export async function settingsIn(
  scope: Scope,
  deps: Deps,
  { info }: Gateway,
  given: Readonly<Record<string, unknown>>,
) {
  const before = await scope.write((own) => findOwnAccount(own));
  const same = before?.gateway === info.id ? before : undefined;
  const known = same && (await connect(scope, deps, same)).account.settings;
  const settings = checkAccount(info.settings, { ...known, ...filled(info, given, known) });
  return { before, same, settings };
}

/** Nothing is sent there any more; what comes back is still heard. */
export function closeAccount(scope: Scope, deps: Deps, id: string): Promise<void> {
  return scope.write(async (own) => {
    const row = await findAccount(own, id);
    if (!row) throw notFound('account', id);
    if (await endAccount(own, id)) await note(own, deps, 'account.ended', row.gateway);
  });
}

/** Where the gateway sends its calls, below the organization's own address. */
export function hookPathOf({ gateway, hookKey }: Pick<AccountRow, 'gateway' | 'hookKey'>): string {
  return `/hooks/sms/${gateway}/${hookKey}`;
}

async function accountOf(
  scope: Scope,
  deps: Deps,
  row: AccountRow | undefined,
  settings: Record<string, string>,
): Promise<SmsAccount> {
  const site = await deps.siteAddress.of(scope);
  return { id: row?.id ?? '0', settings, hookUrl: row ? `${site}${hookPathOf(row)}` : site };
}

/** An empty text takes a setting away, a secret one only when there was none. */
function filled(
  info: GatewayInfo,
  settings: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const typed = fieldsOf(info).map(([key, field]) => {
    const value = String(settings[key] ?? '').trim();
    if (value === '') return [key, field['x-secret'] ? known[key] : undefined];
    return [key, value];
  });
  return Object.fromEntries(typed);
}

export function fieldsOf({ settings }: GatewayInfo): [string, { 'x-secret'?: boolean }][] {
  return Object.entries((settings['properties'] ?? {}) as Record<string, { 'x-secret'?: boolean }>);
}

function shown({ sealedSettings: _, ...rest }: AccountRow): ShownAccount {
  return rest;
}

async function note(scope: Scope, deps: Deps, act: string, gateway: string): Promise<void> {
  const subject = { type: 'organization', id: scope.organization.id };
  await deps.audit.record(scope, { act, subject, details: { gateway } });
}

// Tokens: with one a program asks the API in the name of staff, for some of what they may, until a day.
import { type Fault, forbidden, invalid, notFound, refused } from '../errors.ts';
import { dayOf, instantOf } from '../law/timeline.ts';
import { makeLimits } from '../limit.ts';
import type { Scope } from '../scope.ts';
import type { ScopeRequest } from '../scopes.ts';
import { digest, randomToken } from '../secret.ts';
import type { AccountDeps } from './deps.ts';
import { type Permission, permissionsOfAll } from './roles.ts';
import { standingOf } from './standing.ts';
import { findTokenByHash, insertToken, revokeTokenOf, touchToken } from './token.sql.ts';

type TokenDeps = Pick<
  AccountDeps,
  'audit' | 'clock' | 'config' | 'database' | 'organizations' | 'registry' | 'scopes'
>;
/** Told apart by it where somebody has left one lying about. */
const prefix = 'rostra_';
const day = 24 * 3_600_000;
export const longestDays = 366;
/** Requests at once, and the seconds after which all are free again. */
const pace = [600, 60] as const;

/** What the actor may and a program can do with: permissions of plugins that have an API here. */
export function permissionsToLend(
  { registry }: Pick<AccountDeps, 'registry'>,
  scope: Scope,
): Permission[] {
  const { organization } = scope;
  return permissionsOfAll(registry).filter(({ id, plugin }) => {
    if (plugin === undefined || !scope.may(id)) return false;
    return registry.isOn(plugin, organization) && registry.find(plugin)?.contributions.api;
  });
}

/** Answers the token, which nobody can read again. `until`: the last day on which it works, ISO. */
export async function makeToken(
  deps: TokenDeps,
  scope: Scope,
  wanted: { name: string; permissions: readonly string[]; until: string },
): Promise<string> {
  const { actor } = scope;
  if (actor.kind !== 'staff') throw forbidden('core.token.manage');
  const offered = new Set(permissionsToLend(deps, scope).map(({ id }) => id));
  const strange = wanted.permissions.find((id) => !offered.has(id));
  if (strange !== undefined) throw forbidden(strange);
  const permissions = [...new Set(wanted.permissions)].sort();
  const expiresAt = endOf(scope, wanted.until);
  const faults: Fault[] = [];
  if (permissions.length === 0) faults.push(fault('permissions', 'none'));
  if (!expiresAt) faults.push(fault('until', 'bad-day', { days: longestDays }));
  if (!expiresAt || faults.length > 0) throw invalid(faults);
  const token = prefix + randomToken();
  const { accountId } = actor;
  const { name } = wanted;
  await scope.write(async (own) => {
    const id = await insertToken(own, {
      ...{ hash: digest(token), accountId, name, permissions, expiresAt },
    });
    const details = { name, permissions, until: wanted.until };
    await deps.audit.record(own, {
      act: 'token.made',
      subject: { type: 'token', id },
      details,
    });
  });
  return token;
}

/** Holds from the next request on. */
export async function revokeToken(deps: TokenDeps, scope: Scope, id: string): Promise<void> {
  await scope.write(async (own) => {
    if (!(await revokeTokenOf(own, id))) throw notFound('token', id);
    await deps.audit.record(own, { act: 'token.revoked', subject: { type: 'token', id } });
  });
}

/** The token of an `Authorization` header; `undefined` where it holds none, e.g. a proxy's own password. */
export function tokenIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/**
 * Who asks with it at this organization: what it was given and its account still has there. 401 when it does
 * not work (any more), 403 when it is another chapter's, 429 when it asks too fast.
 */
export async function readToken(
  deps: TokenDeps,
  token: string,
  organizationId: string,
): Promise<ScopeRequest> {
  const now = deps.clock.now();
  const found = await findTokenByHash(deps.database.db, { hash: digest(token), now });
  const standing = found && standingOf(deps, found, found.organizationId);
  if (!found || !standing) throw refused('accounts.token-unknown', { status: 401 });
  if (!deps.organizations.below(found.organizationId).includes(organizationId)) {
    throw refused('accounts.token-elsewhere', { status: 403 });
  }
  const permissions = new Set(found.permissions.filter((id) => standing.permissions.has(id)));
  const { accountId, locale } = found;
  const name = `${found.accountName} (${found.name})`;
  const actor = { kind: 'staff', accountId, name, permissions } as const;
  const request = { organizationId, actor, locale };
  const scope = deps.scopes.make(request);
  if (!(await makeLimits(deps.config).take(scope, `token:${found.id}`, ...pace))) {
    throw refused('accounts.token-too-fast', { status: 429 });
  }
  const today = dayOf(now, scope.organization.timeZone);
  if (found.lastUsedOn !== today) await touchToken(deps.database.db, found.id, today);
  return request;
}

/** The midnight after that day; `undefined` for none, one that is over, or one too far away. */
function endOf(scope: Scope, until: string): Date | undefined {
  const { timeZone } = scope.organization;
  const parsed = Date.parse(`${until}T00:00:00Z`);
  if (Number.isNaN(parsed)) return undefined;
  const next = new Date(parsed + day).toISOString().slice(0, 10);
  const end = new Date(instantOf(`${next}T00:00`, timeZone));
  const left = end.getTime() - scope.now().getTime();
  return left > 0 && left <= (longestDays + 1) * day ? end : undefined;
}

function fault(field: string, why: string, params?: Record<string, unknown>): Fault {
  return { path: `/${field}`, message: `accounts.token.${why}`, ...(params && { params }) };
}

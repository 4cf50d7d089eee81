// Staff sessions: opened at log in, kept in the database, out at once when revoked.
import type { Config } from '../config.ts';
import type { Db } from '../database/connect.ts';
import type { Scope } from '../scope.ts';
import { digest, randomToken } from '../secret.ts';
import type { AccountDeps } from './deps.ts';
import { type Origin, shortAgent, shortIp } from './origin.ts';
import { powerfulRoles } from './roles.ts';
import {
  deleteSessionByHash,
  deleteSessionsOf,
  findSessionByHash,
  insertSession,
  type SessionRow,
  touchSession,
} from './session.sql.ts';
import { type HeldRole, homeOf } from './standing.ts';

const hour = 3_600_000;
/** Whatever happens, one logs in again after a week, and after half a day without a click. */
export const sessionLasts = 7 * 24 * hour;
export const sessionIdles = 12 * hour;
const touchedEvery = 60_000;

export interface StaffSession {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string;
  /** Where the highest role is held. */
  readonly organizationId: string;
  readonly roles: readonly HeldRole[];
  readonly hasSecondFactor: boolean;
  /** Nothing of the admin answers before it: the code is to be shown, or the second factor set up. */
  readonly secondFactorNeeded: 'check' | 'enrol' | undefined;
}

type SessionDeps = Pick<AccountDeps, 'clock' | 'organizations'> & { database: { db: Db } };
type CookieDeps = SessionDeps & { config: Pick<Config, 'url'> };

/** Who sent this request, if staff. */
export async function readSession(
  deps: CookieDeps,
  cookieHeader: string | undefined,
): Promise<StaffSession | undefined> {
  const token = tokenOf(cookieHeader, deps.config.url);
  return token ? findSession(deps, token) : undefined;
}

export async function findSession(
  deps: SessionDeps,
  token: string,
): Promise<StaffSession | undefined> {
  const now = deps.clock.now();
  const idleSince = new Date(now.getTime() - sessionIdles);
  const row = await findSessionByHash(deps.database.db, { hash: digest(token), now, idleSince });
  const home = row && homeOf(deps.organizations, row.roles);
  if (!home) return undefined;
  if (now.getTime() - row.seenAt.getTime() > touchedEvery) {
    await touchSession(deps.database.db, row.id, now);
  }
  const { id, accountId, name, email, locale, roles, hasSecondFactor } = row;
  const secondFactorNeeded = neededOf(row);
  const organizationId = home.id;
  return {
    id,
    accountId,
    name,
    email,
    locale,
    organizationId,
    roles,
    hasSecondFactor,
    secondFactorNeeded,
  };
}

/** The page that a session must pass before the admin; undefined when it may go in. */
export function secondFactorPath(session: StaffSession): string | undefined {
  if (session.secondFactorNeeded === 'check') return '/account/two-factor';
  if (session.secondFactorNeeded === 'enrol') return '/account/two-factor/set-up';
  return undefined;
}

/**
 * Answers the token for the cookie: always a new one. `grace` lets a powerful role work without a second
 * factor until the session ends; the setup gives it to the first administrator.
 */
export async function openSession(
  scope: Pick<Scope, 'db' | 'now'>,
  accountId: string,
  origin: Origin,
  options: { grace?: boolean } = {},
): Promise<string> {
  const token = randomToken();
  const now = scope.now();
  await insertSession(scope.db, {
    hash: digest(token),
    accountId,
    now,
    expiresAt: new Date(now.getTime() + sessionLasts),
    ip: shortIp(origin.ip),
    agent: shortAgent(origin.agent),
    grace: options.grace ?? false,
    secondFactorAt: null,
  });
  return token;
}

/** Ends the session of this token; answers whose it was. */
export function revokeSession(db: Db, token: string): Promise<string | undefined> {
  return deleteSessionByHash(db, digest(token));
}

/** Ends all sessions of an account, but for the one named. */
export function revokeSessions(db: Db, accountId: string, exceptId?: string): Promise<number> {
  return deleteSessionsOf(db, accountId, exceptId);
}

/** `Set-Cookie` for a token; over https the browser itself holds it to this host and path. */
export function cookieFor(token: string, url: Config['url']): string {
  return `${cookieName(url)}=${token}; Path=/; Max-Age=${sessionLasts / 1000}; HttpOnly; SameSite=Lax${secure(url)}`;
}

export function cookieGone(url: Config['url']): string {
  return `${cookieName(url)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure(url)}`;
}

/** The token in a `Cookie` header. Over https by the bound name alone: any host of the domain may plant the other. */
export function tokenOf(cookieHeader: string | undefined, url: Config['url']): string | undefined {
  const cookie = new RegExp(`(?:^|;\\s*)${cookieName(url)}=([\\w-]{43})(?:;|$)`);
  return cookieHeader?.match(cookie)?.[1];
}

function cookieName(url: string): string {
  return isHttps(url) ? '__Host-rostra' : 'rostra';
}

function secure(url: string): string {
  return isHttps(url) ? '; Secure' : '';
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}

function neededOf(row: SessionRow): StaffSession['secondFactorNeeded'] {
  if (row.hasSecondFactor) return row.secondFactorAt ? undefined : 'check';
  const isPowerful = row.roles.some((held) => powerfulRoles.has(held.role));
  return isPowerful && !row.grace ? 'enrol' : undefined;
}

// Logging in with a password or a mailed link, and out again.
import { refused } from '../errors.ts';
import { makeLimits } from '../limit.ts';
import type { Scope } from '../scope.ts';
import { type AccountRow, findAccount, findAccountByEmail, updateAccount } from './account.sql.ts';
import { demandOwn, knownOf } from './account.ts';
import type { AccountDeps } from './deps.ts';
import { endLinks, useLink } from './link.ts';
import { type Origin, rateIp } from './origin.ts';
import { hashPassword, isOutdated, passwordFits } from './password.ts';
import { openSession, revokeSession, revokeSessions } from './session.ts';

type LogInDeps = Pick<AccountDeps, 'config' | 'audit' | 'database' | 'organizations'>;

/** Tries at once, and the seconds after which all are free again. */
const byAccount = [10, 900] as const;
const byNetwork = [40, 900] as const;

/**
 * Answers the session's token. An unknown address, a wrong password, a disabled account and one without a role
 * are refused alike: 401 `accounts.log-in-refused`; too many tries: 429 `accounts.too-many-tries`.
 */
export async function logIn(
  deps: LogInDeps,
  scope: Scope,
  attempt: { email: string; password: string } & Origin,
): Promise<string> {
  const limits = makeLimits(deps.config);
  const account = `log-in:${attempt.email.trim().toLowerCase()}`;
  const network = `log-in-ip:${rateIp(attempt.ip)}`;
  const mayTry =
    (await limits.take(scope, network, ...byNetwork)) &&
    (await limits.take(scope, account, ...byAccount));
  if (!mayTry) throw refused('accounts.too-many-tries', { status: 429 });
  const found = await checkedAccount(deps, scope, attempt);
  await limits.giveBack(scope, network, ...byNetwork);
  await limits.giveBack(scope, account, ...byAccount);
  return welcome(deps, scope, found, attempt);
}

/** The link that was mailed is a first factor like the password: the second is still asked for. */
export async function logInByLink(
  deps: LogInDeps,
  scope: Scope,
  token: string,
  origin: Origin,
): Promise<string> {
  return scope.write(async (own) => {
    const { accountId } = await useLink(own, token, ['log-in']);
    return welcome(deps, own, await mustFind(own, accountId), origin);
  });
}

/** An invitation, or a forgotten password: sets the password, ends every session and opens a new one. */
export async function setPasswordByLink(
  deps: LogInDeps,
  scope: Scope,
  token: string,
  chosen: { password: string } & Origin,
): Promise<string> {
  const passwordHash = await hashPassword(chosen.password);
  return scope.write(async (own) => {
    const { accountId } = await useLink(own, token, ['invite', 'reset']);
    const account = await mustFind(own, accountId);
    // The link is not spent by it: what is refused is rolled back.
    demandOwn(chosen.password, knownOf(deps, account));
    await updateAccount(own.db, account.id, { password_hash: passwordHash });
    await revokeSessions(own.db, account.id);
    await endLinks(own, account.id);
    await deps.audit.record(own, { act: 'account.password-set', subject: subjectOf(account) });
    return welcome(deps, own, account, chosen);
  });
}

export async function logOut(deps: LogInDeps, scope: Scope, token: string): Promise<void> {
  await scope.write(async (own) => {
    const id = await revokeSession(own.db, token);
    if (!id) return;
    await deps.audit.record(own, { act: 'account.logged-out', subject: { type: 'account', id } });
  });
}

async function checkedAccount(
  deps: LogInDeps,
  scope: Scope,
  attempt: { email: string; password: string },
): Promise<AccountRow> {
  const account = await findAccountByEmail(deps.database.db, attempt.email);
  const isRight = await passwordFits(account?.passwordHash, attempt.password);
  if (account && isRight && isWelcome(account)) {
    await rehash(scope, account, attempt.password);
    return account;
  }
  await scope.aside((own) =>
    deps.audit.record(own, {
      act: 'account.log-in-refused',
      ...(account ? { subject: subjectOf(account) } : {}),
    }),
  );
  throw refused('accounts.log-in-refused', { status: 401 });
}

async function rehash(scope: Scope, account: AccountRow, password: string): Promise<void> {
  if (!account.passwordHash || !isOutdated(account.passwordHash)) return;
  const passwordHash = await hashPassword(password);
  await scope.write((own) => updateAccount(own.db, account.id, { password_hash: passwordHash }));
}

function welcome(
  deps: LogInDeps,
  scope: Scope,
  account: AccountRow,
  origin: Origin,
): Promise<string> {
  if (!isWelcome(account)) throw refused('accounts.log-in-refused', { status: 401 });
  return scope.write(async (own) => {
    await updateAccount(own.db, account.id, { logged_in_at: own.now() });
    await deps.audit.record(own, { act: 'account.logged-in', subject: subjectOf(account) });
    return openSession(own, account.id, origin);
  });
}

function isWelcome(account: AccountRow): boolean {
  return !account.disabledAt && account.roles.length > 0;
}

async function mustFind(scope: Scope, accountId: string | null): Promise<AccountRow> {
  const account = accountId && (await findAccount(scope.db, accountId));
  if (!account) throw refused('accounts.link-spent', { status: 410 });
  return account;
}

function subjectOf(account: AccountRow): { type: string; id: string } {
  return { type: 'account', id: account.id };
}

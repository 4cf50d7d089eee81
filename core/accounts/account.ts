// Making an account, and what its owner changes of it.
import { invalid, refused } from '../errors.ts';
import { makeLimits } from '../limit.ts';
import type { Scope } from '../scope.ts';
import { findAccount, insertAccount, insertRole, updateAccount } from './account.sql.ts';
import type { AccountDeps } from './deps.ts';
import { isGuessable } from './guess.ts';
import { endLinks } from './link.ts';
import { hashPassword, passwordFits, passwordLength } from './password.ts';
import type { Role } from './roles.ts';
import { revokeSessions } from './session.ts';

export interface NewAccount {
  email: string;
  name: string;
  locale: string;
  /** Left out: the first log-in is by an invitation's link. */
  password?: string;
  role: Role;
  organizationId: string;
}

/** Within the caller's transaction; answers the id. Refused (409 `accounts.email-taken`) when the address has one. */
export async function createAccount(
  moment: Pick<Scope, 'db' | 'now'>,
  account: NewAccount,
): Promise<string> {
  const { email, name, locale, password, role, organizationId } = account;
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  const now = moment.now();
  const id = await insertAccount(moment.db, {
    email: email.trim(),
    name: name.trim(),
    locale,
    passwordHash,
    now,
  });
  if (!id) throw refused('accounts.email-taken', { status: 409 });
  await insertRole(moment.db, { accountId: id, organizationId, role, now });
  return id;
}

/** The owner shows the old password, unless there is none yet; every other session ends. */
export async function changePassword(
  deps: Pick<AccountDeps, 'audit' | 'config' | 'organizations'>,
  scope: Scope,
  session: { id: string; accountId: string },
  chosen: { current?: string; password: string },
): Promise<void> {
  const mayTry = await makeLimits(deps.config).take(
    scope,
    `password:${session.accountId}`,
    10,
    900,
  );
  if (!mayTry) throw refused('accounts.too-many-tries', { status: 429 });
  const account = await scope.write((own) => findAccount(own.db, session.accountId));
  const isKnown =
    account?.passwordHash == null ||
    (await passwordFits(account.passwordHash, chosen.current ?? ''));
  if (!isKnown) throw invalid([{ path: '/current', message: 'accounts.password.wrong' }]);
  demandOwn(chosen.password, knownOf(deps, account));
  const passwordHash = await hashPassword(chosen.password);
  await scope.write(async (own) => {
    await updateAccount(own.db, session.accountId, { password_hash: passwordHash });
    await revokeSessions(own.db, session.accountId, session.id);
    await endLinks(own, session.accountId);
    await deps.audit.record(own, {
      act: 'account.password-set',
      subject: { type: 'account', id: session.accountId },
    });
  });
}

export async function changeProfile(
  scope: Scope,
  accountId: string,
  profile: { name: string; locale: string },
): Promise<void> {
  await scope.write((own) => updateAccount(own.db, accountId, profile));
}

/** Long enough, not so long that hashing it would hold us up, and not what a stranger tries first. */
export function passwordFault(password: string, about: readonly string[]): string | undefined {
  const length = password.trim().length;
  if (length < passwordLength.min)
    return `The password needs ${passwordLength.min} characters or more.`;
  if (length > passwordLength.max)
    return `The password may have ${passwordLength.max} characters at most.`;
  if (isGuessable(password, about))
    return 'The password is one that a stranger would try: common words, a row of keys, a repetition, a name.';
  return undefined;
}

/** Throws `invalid` with the fault beside the field. */
export function demandOwn(password: string, about: readonly string[]): void {
  if (!isGuessable(password, about)) return;
  throw invalid([{ path: '/password', message: 'accounts.password.guessable' }]);
}

/** What everybody may know of whoever chooses a password. */
export function knownOf(
  { organizations }: Pick<AccountDeps, 'organizations'>,
  account: { email: string; name: string } | undefined,
): string[] {
  return [organizations.root()?.name, account?.email, account?.name].flatMap((one) => one ?? []);
}

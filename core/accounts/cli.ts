// What `rostra account` does: staff made and helped from the machine itself.
import { notFound, refused } from '../errors.ts';
import type { Scope } from '../scope.ts';
import {
  type AccountRow,
  findAccountByEmail,
  findStaff,
  type StaffRow,
  updateAccount,
} from './account.sql.ts';
import { createAccount, knownOf, passwordFault } from './account.ts';
import type { AccountDeps } from './deps.ts';
import { addressOf, createLink } from './link.ts';
import { hashPassword } from './password.ts';
import { type Role, roles } from './roles.ts';
import { resetTotp } from './second-factor.ts';
import { revokeSessions } from './session.ts';

type CliDeps = Pick<
  AccountDeps,
  'config' | 'clock' | 'database' | 'organizations' | 'scopes' | 'audit'
>;

/** Answers a link with which the new account chooses its password, when none is given. */
export async function createAccountByCommand(
  deps: CliDeps,
  given: { email: string; name: string; role: string; organization?: string; password?: string },
): Promise<{ id: string; href: string | undefined }> {
  const organization = given.organization
    ? deps.organizations.bySlug(given.organization)
    : deps.organizations.root();
  if (!organization) throw notFound('organization', given.organization);
  const { email, name, password } = given;
  const role = roleNamed(given.role);
  if (password !== undefined) demandPassword(password, knownOf(deps, given));
  const account = { email, name, password, role, organizationId: organization.id };
  return write(deps, organization.id, async (own) => {
    const id = await createAccount(own, { ...account, locale: organization.locale });
    await deps.audit.record(own, { act: 'staff.created', subject: { type: 'account', id } });
    const href = password ? undefined : addressOf(deps, await createLink(own, 'invite', id));
    return { id, href };
  });
}

/** All of the install. */
export function listAccounts(deps: CliDeps): Promise<StaffRow[]> {
  return deps.scopes.with(operatorAt(rootId(deps)), (scope) => findStaff(scope));
}

export async function resetSecondFactor(deps: CliDeps, email: string): Promise<void> {
  const account = await mustFind(deps, email);
  await write(deps, rootId(deps), async (own) => {
    await resetTotp(deps, own, account.id);
    await revokeSessions(own.db, account.id);
  });
}

/** Without a password: answers a link, good for a quarter of an hour, to choose one. */
export async function setPassword(
  deps: CliDeps,
  email: string,
  password?: string,
): Promise<string | undefined> {
  const account = await mustFind(deps, email);
  if (password === undefined) {
    return write(deps, rootId(deps), async (own) =>
      addressOf(deps, await createLink(own, 'reset', account.id)),
    );
  }
  demandPassword(password, knownOf(deps, account));
  const passwordHash = await hashPassword(password);
  return write(deps, rootId(deps), async (own) => {
    await updateAccount(own.db, account.id, { password_hash: passwordHash });
    await revokeSessions(own.db, account.id);
    const subject = { type: 'account', id: account.id };
    await deps.audit.record(own, { act: 'account.password-set', subject });
    return undefined;
  });
}

function operatorAt(organizationId: string) {
  return { organizationId, actor: { kind: 'system', name: 'operator' } as const };
}

function write<T>(
  deps: CliDeps,
  organizationId: string,
  fn: (own: Scope) => Promise<T>,
): Promise<T> {
  return deps.scopes.with(operatorAt(organizationId), (scope) => scope.write(fn));
}

function rootId(deps: CliDeps): string {
  const root = deps.organizations.root();
  if (!root) throw refused('accounts.not-set-up', {});
  return root.id;
}

async function mustFind(deps: CliDeps, email: string): Promise<AccountRow> {
  const account = await findAccountByEmail(deps.database.db, email);
  if (!account) throw notFound('account', email);
  return account;
}

function roleNamed(name: string): Role {
  const role = roles.find((one) => one === name);
  if (!role) throw new Error(`There is no role '${name}'. There are: ${roles.join(', ')}.`);
  return role;
}

function demandPassword(password: string, about: readonly string[]): void {
  const fault = passwordFault(password, about);
  if (fault) throw new Error(fault);
}

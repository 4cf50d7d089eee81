// Who works for the party: inviting them, giving and taking roles, shutting an account.
import { forbidden, notFound, refused } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { Staff } from '../services.ts';
import {
  type AccountRow,
  deleteRole,
  findAccount,
  findAccountByEmail,
  findStaff,
  insertRole,
  lockAdministrators,
  type StaffRow,
  updateAccount,
} from './account.sql.ts';
import { createAccount } from './account.ts';
import type { AccountDeps } from './deps.ts';
import { addressOf, createLink } from './link.ts';
import { permissionsToGive, type Role, roles } from './roles.ts';
import { resetTotp } from './second-factor.ts';
import { revokeSessions } from './session.ts';
import type { HeldRole } from './standing.ts';
import { revokeTokens } from './token.sql.ts';

/** Everybody with a role at the scope's organization or below. */
export function listStaff(scope: Scope): Promise<StaffRow[]> {
  return findStaff(scope);
}

/** As plugins may know of them. */
export const staffService: Staff = {
  async list(scope) {
    const all = await findStaff(scope);
    const working = all.filter(({ disabledAt, roles: held }) => !disabledAt && held.length > 0);
    return working.map(({ id, name, email }) => ({ id, name, emailAddress: email }));
  },
};

export async function readStaff(scope: Scope, id: string): Promise<StaffRow> {
  const [found] = /^\d{1,18}$/.test(id) ? await findStaff(scope, id) : [];
  if (!found) throw notFound('account', id);
  return found;
}

/** Roles that the scope's actor may give: none that can do what they cannot do themselves. */
export function grantableRoles(deps: Pick<AccountDeps, 'registry'>, scope: Scope): Role[] {
  return roles.filter((role) =>
    permissionsToGive(deps.registry, role).every((permission) => scope.may(permission)),
  );
}

/** Mails an invitation; somebody who has an account already is given the role and told so. */
export async function inviteStaff(
  deps: AccountDeps,
  scope: Scope,
  invited: { email: string; name: string; role: Role },
): Promise<string> {
  const organizationId = scope.organization.id;
  demandGrantable(deps, scope, invited.role);
  return scope.write(async (own) => {
    const known = await findAccountByEmail(own.db, invited.email);
    if (known?.disabledAt) throw refused('accounts.is-disabled', {});
    const { locale } = known ?? own;
    const id = known
      ? await addRole(own, known, invited.role)
      : await createAccount(own, { ...invited, locale, organizationId });
    const hasOwnDoor =
      known !== undefined && (known.passwordHash !== null || worksElsewhere(own, known));
    await mailInvitation(deps, own, { id, ...invited, hasOwnDoor });
    await deps.audit.record(own, {
      act: 'staff.invited',
      subject: { type: 'account', id },
      details: { role: invited.role },
    });
    return id;
  });
}

/** Once more, when the first mail was lost or its week is over. */
export async function inviteAgain(deps: AccountDeps, scope: Scope, id: string): Promise<void> {
  const staff = await readStaff(scope, id);
  if (staff.disabledAt) throw refused('accounts.is-disabled', {});
  await scope.write(async (own) => {
    const account = await findAccount(own.db, id);
    const hasOwnDoor = staff.hasPassword || worksElsewhere(own, account);
    await mailInvitation(deps, own, { ...staff, hasOwnDoor });
  });
}

export async function grantRole(
  deps: AccountDeps,
  scope: Scope,
  id: string,
  held: { organizationId: string; role: Role },
): Promise<void> {
  demandGrantable(deps, scope, held.role);
  demandWithin(scope, held.organizationId);
  await readStaff(scope, id);
  await scope.write(async (own) => {
    const isNew = await insertRole(own.db, { accountId: id, ...held, now: own.now() });
    if (!isNew) return;
    await recordRole(deps, own, 'staff.role-granted', id, held);
    const account = await findAccount(own.db, id);
    // The invitation that is open may lie where the new role does not reach: a new one takes its place.
    if (account?.passwordHash !== null || worksElsewhere(own, account)) return;
    await mailInvitation(deps, own, { ...account, hasOwnDoor: false });
  });
}

/** Holds from the next click on. The party's last administrator keeps theirs. */
export async function withdrawRole(
  deps: AccountDeps,
  scope: Scope,
  id: string,
  held: HeldRole,
): Promise<void> {
  demandWithin(scope, held.organizationId);
  await readStaff(scope, id);
  await scope.write(async (own) => {
    if (held.role === 'administrator') await demandAnotherAdministrator(deps, own, id, held);
    const isGone = await deleteRole(own.db, id, held);
    if (isGone) await recordRole(deps, own, 'staff.role-withdrawn', id, held);
  });
}

/** Out at once, and in no more; the account stays for what was done under its name. */
export async function disableStaff(deps: AccountDeps, scope: Scope, id: string): Promise<void> {
  await demandWhole(scope, id);
  if (scope.actor.kind === 'staff' && scope.actor.accountId === id) {
    throw refused('accounts.not-oneself', {});
  }
  const root = deps.organizations.root();
  await scope.write(async (own) => {
    if (root) {
      await demandAnotherAdministrator(deps, own, id, { organizationId: root.id });
    }
    await updateAccount(own.db, id, { disabled_at: own.now() });
    await revokeSessions(own.db, id);
    await revokeTokens(own.db, own.now(), id);
    await deps.audit.record(own, { act: 'staff.disabled', subject: { type: 'account', id } });
  });
}

export async function enableStaff(deps: AccountDeps, scope: Scope, id: string): Promise<void> {
  await demandWhole(scope, id);
  await scope.write(async (own) => {
    await updateAccount(own.db, id, { disabled_at: null });
    await deps.audit.record(own, { act: 'staff.enabled', subject: { type: 'account', id } });
  });
}

export async function endSessions(deps: AccountDeps, scope: Scope, id: string): Promise<void> {
  await demandWhole(scope, id);
  await scope.write(async (own) => {
    await revokeSessions(own.db, id);
    await deps.audit.record(own, { act: 'staff.sessions-ended', subject: { type: 'account', id } });
  });
}

/** For a lost telephone. Sessions end too: whoever found it may be logged in. */
export async function resetStaffSecondFactor(
  deps: AccountDeps,
  scope: Scope,
  id: string,
): Promise<void> {
  await demandWhole(scope, id);
  await scope.write(async (own) => {
    await resetTotp(deps, own, id);
    await revokeSessions(own.db, id);
  });
}

async function addRole(own: Scope, known: AccountRow, role: Role): Promise<string> {
  const organizationId = own.organization.id;
  await insertRole(own.db, { accountId: known.id, organizationId, role, now: own.now() });
  return known.id;
}

async function mailInvitation(
  deps: AccountDeps,
  own: Scope,
  invited: { id: string; email: string; name: string; hasOwnDoor: boolean },
): Promise<void> {
  const href = invited.hasOwnDoor
    ? `${deps.config.url}/account/log-in`
    : addressOf(deps, await createLink(own, 'invite', invited.id));
  const data = {
    name: invited.name,
    inviter: own.actor.kind === 'staff' ? own.actor.name : undefined,
    hasPassword: invited.hasOwnDoor,
    href,
  };
  await deps.mail(own, { to: invited.email, view: 'accounts/invitation', data, holdsKey: true });
}

function demandGrantable(deps: Pick<AccountDeps, 'registry'>, scope: Scope, role: Role): void {
  if (!grantableRoles(deps, scope).includes(role)) throw forbidden('core.staff.manage');
}

function demandWithin(scope: Scope, organizationId: string): void {
  if (scope.bound && !scope.bound.includes(organizationId)) {
    throw notFound('organization', organizationId);
  }
}

/** What reaches the whole account is for those who see all of it: else a chapter could open the party's. */
async function demandWhole(scope: Scope, id: string): Promise<void> {
  await readStaff(scope, id);
  const account = await scope.write((own) => findAccount(own.db, id));
  if (worksElsewhere(scope, account)) throw refused('accounts.works-elsewhere', {});
}

/** Then a link to the account is not a chapter's to make: it lies in the chapter's outbox. */
function worksElsewhere({ bound }: Scope, account: Pick<AccountRow, 'roles'> | undefined): boolean {
  if (!bound) return false;
  return account?.roles.some((held) => !bound.includes(held.organizationId)) ?? false;
}

async function demandAnotherAdministrator(
  deps: Pick<AccountDeps, 'organizations'>,
  own: Scope,
  id: string,
  held: { organizationId: string },
): Promise<void> {
  if (held.organizationId !== deps.organizations.root()?.id) return;
  const administrators = await lockAdministrators(own.db, held.organizationId);
  if (administrators.length === 1 && administrators[0] === id) {
    throw refused('accounts.last-administrator', {});
  }
}

async function recordRole(
  deps: Pick<AccountDeps, 'audit'>,
  own: Scope,
  act: string,
  id: string,
  held: HeldRole,
): Promise<void> {
  await deps.audit.record(own, {
    act,
    subject: { type: 'account', id },
    details: { role: held.role, organization: held.organizationId },
  });
}

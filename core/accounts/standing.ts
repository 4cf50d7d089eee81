// What a member of staff is at an organization: a role holds where it was given and below.
import type { Core } from '../core.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Actor } from '../scope.ts';
import { permissionsOf } from './roles.ts';

export interface HeldRole {
  organizationId: string;
  role: string;
}

export interface Standing {
  roles: string[];
  permissions: ReadonlySet<string>;
}

type Houses = Pick<Core, 'organizations' | 'registry'>;

/** Undefined: nothing there, and the organization's admin is not for them. */
export function standingOf(
  houses: Houses,
  session: { roles: readonly HeldRole[] },
  organizationId: string,
): Standing | undefined {
  const organization = houses.organizations.find(organizationId);
  if (!organization) return undefined;
  const line = organization.path.split('.');
  const held = session.roles.filter((one) => line.includes(one.organizationId));
  if (held.length === 0) return undefined;
  const roles = [...new Set(held.map((one) => one.role))];
  return { roles, permissions: permissionsOf(houses.registry, roles) };
}

/** Where the highest role is held: the organization that the admin opens at. */
export function homeOf(
  organizations: Core['organizations'],
  held: readonly HeldRole[],
): Organization | undefined {
  return held
    .map((one) => organizations.find(one.organizationId))
    .filter((organization) => organization !== undefined)
    .sort((a, b) => depth(a) - depth(b))[0];
}

/** The nearest organization that has all of the roles within: a link to the account is no part's to read. */
export function wholeOf(
  organizations: Core['organizations'],
  held: readonly HeldRole[],
): Organization | undefined {
  const lines = held
    .map((one) => organizations.find(one.organizationId)?.path.split('.'))
    .filter((line) => line !== undefined);
  const common = lines[0]?.filter((id) => lines.every((line) => line.includes(id)));
  return organizations.find(common?.at(-1) ?? '');
}

/** Where staff may work, from the top of the tree down: the choices of the chapter switch. */
export function organizationsOf(
  organizations: Core['organizations'],
  held: readonly HeldRole[],
): Organization[] {
  const reach = new Set(held.flatMap((one) => organizations.below(one.organizationId)));
  return organizations.all().filter((organization) => reach.has(organization.id));
}

export function actorOf(
  session: { accountId: string; name: string },
  standing: Standing | undefined,
): Actor {
  return {
    kind: 'staff',
    accountId: session.accountId,
    name: session.name,
    permissions: standing?.permissions ?? new Set(),
  };
}

function depth(organization: Organization): number {
  return organization.path.split('.').length;
}

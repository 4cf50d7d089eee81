// The six ready roles, and what the plugins and the core let each of them do.
import type { Core } from '../core.ts';

export const roles = [
  'administrator',
  'data-protection',
  'organiser',
  'chapter-volunteer',
  'web-editor',
  'treasurer',
] as const;
export type Role = (typeof roles)[number];

/** These reach everybody's data or the money: they do not work without a second factor. */
export const powerfulRoles: ReadonlySet<string> = new Set<Role>([
  'administrator',
  'data-protection',
  'treasurer',
]);

/** The core's own permissions: their sentence in the locales, and who has them beside the administrator. */
export const corePermissions: Readonly<Record<string, { words: string; roles: readonly Role[] }>> =
  {
    'core.staff.manage': { words: 'accounts.may.staff', roles: [] },
    'core.settings.manage': { words: 'accounts.may.settings', roles: [] },
    'core.plugins.switch': { words: 'accounts.may.plugins', roles: [] },
    'core.organizations.manage': { words: 'accounts.may.organizations', roles: [] },
    'core.jobs.read': { words: 'accounts.may.jobs', roles: [] },
    'core.outbox.read': { words: 'accounts.may.outbox', roles: ['data-protection', 'organiser'] },
    'core.audit.read': { words: 'accounts.may.audit', roles: ['data-protection'] },
    'core.look.manage': { words: 'accounts.may.look', roles: ['web-editor'] },
    'core.law.read': { words: 'accounts.may.law', roles },
  };

export interface Permission {
  id: string;
  /** Key in the locales. */
  words: string;
  /** Undefined: the core's own. */
  plugin: string | undefined;
  roles: readonly string[];
}

/** Every permission there is now, with the roles that hold it. */
export function permissionsOfAll(registry: Core['registry']): Permission[] {
  const own = Object.entries(corePermissions).map(([id, permission]) => ({
    id,
    words: permission.words,
    plugin: undefined,
    roles: withAdministrator(permission.roles),
  }));
  const theirs = registry
    .all()
    .filter((found) => found.state === 'loaded')
    .flatMap(({ manifest }) =>
      Object.entries(manifest.permissions ?? {}).map(([id, words]) => ({
        id,
        words,
        plugin: manifest.id,
        roles: withAdministrator(rolesWith(manifest.roles ?? {}, id)),
      })),
    );
  return [...own, ...theirs];
}

export function permissionsOf(
  registry: Core['registry'],
  held: Iterable<string>,
): ReadonlySet<string> {
  const has = new Set(held);
  return new Set(
    permissionsOfAll(registry)
      .filter((permission) => permission.roles.some((role) => has.has(role)))
      .map((permission) => permission.id),
  );
}

function rolesWith(granted: Record<string, string[]>, permission: string): string[] {
  return Object.keys(granted).filter((role) => granted[role]?.includes(permission));
}

function withAdministrator(others: readonly string[]): string[] {
  return [...new Set(['administrator', ...others])];
}

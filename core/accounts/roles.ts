// The six ready roles, and what the plugins and the core let each of them do.
import type { Core } from '../core.ts';
import type { Manifest } from '../manifest.ts';

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
    'core.token.manage': { words: 'accounts.may.tokens', roles: [] },
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
  /** Not the administrator's by being one, who gives it to others all the same. */
  isWithheld: boolean;
}

/** Every permission there is now, with the roles that hold it. */
export function permissionsOfAll(registry: Core['registry']): Permission[] {
  const own = Object.entries(corePermissions).map(([id, permission]) => ({
    id,
    words: permission.words,
    plugin: undefined,
    roles: withAdministrator(permission.roles),
    isWithheld: false,
  }));
  const theirs = registry
    .all()
    .filter((found) => found.state === 'loaded')
    .flatMap(({ manifest }) =>
      Object.entries(manifest.permissions ?? {}).map(([id, words]) => ({
        id,
        words,
        plugin: manifest.id,
        roles: holdersOf(manifest, id),
        isWithheld: manifest.withheld?.includes(id) ?? false,
      })),
    );
  return [...own, ...theirs];
}

export function permissionsOf(
  registry: Core['registry'],
  held: Iterable<string>,
): ReadonlySet<string> {
  return new Set(permissionsWith(registry, held).map(({ id }) => id));
}

/** What whoever gives one of these roles must be able to do themselves. */
export function permissionsToGive(registry: Core['registry'], role: Role): string[] {
  return permissionsWith(registry, [role])
    .filter(({ isWithheld }) => !isWithheld)
    .map(({ id }) => id);
}

function permissionsWith(registry: Core['registry'], held: Iterable<string>): Permission[] {
  const has = new Set(held);
  return permissionsOfAll(registry).filter(({ roles: those }) =>
    those.some((role) => has.has(role)),
  );
}

/** Money is not the administrator's because they run the house: a plugin may withhold a permission from them. */
function holdersOf({ roles: granted = {}, withheld = [] }: Manifest, permission: string): string[] {
  const others = rolesWith(granted, permission);
  return withheld.includes(permission) ? others : withAdministrator(others);
}

function rolesWith(granted: Record<string, string[]>, permission: string): string[] {
  return Object.keys(granted).filter((role) => granted[role]?.includes(permission));
}

function withAdministrator(others: readonly string[]): string[] {
  return [...new Set(['administrator', ...others])];
}

// The admin's left navigation: the core's own items and those of the plugins that are on, by section.
import type { Core } from '../core.ts';
import type { NavItem } from '../plugin.ts';
import type { Scope } from '../scope.ts';

export interface NavSection {
  id: string;
  label: string;
  /** Name of a sign in assets/icons.svg. */
  icon: string;
  items: NavLink[];
}
export interface NavLink {
  label: string;
  /** Inside the admin: the layout puts `/admin` or `/admin/@<chapter>` before it. */
  href: string;
  current: boolean;
}

const icons: Record<NavItem['section'], string> = {
  people: 'people',
  messages: 'message',
  money: 'money',
  site: 'site',
  events: 'event',
  law: 'law',
  settings: 'settings',
};

export const navSections: readonly string[] = Object.keys(icons);

function own(section: NavItem['section'], name: string, permission: string, order: number) {
  return { section, label: `admin.nav.${name}`, href: `/${name}`, permission, order };
}
const ownItems: NavItem[] = [
  own('messages', 'outbox', 'core.outbox.read', 200),
  own('law', 'law', 'core.law.read', 10),
  own('law', 'audit', 'core.audit.read', 200),
  own('site', 'look', 'core.look.manage', 40),
  own('settings', 'settings', 'core.settings.manage', 10),
  {
    section: 'settings',
    label: 'mail.domain.title',
    href: '/sending',
    permission: 'core.settings.manage',
    order: 15,
  },
  own('settings', 'organizations', 'core.organizations.manage', 20),
  own('settings', 'staff', 'core.staff.manage', 30),
  own('settings', 'tokens', 'core.token.manage', 35),
  own('settings', 'plugins', 'core.plugins.switch', 40),
  {
    section: 'settings',
    label: 'backup.title',
    href: '/backups',
    permission: 'core.settings.manage',
    order: 205,
  },
  own('settings', 'jobs', 'core.jobs.read', 210),
];

/** Sections with what the scope's actor may open; `path` is where the reader is, to mark it. */
export function navOf(core: Pick<Core, 'registry'>, scope: Scope, path = ''): NavSection[] {
  const items = [...ownItems, ...itemsOfPlugins(core, scope)]
    .filter((item) => scope.may(item.permission))
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
  const addresses = items.map((item) => insideAdmin(item.href));
  const here = nearest(insideAdmin(path), addresses) ?? firstBeside(core, items, path);
  const sections = Object.entries(icons).map(([id, icon]) => ({
    id,
    icon,
    label: scope.t(`admin.section.${id}`),
    items: items.filter((item) => item.section === id).map((item) => linkOf(scope, item, here)),
  }));
  return [home(scope, path), ...sections.filter((section) => section.items.length > 0)];
}

function home(scope: Scope, path: string): NavSection {
  const label = scope.t('admin.section.home');
  const current = path !== '' && insideAdmin(path) === '/';
  return { id: 'home', icon: 'home', label, items: [{ label, href: '/', current }] };
}

function itemsOfPlugins({ registry }: Pick<Core, 'registry'>, scope: Scope): NavItem[] {
  return registry
    .all()
    .filter(({ manifest }) => registry.isOn(manifest.id, scope.organization))
    .flatMap(({ contributions }) => contributions.nav ?? []);
}

function linkOf(scope: Scope, item: NavItem, here: string | undefined): NavLink {
  const href = insideAdmin(item.href);
  return { label: scope.t(item.label), href, current: href === here };
}

/** `/admin/@lyon/people/12` and `/admin/people/12` are both `/people/12`. */
export function insideAdmin(address: string): string {
  return address.replace(/[?#].*$/, '').replace(/^\/admin(\/@[^/]+)?(?=\/|$)/, '') || '/';
}

/** A page to which no item leads stands under the first of the section of its plugin: a letter under the list of mailings. */
function firstBeside({ registry }: Pick<Core, 'registry'>, items: NavItem[], path: string) {
  const [, id] = insideAdmin(path).split('/');
  const plugin = registry.all().find(({ manifest }) => manifest.id === id);
  const section = plugin?.contributions.nav?.[0]?.section;
  const first = items.find((item) => item.section === section);
  return first && insideAdmin(first.href);
}

/** The longest of the addresses that `path` lies at or below. */
function nearest(path: string, addresses: string[]): string | undefined {
  return addresses
    .filter((address) => path === address || path.startsWith(`${address}/`))
    .sort((a, b) => b.length - a.length)[0];
}

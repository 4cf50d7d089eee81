// The bundled plugins as the reference lists them: events, permissions, and what each one adds.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { corePermissions, roles } from '../accounts/roles.ts';
import type { Get } from '../container.ts';
import { capabilities } from '../law/vocabulary.ts';
import type { Manifest } from '../manifest.ts';
import { findManifests, root } from '../manifests.ts';
import type { Contributions, Plugin } from '../plugin.ts';
import { filesOf, read } from '../testing/tree.ts';
import { publicFaceOf } from './contract.ts';
import { code, note, table } from './markdown.ts';

export interface Bundled {
  manifest: Manifest;
  folder: string;
  contributions: Contributions;
}

export async function loadBundled(): Promise<Bundled[]> {
  const loaded: Bundled[] = [];
  for (const { manifest, folder } of findManifests([])) {
    const { default: plugin } = (await import(pathToFileURL(join(folder, 'plugin.ts')).href)) as {
      default: Plugin;
    };
    loaded.push({ manifest, folder, contributions: plugin.contribute(nothing) });
  }
  return loaded;
}

/** Contributions are plain data: no service is called while they are made, so none need be there. */
const service: never = new Proxy({} as never, { get: () => () => undefined }) as never;
const nothing: Get = Object.assign(() => service, {
  optional: () => service,
  many: () => () => [],
});

export type Words = (key: string) => string;

/** The English sentences of the core and of the plugins. */
export function loadWords(): Words {
  const files = filesOf(/^(core|plugins)\/.*locales\/en\.json$/);
  const all = files.map((file) => JSON.parse(read(file)));
  const words: Record<string, string> = Object.assign({}, ...all);
  return (key) => words[key] ?? key;
}

export function eventsPage(plugins: Bundled[]): string {
  const told = [
    { owner: 'core', text: readFileSync(join(root, 'core/plugin.ts'), 'utf8') },
    ...plugins.map(({ manifest, folder }) => ({ owner: manifest.id, text: faceText(folder) })),
  ].flatMap(({ owner, text }) => eventsIn(text).map((event) => ({ owner, ...event })));
  const rows = told.map(({ owner, name, carries, words }) => {
    const hear = (how: 'before' | 'on') =>
      plugins.filter((one) => name in (one.contributions[how] ?? {})).map((one) => one.manifest.id);
    return [
      code(name),
      owner,
      code(carries),
      words,
      hear('before').join(', '),
      hear('on').join(', '),
    ];
  });
  return [
    '# Events',
    note,
    'A payload holds ids only. `before` listeners run in the transaction of who tells it and may refuse; `on` listeners run after the commit, at least once.',
    table(['event', 'told by', 'carries', '', 'heard before by', 'heard after by'], rows),
  ].join('\n\n');
}

function faceText(folder: string): string {
  const file = join(folder, 'index.ts');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function eventsIn(text: string): { name: string; carries: string; words: string }[] {
  const [, body = ''] = /interface EventPayloads \{\n(.*?)\n\s*\}\n/s.exec(text) ?? [];
  const events = body.matchAll(/(?:\/\*\* ([^*]*) \*\/\s*)?'([\w.-]+)': (\{[^}]*\});/g);
  return [...events].map(([, words = '', name = '', carries = '']) => {
    return { name, carries: carries.replace(/\s+/g, ' '), words };
  });
}

export function permissionsPage(plugins: Bundled[], words: Words): string {
  const own = Object.entries(corePermissions).map(([id, one]) => {
    return { id, words: words(one.words), held: [...one.roles] as string[] };
  });
  const theirs = plugins.flatMap(({ manifest }) =>
    Object.entries(manifest.permissions ?? {}).map(([id, key]) => {
      const held = roles.filter((role) => manifest.roles?.[role]?.includes(id));
      return { id, words: words(key), held: held as string[] };
    }),
  );
  const others = roles.filter((role) => role !== 'administrator');
  const rows = [...own, ...theirs].map((one) => [
    code(one.id),
    one.words,
    ...others.map((role) => (one.held.includes(role) ? 'yes' : '')),
  ]);
  return [
    '# Permissions and roles',
    note,
    'The administrator holds all of them. A role holds at an organization and below it. `roles` of plugin.json names a role by its id.',
    table(
      ['role', 'id', 'what for'],
      roles.map((role) => inWords(role, words)),
    ),
    table(['permission', 'lets', ...others.map((role) => words(`accounts.role.${role}`))], rows),
  ].join('\n\n');
}

function inWords(role: string, words: Words): string[] {
  const key = `accounts.role.${role}`;
  return [words(key), code(role), words(`${key}.about`)];
}

export function capabilitiesPage(plugins: Bundled[], words: Words): string {
  const rows = capabilities.map((word) => {
    const of = (how: 'needs' | 'uses') =>
      plugins
        .filter(({ manifest }) => manifest.capabilities?.[how]?.includes(word))
        .map(({ manifest }) => manifest.id)
        .join(', ');
    return [code(word), words(`law.capability.${word}.name`), of('needs'), of('uses')];
  });
  return [
    '# Capabilities',
    note,
    'The closed list of acts that a plugin may ask the law for. What a law says of each: `rostra law list fr`. An unknown word is denied.',
    table(['capability', 'act', 'off without it', 'asks for it by the act'], rows),
  ].join('\n\n');
}

export function pluginsPage(plugins: Bundled[], words: Words): string {
  const pages = plugins.map((one) => pluginOf(one, words));
  return ['# The bundled plugins', note, ...pages].join('\n\n');
}

function pluginOf({ manifest, folder, contributions }: Bundled, words: Words): string {
  const { panels = [], nav = [], jobs = [], commands = [] } = contributions;
  const facts: [string, string][] = [
    ['requires', code(manifest.requires)],
    ['enhances', code(manifest.enhances)],
    ['needs of the law', code(manifest.capabilities?.needs)],
    ['asks the law by the act', code(manifest.capabilities?.uses)],
    ['public addresses', code(manifest.paths)],
    ['settings', code(Object.keys(Object(manifest.settings?.properties)))],
    ['in the navigation', nav.map((one) => `${words(one.label)} (\`${one.href}\`)`).join(', ')],
    ['slots for panels of others', code(manifest.slots)],
    ['panels in', code(panels.map(({ slot }) => slot))],
    ['jobs', code(jobs.map(({ name, cron }) => (cron ? `${name} (${cron})` : name)))],
    ['commands', code(commands.map(({ usage }) => `rostra ${usage}`))],
  ];
  const practices = (manifest.dataPractices ?? []).map((one) => [
    code(one.data),
    words(one.purpose),
    one.basis,
    one.source,
    one.keep,
    code(one.tables),
  ]);
  const face = publicFaceOf(folder);
  return [
    `## ${manifest.id} ${manifest.version}`,
    facts
      .filter(([, value]) => value !== '')
      .map(([what, value]) => `- ${what}: ${value}`)
      .join('\n'),
    `What it keeps on people:\n\n${table(['data', 'purpose', 'basis', 'source', 'keep', 'tables'], practices)}`,
    ...(face ? [`What others may import as \`rostra/${manifest.id}\`:\n\n${face}`] : []),
  ].join('\n\n');
}

// Finds the manifests of all plugins, checks them and sorts them by what they require.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import satisfies from 'semver/functions/satisfies.js';
import { StartError } from './database/start-error.ts';
import { type Manifest, ManifestSchema } from './manifest.ts';

export interface FoundManifest {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly bundled: boolean;
}

/** Version of the contract, which manifests name in `core`. */
export const contractVersion = '1.0.0';
export const root = resolve(import.meta.dirname, '..');

/** First segments that belong to the core. */
export const corePaths = [
  '/admin',
  '/api',
  '/hooks',
  '/assets',
  '/account',
  '/setup',
  '/health',
  '/metrics',
  '/uploads',
];

// The schema is our own: checking it against the schema of schemas would cost a start more than all the rest.
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  verbose: true,
  ...{ meta: false, validateSchema: false },
});
const check = ajv.compile(ManifestSchema);

/** Bundled ones from `plugins/`, then the named folders or packages. Throws StartError with every fault at once. */
export function findManifests(
  outside: readonly string[],
  bundledFolder = join(root, 'plugins'),
): FoundManifest[] {
  const bundled = existsSync(bundledFolder)
    ? readdirSync(bundledFolder, { withFileTypes: true })
        .filter((entry) => existsSync(join(bundledFolder, entry.name, 'plugin.json')))
        .map((entry) => ({ folder: join(bundledFolder, entry.name), bundled: true }))
    : [];
  const faults: string[] = [];
  const found: FoundManifest[] = [];
  for (const place of [
    ...bundled,
    ...outside.map((name) => ({ folder: folderOf(name), bundled: false })),
  ]) {
    const manifest = readManifest(place.folder, faults);
    if (manifest) found.push({ manifest, ...place });
  }
  const sorted = sortManifests(found, faults);
  if (faults.length > 0) {
    throw new StartError(
      `The plugins do not fit together:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  return sorted;
}

function folderOf(name: string): string {
  if (isAbsolute(name) || name.startsWith('.')) return resolve(name);
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${name}/plugin.json`));
  } catch {
    return resolve(name);
  }
}

function readManifest(folder: string, faults: string[]): Manifest | undefined {
  const file = join(folder, 'plugin.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    faults.push(`${file} cannot be read as JSON: ${(error as Error).message}.`);
    return undefined;
  }
  const own = manifestFaults(value);
  faults.push(...own.map((fault) => `${file}: ${fault}`));
  return own.length > 0 ? undefined : (value as Manifest);
}

/** What is wrong with a manifest by itself; empty when nothing is. */
export function manifestFaults(value: unknown): string[] {
  if (!check(value)) {
    return (check.errors ?? []).map(
      (error) => `${error.instancePath || 'the file'} ${error.message}${wordsOf(error)}.`,
    );
  }
  const manifest = value as Manifest;
  const faults: string[] = [];
  if (!satisfies(contractVersion, manifest.core)) {
    faults.push(`it is written for core ${manifest.core}, this is ${contractVersion}.`);
  }
  for (const path of manifest.paths ?? []) {
    if (corePaths.includes(path)) faults.push(`the path ${path} belongs to the core.`);
  }
  for (const permission of Object.keys(manifest.permissions ?? {})) {
    if (!permission.startsWith(`${manifest.id}.`)) {
      faults.push(`the permission ${permission} does not begin with "${manifest.id}.".`);
    }
  }
  const named = {
    roles: Object.values(manifest.roles ?? {}).flat(),
    withheld: manifest.withheld ?? [],
  };
  for (const [key, ids] of Object.entries(named)) {
    for (const one of ids.filter((id) => !manifest.permissions?.[id])) {
      faults.push(`${key} name "${one}", not one of permissions.`);
    }
  }
  return faults;
}

/** Which word it is that JSON Schema complains of, and which ones there are. */
function wordsOf({ keyword, params, data }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `: "${params['additionalProperty']}" is not known`;
  if (keyword === 'enum') return ` (${params['allowedValues'].join(', ')}), not "${data}"`;
  return typeof data === 'string' ? `: it is "${data}"` : '';
}

/** Those that are required first; by id where it does not matter, so that every start is alike. */
export function sortManifests(found: FoundManifest[], faults: string[]): FoundManifest[] {
  const byId = new Map<string, FoundManifest>();
  const byPath = new Map<string, string>();
  for (const one of found) {
    const twin = byId.get(one.manifest.id);
    if (twin) faults.push(`"${one.manifest.id}" is there twice: ${twin.folder} and ${one.folder}.`);
    byId.set(one.manifest.id, one);
    for (const path of one.manifest.paths ?? []) {
      const owner = byPath.get(path);
      if (owner) faults.push(`"${owner}" and "${one.manifest.id}" both claim the path ${path}.`);
      byPath.set(path, one.manifest.id);
    }
  }
  const sorted: FoundManifest[] = [];
  const visit = (one: FoundManifest, chain: string[]): void => {
    const id = one.manifest.id;
    if (sorted.includes(one)) return;
    if (chain.includes(id)) {
      faults.push(`These plugins require each other in a circle: ${[...chain, id].join(' → ')}.`);
      return;
    }
    for (const required of one.manifest.requires ?? []) {
      const other = byId.get(required);
      if (!other) faults.push(`"${id}" requires "${required}", which is not installed.`);
      else visit(other, [...chain, id]);
    }
    if (!sorted.includes(one)) sorted.push(one);
  };
  const alphabetical = [...byId.values()].sort((a, b) =>
    a.manifest.id.localeCompare(b.manifest.id),
  );
  for (const one of alphabetical) visit(one, []);
  return sorted;
}

// Brings a plugin's code in, and what is looked at before it may take part.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Manifest } from './manifest.ts';
import type { FoundManifest } from './manifests.ts';
import type { Contributions, Plugin } from './plugin.ts';

/** Its default export; throws a sentence for its author when there is none. */
export async function importPlugin(found: FoundManifest): Promise<Plugin> {
  const file = ['plugin.ts', 'plugin.js', 'plugin.mjs']
    .map((name) => join(found.folder, name))
    .find(existsSync);
  if (!file) throw new Error(`There is no plugin.ts or plugin.js in ${found.folder}.`);
  const module = (await import(pathToFileURL(file).href)) as { default?: Plugin };
  if (typeof module.default?.contribute !== 'function') {
    throw new Error(`${file} must export a Plugin as default.`);
  }
  return module.default;
}

/** Who keeps something on people says how they ask for it. */
export function requireSubject(manifest: Manifest, contributions: Contributions): void {
  if ((manifest.dataPractices?.length ?? 0) > 0 && !contributions.subject) {
    throw new Error('It declares dataPractices but contributes no `subject`.');
  }
}

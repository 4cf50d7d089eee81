// Where sentences lie: in the core, in its areas, in the plugins.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FoundManifest, root } from './manifests.ts';

/** The first folder, the core's, says which languages there are. */
export function localeFolders(found: readonly FoundManifest[]): string[] {
  const core = join(root, 'core');
  const areas = readdirSync(core, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'locales')
    .map((entry) => join(core, entry.name, 'locales'));
  const plugins = found.map(({ folder }) => join(folder, 'locales'));
  return [join(core, 'locales'), ...areas, ...plugins].filter((folder) => existsSync(folder));
}

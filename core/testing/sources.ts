// Where the migrations of the core and of the bundled plugins lie, in the order in which they run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationSource } from '../database/migrate.ts';

export const root = join(import.meta.dirname, '..', '..');

interface Found {
  id: string;
  requires: string[];
  folder: string;
}

export function bundledSources(): MigrationSource[] {
  const core = { plugin: 'core', folder: join(root, 'migrations', 'core') };
  const plugins = inOrder(findPlugins()).filter(({ folder }) => existsSync(folder));
  return [core, ...plugins.map(({ id, folder }) => ({ plugin: id, folder }))];
}

function findPlugins(): Found[] {
  const plugins = join(root, 'plugins');
  if (!existsSync(plugins)) return [];
  const folders = readdirSync(plugins).map((name) => join(plugins, name));
  return folders.filter((folder) => existsSync(join(folder, 'plugin.json'))).map(readPlugin);
}

function readPlugin(folder: string): Found {
  const manifest = JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'));
  const top = join(root, 'migrations', manifest.id);
  const inside = join(folder, manifest.migrations ?? 'migrations');
  return {
    id: manifest.id,
    requires: manifest.requires ?? [],
    folder: existsSync(inside) ? inside : top,
  };
}

/** Those required before those that require them. */
function inOrder(found: Found[]): Found[] {
  const placed = new Set<Found>();
  const place = (plugin: Found) => {
    if (placed.has(plugin)) return;
    for (const id of plugin.requires) found.filter((other) => other.id === id).forEach(place);
    placed.add(plugin);
  };
  found.forEach(place);
  return [...placed];
}

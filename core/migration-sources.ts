// Where the migrations of the core and of each plugin lie.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationSource } from './database/migrate.ts';
import { type FoundManifest, root } from './manifests.ts';

export const coreSource: MigrationSource = {
  plugin: 'core',
  folder: join(root, 'migrations', 'core'),
};

/** A plugin that keeps nothing has no folder, unless it names one. */
export function hasMigrations({ manifest, folder }: FoundManifest): boolean {
  return manifest.migrations !== undefined || existsSync(join(folder, 'migrations'));
}

export function sourceOf({ manifest, folder }: FoundManifest): MigrationSource {
  return { plugin: manifest.id, folder: join(folder, manifest.migrations ?? './migrations') };
}

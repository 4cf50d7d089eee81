// The migrations of the core and of the bundled plugins, in the order in which they run.
import type { MigrationSource } from '../database/migrate.ts';
import { findManifests } from '../manifests.ts';
import { coreSource, hasMigrations, sourceOf } from '../migration-sources.ts';

export { root } from '../manifests.ts';

export function bundledSources(): MigrationSource[] {
  return [coreSource, ...findManifests([]).filter(hasMigrations).map(sourceOf)];
}

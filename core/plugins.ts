// What a plugin may know of the others: manifests, data practices, paths, foreign sources.

import { attempt } from './attempt.ts';
import type { Core } from './core.ts';
import type { CspSources } from './http/csp.ts';
import { corePaths } from './manifests.ts';
import type { FoundPlugin } from './registry.ts';
import type { Scope } from './scope.ts';
import type { Plugins } from './services.ts';

export function makePlugins(core: Pick<Core, 'registry' | 'scopes'>): Plugins {
  const { registry } = core;
  const on = (scope: Scope): FoundPlugin[] =>
    registry.all().filter(({ manifest }) => registry.isOn(manifest.id, scope.organization));
  return {
    on: async (scope) => on(scope).map(({ manifest }) => manifest),
    dataPractices: async (scope) =>
      on(scope).flatMap(({ manifest }) =>
        (manifest.dataPractices ?? []).map((practice) => ({ ...practice, plugin: manifest.id })),
      ),
    reservedPaths: async () => [
      ...corePaths,
      ...registry.all().flatMap(({ manifest }) => manifest.paths ?? []),
    ],
    foreignSources: async (scope) => [
      ...new Set(on(scope).flatMap(({ contributions }) => sourcesOf(contributions.csp ?? {}))),
    ],
    attempt: (scope, asked, act) => attempt(core, scope, asked, act),
  };
}

function sourcesOf(csp: CspSources): string[] {
  return Object.values(csp).flat();
}

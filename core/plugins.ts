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
    dataPractices: async (scope) => {
      const all = await Promise.all(
        on(scope).map(async ({ manifest, contributions }) => {
          const idle = (await contributions.idleProcessors?.(scope)) ?? [];
          return (manifest.dataPractices ?? []).map((practice) => ({
            ...practice,
            processors: practice.processors.filter(({ name }) => !idle.includes(name)),
            plugin: manifest.id,
          }));
        }),
      );
      return all.flat();
    },
    reservedPaths: async () => [
      ...corePaths,
      ...registry.all().flatMap(({ manifest }) => manifest.paths ?? []),
    ],
    foreignSources: async (scope) => {
      const all = await Promise.all(
        on(scope).map(async (plugin) => {
          const { csp } = plugin.contributions;
          return csp && !(await isIdle(scope, plugin)) ? sourcesOf(csp) : [];
        }),
      );
      return [...new Set(all.flat())];
    },
    attempt: (scope, asked, act) => attempt(core, scope, asked, act),
  };
}

/** Whether all the processors that it names get nothing here. */
async function isIdle(scope: Scope, { manifest, contributions }: FoundPlugin): Promise<boolean> {
  const named = (manifest.dataPractices ?? []).flatMap(({ processors }) => processors);
  const idle = (await contributions.idleProcessors?.(scope)) ?? [];
  return named.length > 0 && named.every(({ name }) => idle.includes(name));
}

function sourcesOf({ onlyAllowed: _, ...csp }: CspSources): string[] {
  return Object.values(csp).flat();
}

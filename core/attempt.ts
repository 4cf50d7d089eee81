// Asks another plugin for its part of one's own page: it may fail, the page stays.
import type { Core } from './core.ts';
import { within } from './http/bound.ts';
import type { Scope } from './scope.ts';

const mostMs = 5_000;

/** `undefined` when it threw or took longer than five seconds: that is told of in the plugin's name. */
export async function attempt<T>(
  core: Pick<Core, 'registry' | 'scopes'>,
  scope: Scope,
  { plugin, where }: { plugin: string; where: string },
  act: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(mostMs, plugin, act);
  } catch (error) {
    core.registry.report(plugin, where, error);
    await core.scopes.revive(scope);
    return undefined;
  }
}

// Brings a plugin's code in, and what is looked at before it may take part.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseCronItems } from 'graphile-worker';
import type { Manifest } from './manifest.ts';
import type { FoundManifest } from './manifests.ts';
import type { Contributions, Plugin } from './plugin.ts';

/** Its default export; throws a sentence for its author when there is none. */
export async function importPlugin(found: FoundManifest): Promise<Plugin> {
  const file = ['plugin.ts', 'plugin.js', 'plugin.mjs']
    .map((name) => join(found.folder, name))
    .find(existsSync);
  if (!file) throw new Error(`There is no plugin.ts or plugin.js in ${found.folder}.`);
  // A hook slows every import that follows, so it waits for a plugin that needs it.
  if (!found.bundled) await import('./register.mjs');
  const module = (await import(pathToFileURL(file).href)) as { default?: Plugin };
  if (typeof module.default?.contribute !== 'function') {
    throw new Error(`${file} must export a Plugin as default.`);
  }
  return module.default;
}

/** Throws a sentence on each thing that `contribute` handed over and that does not hold together. */
export function requireSound(manifest: Manifest, given: Contributions): void {
  const faults = contributionFaults(manifest, given);
  if (faults.length > 0) throw new Error(faults.join(' '));
}

export function contributionFaults(manifest: Manifest, given: Contributions): string[] {
  const { paths = [], permissions = {}, dataPractices = [] } = manifest;
  const named = [...(given.nav ?? []), ...(given.panels ?? [])].map((one) => one.permission);
  const faults: string[] = [];
  for (const { path, methods, stack } of given.admin?.stack ?? []) {
    const own = stack.flatMap((step) => ('permission' in step ? [String(step.permission)] : []));
    if (methods.length > 0 && own.length === 0) {
      faults.push(
        `The staff route ${methods.at(-1)} ${path} needs permit('…') before its handler.`,
      );
    }
    named.push(...own);
  }
  for (const one of new Set(named)) {
    if (!one?.startsWith(`${manifest.id}.`) || permissions[one]) continue;
    faults.push(`The permission "${one}" is not in plugin.json.`);
  }
  for (const { path, methods } of given.site?.stack ?? []) {
    const first = `/${String(path).split('/')[1] ?? ''}`;
    // A file such as `/feed.xml` is no page's.
    if (methods.length === 0 || paths.includes(first) || first.includes('.')) continue;
    faults.push(`The public route ${path} needs "${first}" in paths of plugin.json.`);
  }
  for (const { name, cron } of given.jobs ?? []) {
    if (isCron(cron)) continue;
    faults.push(`The job "${name}" has the cron "${cron}": write five fields, like "0 3 * * *".`);
  }
  // Who keeps something on people says how they ask for it.
  if (dataPractices.length > 0 && !given.subject) {
    faults.push('It declares dataPractices but contributes no `subject`.');
  }
  return faults;
}

function isCron(match = '* * * * *'): boolean {
  try {
    return parseCronItems([{ task: 'any', match }]).length === 1;
  } catch {
    return false;
  }
}

/** What the list of plugins says of an error: knex puts the whole statement before the database's reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'severity' in error ? (error.message.split(' - ').at(-1) ?? '') : error.message;
}

// All that samples are drawn with, without a database: for `rostra theme check` and for tests.
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { loadLocales } from '../locale.ts';
import { localeFolders } from '../locale-folders.ts';
import type { Log } from '../log.ts';
import { findManifests, root } from '../manifests.ts';
import type { Organization } from '../organizations/organization.ts';
import type { SampleDeps } from './samples.ts';
import { loadThemes } from './themes.ts';

export interface SamplerOptions {
  /** Folders or packages of outside plugins. */
  plugins?: readonly string[];
  /** Folders of outside themes. */
  themes?: readonly string[];
  log: Log;
  clock: Clock;
}

export async function openSampler(options: SamplerOptions): Promise<SampleDeps> {
  const { log, clock } = options;
  const found = findManifests(options.plugins ?? []);
  const locales = await loadLocales({ folders: localeFolders(found), log });
  const themes = await loadThemes({
    folders: [join(root, 'themes'), ...(options.themes ?? [])],
    core: join(root, 'core'),
    plugins: () => found.map(({ manifest, folder }) => ({ id: manifest.id, folder })),
    locales,
    log,
    lookOf: () => ({ theme: 'plain' }),
    organizations: () => [exampleParty],
    urlOf: () => 'https://example.org',
    watch: false,
  });
  return { themes, locales, clock, found };
}

/** Whose pages they are until a party is set up. */
export const exampleParty: Organization = {
  id: '0',
  parentId: undefined,
  path: '0',
  slug: 'parti',
  name: 'Parti de l’Exemple',
  jurisdiction: 'fr',
  locale: 'fr',
  timeZone: 'Europe/Paris',
  legal: {
    controller: 'Parti de l’Exemple',
    address: '12 rue de l’Ancienne-Comédie, 69001 Lyon',
    contact: 'donnees@example.org',
  },
};

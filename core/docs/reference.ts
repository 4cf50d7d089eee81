// All pages of docs/reference, made from the code and from a migrated database.
import type { Db } from '../database/connect.ts';
import { PackSchema } from '../law/schema.ts';
import { ManifestSchema } from '../manifest.ts';
import { ThemeManifestSchema } from '../theme/theme.ts';
import { commandsPage } from './commands.ts';
import { contractPage } from './contract.ts';
import {
  capabilitiesPage,
  eventsPage,
  loadBundled,
  loadWords,
  permissionsPage,
  pluginsPage,
} from './plugins.ts';
import { schemaPage } from './schema.ts';
import { viewsPage } from './views.ts';

/** Text by name of file. */
export async function makeReference(db: Db): Promise<Record<string, string>> {
  const plugins = await loadBundled();
  const words = loadWords();
  const pages = {
    'capabilities.md': capabilitiesPage(plugins, words),
    'cli.md': await commandsPage(plugins, words),
    'contract.md': contractPage(),
    'events.md': eventsPage(plugins),
    'pack.schema.json': schemaFile('A jurisdiction pack', PackSchema),
    'permissions.md': permissionsPage(plugins, words),
    'plugin.schema.json': schemaFile('plugin.json', ManifestSchema),
    'plugins.md': pluginsPage(plugins, words),
    'schema.md': await schemaPage(db),
    'theme.schema.json': schemaFile('theme.json', ThemeManifestSchema),
    'views.md': viewsPage(),
  };
  return Object.fromEntries(
    Object.entries(pages).map(([name, text]) => [name, `${text.trimEnd()}\n`]),
  );
}

function schemaFile(title: string, schema: object): string {
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return JSON.stringify({ $schema, title, ...schema }, undefined, 2);
}

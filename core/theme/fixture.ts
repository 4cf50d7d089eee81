// Themes and a plugin's views in a temporary folder, for the tests of the engine.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { loadLocales } from '../locale.ts';
import { makeLog } from '../log.ts';
import { root } from '../manifests.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Scope } from '../scope.ts';
import type { Look } from './look.ts';
import { viewScope } from './samples.ts';
import { loadThemes, type Themes } from './themes.ts';

export interface Fixture {
  folder: string;
  themes: Themes;
  scope: Scope;
  /** What went to the log. */
  lines: string[];
  write(file: string, text: string): void;
  render(view: string, data?: object, frame?: object | false): Promise<string>;
  at(locale: string, seconds?: number): Scope;
}

export interface Wanted {
  look?: Look;
  /** Below `themes/` and `plugins/`, by path. */
  files?: Record<string, string>;
  watch?: boolean;
}

const organization: Organization = {
  id: '1',
  parentId: undefined,
  path: '1',
  slug: 'parti',
  name: 'Parti des Marais',
  jurisdiction: 'fr',
  locale: 'fr',
  timeZone: 'Europe/Paris',
  legal: { controller: 'Parti des Marais', address: '1 rue du Lac, 75001 Paris' },
};

export async function makeThemes(t: ExecutionContext, wanted: Wanted = {}): Promise<Fixture> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rostra-themes-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  for (const [file, text] of Object.entries(wanted.files ?? {})) write(file, text);
  const lines: string[] = [];
  const log = makeLog('warn', { write: (line) => void lines.push(line) });
  const core = path.join(root, 'core');
  const locales = await loadLocales({ folders: [path.join(core, 'http/locales')], log });
  const themes = await loadThemes({
    folders: [path.join(root, 'themes'), path.join(folder, 'themes')],
    core,
    plugins: () => [{ id: 'hall', folder: path.join(folder, 'plugins/hall') }],
    locales,
    log,
    lookOf: () => wanted.look ?? { theme: 'plain' },
    organizations: () => [organization],
    urlOf: () => 'https://marais.example',
    watch: wanted.watch ?? false,
  });
  const at = (locale: string, seconds = 0): Scope => {
    const now = new Date(Date.UTC(2026, 10, 24, 10, 0, seconds));
    const t: Scope['t'] = (key, params) => locales.t(locale, key, params);
    return viewScope(organization, locale, now, t, (permission) => permission === 'hall.open');
  };
  return {
    folder,
    themes,
    scope: at('fr'),
    lines,
    write,
    at,
    render: (view, data = {}, frame = false) =>
      themes.render({ scope: at('fr'), surface: 'site', view, data, frame }),
  };
}

export function themeJson(id: string, more: object = {}): string {
  return JSON.stringify({ id, name: id, version: '1.0.0', core: '^1.0.0', ...more });
}

// Writes an outside plugin into a folder of its own, for tests.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Test } from './database.ts';

export interface Outsider {
  id: string;
  /** Text of plugin.ts. */
  plugin: string;
  needs?: string[];
  requires?: string[];
  /** More of plugin.json. */
  manifest?: object;
  /** Further files by path. */
  files?: Record<string, string>;
}

/** Answers its folder, outside of the checkout; it goes when the test ends. */
export function outsider(t: Test, { id, plugin, needs, requires, ...more }: Outsider): string {
  const folder = mkdtempSync(join(tmpdir(), `rostra-outside-${id}-`));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const manifest = {
    ...{ id, version: '1.0.0', core: '^1.0.0', requires },
    capabilities: { needs: needs ?? [] },
    ...more.manifest,
  };
  writeFiles(folder, {
    'package.json': JSON.stringify({ name: `rostra-plugin-${id}`, type: 'module' }),
    'plugin.json': JSON.stringify(manifest),
    'plugin.ts': plugin,
    ...more.files,
  });
  return folder;
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

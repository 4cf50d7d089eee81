// One theme on disk: its theme.json, and the line of its parents down to `plain`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { Static } from 'typebox';
import { Type } from '../type.ts';

/** The theme at the end of every line: it has everything, so nothing is ever missing. */
export const ground = 'plain';

const id = '^[a-z][a-z0-9-]{1,40}$';

export const ThemeManifestSchema = Type.Object(
  {
    id: Type.String({ pattern: id }),
    name: Type.String({ minLength: 1, maxLength: 80 }),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+' }),
    core: Type.String({ description: 'Range of the contract that it is written for, e.g. ^1.0.0' }),
    parent: Type.Optional(
      Type.String({
        pattern: id,
        description: '`plain` if left out: what it lacks comes from there',
      }),
    ),
    tokens: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'accent, ink, paper (#rrggbb), font, headingFont, radius and its own',
      }),
    ),
    settings: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'JSON schema, drawn as a form' }),
    ),
  },
  { additionalProperties: false },
);
export type ThemeManifest = Static<typeof ThemeManifestSchema>;

export interface Theme {
  readonly id: string;
  readonly folder: string;
  readonly manifest: ThemeManifest;
}

const isManifest = new Ajv({
  allErrors: true,
  meta: false,
  validateSchema: false,
}).compile<ThemeManifest>(ThemeManifestSchema);

/** Reads theme.json; answers what is wrong with it otherwise. */
export function readTheme(folder: string): Theme | { folder: string; wrong: string } {
  const file = path.join(folder, 'theme.json');
  const manifest = readJson(file);
  if (typeof manifest === 'string') return { folder, wrong: manifest };
  if (isManifest(manifest.value))
    return { id: manifest.value.id, folder, manifest: manifest.value };
  const wrong = (isManifest.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message}`);
  return { folder, wrong: wrong.join('; ') };
}

/** Theme folders among `folders`: each is a theme itself or holds themes. */
export function themeFolders(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    if (existsSync(path.join(folder, 'theme.json'))) return [folder];
    if (!existsSync(folder)) return [];
    const inside = readdirSync(folder).map((name) => path.join(folder, name));
    return inside.filter((each) => existsSync(path.join(each, 'theme.json'))).sort();
  });
}

/** Changes whenever a theme comes, goes or has its theme.json written anew. */
export function fingerprint(folders: readonly string[]): string {
  return themeFolders(folders)
    .map((folder) => `${folder} ${statSync(path.join(folder, 'theme.json')).mtimeMs}`)
    .join('\n');
}

export type Line = { line: Theme[] } | { unknown: string } | { circle: string[] };

/** The theme, its parent, … down to the ground. */
export function lineOf(themes: ReadonlyMap<string, Theme>, start: string): Line {
  const line: Theme[] = [];
  let next: string | undefined = start;
  while (next) {
    const theme = themes.get(next);
    if (!theme) return { unknown: next };
    if (line.includes(theme)) return { circle: [...line.map((each) => each.id), next] };
    line.push(theme);
    next = theme.manifest.parent ?? (theme.id === ground ? undefined : ground);
  }
  return { line };
}

function readJson(file: string): { value: unknown } | string {
  try {
    return { value: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

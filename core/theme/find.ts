// Which file answers for a view, a partial or a layout: the themes' line first, then its owner.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Theme } from './theme.ts';
import type { Surface } from './themes.ts';

export interface Owners {
  /** Folder of core/. */
  core: string;
  plugins(): readonly { id: string; folder: string }[];
}

export interface Found {
  file: string;
  /** The theme that it lies in, if any. */
  theme?: string;
}

export interface Finder {
  view(line: readonly Theme[], surface: Surface, view: string): Found;
  part(line: readonly Theme[], surface: Surface, owner: string, name: string): Found;
  layout(line: readonly Theme[], surface: Surface, bare: boolean): Found;
  forget(): void;
}

const name = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/** `watch`: looks on the disk each time instead of remembering. */
export function makeFinder(owners: Owners, watch: boolean): Finder {
  const known = new Map<string, Found>();

  function first(what: string, line: readonly Theme[], candidates: () => Found[]): Found {
    const key = `${line.map((theme) => theme.id).join()} ${what}`;
    const held = known.get(key);
    if (held) return held;
    const tried = candidates();
    const found = tried.find((each) => existsSync(each.file));
    if (!found)
      throw new Error(`no ${what}; looked for ${tried.map((each) => each.file).join(', ')}`);
    if (!watch) known.set(key, found);
    return found;
  }

  return {
    forget: () => known.clear(),
    view(line, surface, view) {
      const [owner, rest] = split(view);
      return first(`${surface} view ${view}`, line, () => [
        ...(surface === 'site' ? inThemes(line, `views/${owner}/${rest}`) : []),
        ...(surface === 'mail' ? inThemes(line, `views/${owner}/mail/${rest}`) : []),
        ...ofOwner(owners, owner, surface, rest),
      ]);
    },
    part(line, surface, owner, wanted) {
      if (!name.test(wanted)) throw new Error(`'${wanted}' is no name of a partial`);
      return first(`${surface} partial ${wanted} for ${owner}`, line, () =>
        partCandidates(owners, line, surface, owner, wanted),
      );
    },
    layout(line, surface, bare) {
      return first(`${surface} layout ${bare}`, line, () => {
        if (surface === 'site') return inThemes(line, 'layout');
        if (surface === 'mail') return inThemes(line, 'mail');
        return [at(owners.core, 'admin/views', bare ? 'bare' : 'layout')];
      });
    },
  };
}

function partCandidates(
  owners: Owners,
  line: readonly Theme[],
  surface: Surface,
  owner: string,
  wanted: string,
): Found[] {
  if (wanted.startsWith('core/')) {
    return [at(owners.core, 'admin/views/partials', wanted.slice('core/'.length))];
  }
  return [
    ...(surface === 'admin' ? [] : inThemes(line, `partials/${wanted}`)),
    ...ofOwner(owners, owner, surface, `partials/${wanted}`),
  ];
}

function split(view: string): [string, string] {
  const slash = view.indexOf('/');
  if (slash < 1 || !name.test(view)) throw new Error(`'${view}' is no view: write <owner>/<name>`);
  return [view.slice(0, slash), view.slice(slash + 1)];
}

function inThemes(line: readonly Theme[], file: string): Found[] {
  return line.map((theme) => ({ ...at(theme.folder, '.', file), theme: theme.id }));
}

/** A plugin keeps its views by surface; an area of the core has few, and keeps them together. */
function ofOwner(owners: Owners, owner: string, surface: Surface, file: string): Found[] {
  const plugin = owners.plugins().find((each) => each.id === owner);
  if (plugin) return [at(plugin.folder, `views/${surface}`, file)];
  const views = path.join(owners.core, owner, 'views');
  return [at(views, surface, file), at(views, '.', file)];
}

function at(folder: string, below: string, file: string): Found {
  return { file: path.join(folder, below, `${file}.eta`) };
}

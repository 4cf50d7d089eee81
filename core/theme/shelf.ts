// The themes at hand: found on disk, checked, found again when one was mounted, and what is wrong with them.
import path from 'node:path';
import type { Log } from '../log.ts';
import { checkTheme, type Finding } from './check.ts';
import {
  fingerprint,
  ground,
  lineOf,
  readTheme,
  type Theme,
  type ThemeManifest,
  themeFolders,
} from './theme.ts';

export interface ListedTheme {
  id: string;
  folder: string;
  parent?: string;
  /** `undefined` when theme.json cannot be read. */
  manifest?: ThemeManifest;
  findings: Finding[];
  /** Why the site shows in `plain` instead, or what failed while a page was drawn. */
  fault?: string;
}

export interface Shelf {
  find(id: string): Theme | undefined;
  /** The theme and its parents; the ground alone when it is broken or not there. */
  line(id: string): readonly Theme[];
  /** Remembers what failed in a theme until its files change; the first time goes to the log. */
  fault(id: string, cause: Error): void;
  /** Looks whether a theme came, went or changed; at most once a second. */
  refresh(now: Date): void;
  scan(): void;
  list(): readonly ListedTheme[];
}

export interface ShelfSources {
  folders: readonly string[];
  log: Log;
  /** After each scan. */
  changed(themes: readonly Theme[]): void;
}

export function makeShelf(from: ShelfSources): Shelf {
  let themes = new Map<string, Theme>();
  let listed: ListedTheme[] = [];
  let seen = '';
  let lookedAt = 0;
  const missed = new Set<string>();

  function scan() {
    seen = fingerprint(from.folders);
    missed.clear();
    const read = themeFolders(from.folders).map(readTheme);
    const whole = read.filter((each): each is Theme => 'id' in each);
    listed = read.map((each) => listTheme(each, whole));
    const usable = listed.filter((each) => each.fault === undefined);
    const byFolder = new Map(whole.map((theme) => [theme.folder, theme]));
    themes = new Map();
    for (const { id, folder } of usable) {
      const theme = byFolder.get(folder);
      if (theme) themes.set(id, theme);
    }
    for (const { id, fault } of listed)
      if (fault) from.log.error({ theme: id, fault }, 'theme not used');
    from.changed([...themes.values()]);
  }

  function line(id: string): readonly Theme[] {
    const wished = lineOf(themes, id);
    if ('line' in wished) return wished.line;
    if (!missed.has(id)) from.log.error({ theme: id }, 'no such theme that works, shown in plain');
    missed.add(id);
    const plain = lineOf(themes, ground);
    if ('line' in plain) return plain.line;
    throw new Error(
      `the theme '${ground}' is missing or broken: ${faultOf(ground) ?? 'not found'}`,
    );
  }

  function faultOf(id: string): string | undefined {
    return listed.find((each) => each.id === id)?.fault;
  }

  scan();
  return {
    scan,
    line,
    find: (id) => themes.get(id),
    list: () => listed,
    refresh(now) {
      if (Math.abs(now.getTime() - lookedAt) < 1000) return;
      lookedAt = now.getTime();
      if (fingerprint(from.folders) !== seen) scan();
    },
    fault(id, cause) {
      const theme = listed.find((each) => each.id === id);
      if (!theme || theme.fault === cause.message) return;
      theme.fault = cause.message;
      from.log.error({ theme: id, fault: cause.message }, 'theme failed, page shown in plain');
    },
  };
}

function listTheme(
  theme: Theme | { folder: string; wrong: string },
  whole: readonly Theme[],
): ListedTheme {
  const findings = checkTheme(theme.folder, whole);
  const broken = findings.find((each) => each.level === 'error');
  const fault = broken && `${broken.code} ${broken.where}: ${broken.message}`;
  if ('wrong' in theme) {
    return { id: path.basename(theme.folder), folder: theme.folder, findings, fault };
  }
  const { id, folder, manifest } = theme;
  const first = whole.find((each) => each.id === id);
  const twice =
    first !== theme ? `there is a theme '${id}' in ${first?.folder} already` : undefined;
  const parent = manifest.parent ?? (id === ground ? undefined : ground);
  return { id, folder, parent, manifest, findings, fault: twice ?? fault };
}

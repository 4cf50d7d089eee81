// Takes declarations out of TypeScript files as they stand, so that a change of the contract shows as a diff.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Declaration {
  file: string;
  name: string;
  /** With its comment, without the body of a function. */
  text: string;
}

const head =
  /^(?:export )?(?:declare )?(?:abstract )?(interface|type|async function|function|const|class) (\w+)/;

/** What a file declares at its top, in its order. */
export function declarationsIn(file: string): Declaration[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const found: Declaration[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, kind, name] = head.exec(lines[at] ?? '') ?? [];
    if (!kind || !name) continue;
    const end = endOf(lines, at);
    const comment = lines.slice(commentBefore(lines, at), at);
    const own = lines.slice(at, end);
    const text = kind.endsWith('function') ? signatureOf(own) : own;
    found.push({ file, name, text: [...comment, ...text].join('\n').trimEnd() });
    at = end - 1;
  }
  return found;
}

/** The formatter leaves only ends and beginnings at the margin. */
function endOf(lines: string[], start: number): number {
  let end = start + 1;
  while (end < lines.length && /^($|\s|[)}\]])/.test(lines[end] ?? '')) end++;
  return end;
}

function commentBefore(lines: string[], at: number): number {
  if (!/\*\/$/.test(lines[at - 1] ?? '')) return at;
  let start = at - 1;
  while (start > 0 && !/^\/\*\*/.test(lines[start] ?? '')) start--;
  return start;
}

function signatureOf(lines: string[]): string[] {
  let open = 0;
  for (const [index, line] of lines.entries()) {
    for (const sign of line) open += '([{<'.includes(sign) ? 1 : ')]}>'.includes(sign) ? -1 : 0;
    // `=>` closes nothing that was opened.
    open += line.split('=>').length - 1;
    if (line.endsWith('{') && open === 1) {
      return [...lines.slice(0, index), line.replace(/ \{$/, ';')];
    }
  }
  return lines;
}

export interface Face {
  /** Offered by name. */
  offered: Declaration[];
  /** Not offered, but named by what is. */
  named: Declaration[];
  /** Handed on from packages: `typebox: Type, Static`. */
  foreign: string[];
}

/** All that a module exports: its own, what it hands on, and what those speak of. */
export function faceOf(file: string): Face {
  const source = readFileSync(file, 'utf8');
  const own = declarationsIn(file).filter(({ text }) => /^(export )/m.test(text));
  const offered = [...own];
  const foreign: string[] = [];
  for (const [, all, list, from = ''] of source.matchAll(
    /^export (?:type )?(?:(\*)|\{([^}]*)\}) from '([^']+)';/gms,
  )) {
    if (!from.startsWith('.')) {
      foreign.push(`${from}: ${namesIn(list ?? '').join(', ')}`);
      continue;
    }
    const theirs = declarationsIn(join(dirname(file), from));
    const names = namesIn(list ?? '');
    offered.push(
      ...theirs.filter(({ name, text }) => (all ? /^export /m.test(text) : names.includes(name))),
    );
  }
  return { offered, named: namedBy(offered), foreign };
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((one) => one.trim().replace(/^type /, ''))
    .filter(Boolean);
}

/** Types only: what a type speaks of is part of the promise even where it cannot be imported. */
function namedBy(offered: Declaration[]): Declaration[] {
  const known = new Set(offered.map(({ file, name }) => `${file} ${name}`));
  const found: Declaration[] = [];
  const queue = [...offered];
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const one of reachedFrom(next)) {
      const key = `${one.file} ${one.name}`;
      if (known.has(key)) continue;
      known.add(key);
      found.push(one);
      queue.push(one);
    }
  }
  return found.sort((a, b) => `${a.file} ${a.name}`.localeCompare(`${b.file} ${b.name}`));
}

function reachedFrom({ file, text }: Declaration): Declaration[] {
  const words = new Set(text.replace(/\/\*\*.*?\*\//gs, '').match(/\b[A-Z]\w+/g) ?? []);
  const near = [...declarationsIn(file), ...importedBy(file)];
  return near.filter(
    (one) => words.has(one.name) && /^(export )?(declare )?(interface|type|class) /m.test(one.text),
  );
}

function importedBy(file: string): Declaration[] {
  const source = readFileSync(file, 'utf8');
  const imports = source.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/gms);
  return [...imports].flatMap(([, list = '', from = '']) => {
    const path = join(dirname(file), from);
    const names = namesIn(list);
    return existsSync(path) ? declarationsIn(path).filter(({ name }) => names.includes(name)) : [];
  });
}

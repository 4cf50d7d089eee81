// The checkout as the tests of the house read it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../manifest.ts';
import { root } from '../manifests.ts';

/** Paths from the top that git keeps or would keep, matching `pattern`. */
export function filesOf(pattern: RegExp): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root });
  return (
    listed
      .toString()
      .split('\n')
      // What was just removed is still listed.
      .filter((file) => pattern.test(file) && existsSync(join(root, file)))
  );
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export function bundledManifests(): Manifest[] {
  return filesOf(/^plugins\/[^/]+\/plugin\.json$/).map((file) => JSON.parse(read(file)));
}

/** `file:line: text` of every line that matches. */
export function linesWith(files: string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
}

/** What a TypeScript file imports, types too. */
export function importsOf(file: string): string[] {
  const found = read(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map((match) => match[1] ?? '');
}

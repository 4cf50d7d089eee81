// The contract as the reference shows it: what a plugin may import, word for word.
import { join, relative } from 'node:path';
import { root } from '../manifests.ts';
import { type Declaration, type Face, faceOf } from './declarations.ts';
import { codeOf, note } from './markdown.ts';

export function contractPage(): string {
  return [
    '# The contract',
    note,
    `What a plugin may import, as it stands in the code.

**What counts as breaking.** Taking something away, renaming it, asking for more, answering less, or answering something else
for the same question: that raises the first number of the version. Something new that nobody must use raises the second. A
plugin says in \`core\` of its plugin.json which versions it is written for, and is refused at the start by any other.`,
    section('rostra/plugin', faceOf(join(root, 'core/plugin.ts'))),
    section('rostra/testing', { ...faceOf(join(root, 'core/testing/index.ts')), named: [] }),
    '`house` of an `App` is the inside of the core, for the core’s own tests: it may change with any release.',
  ].join('\n\n');
}

function section(name: string, { offered, named, foreign }: Face): string {
  const handed = foreign.map((one) => `- from \`${one.replace(': ', '`: ')}`).join('\n');
  return [
    `## \`${name}\``,
    byFile(offered),
    ...(handed ? [`### Handed on from packages\n\n${handed}`] : []),
    ...(named.length > 0
      ? [`### Named by these, not to be imported\n\n${byFile(named, '####')}`]
      : []),
  ].join('\n\n');
}

function byFile(declarations: Declaration[], level = '###'): string {
  const files = [...new Set(declarations.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = declarations.filter((one) => one.file === file);
      return `${level} ${relative(root, file)}\n\n${codeOf(own.map(({ text }) => text).join('\n\n'))}`;
    })
    .join('\n\n');
}

/** What a plugin lets others import as `rostra/<id>`. */
export function publicFaceOf(folder: string): string {
  const { offered } = faceOf(join(folder, 'index.ts'));
  return offered.length > 0 ? codeOf(offered.map(({ text }) => text).join('\n\n')) : '';
}

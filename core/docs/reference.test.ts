// The reference is what the code says today, and what is written by hand names what is there.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { root } from '../manifests.ts';
import { cloneDatabase } from '../testing/database.ts';
import { filesOf, read } from '../testing/tree.ts';
import { makeReference } from './reference.ts';

test('docs/reference says what the code says: `npm run docs` writes it anew', async (t) => {
  const { database } = await cloneDatabase(t);
  const pages = await makeReference(database.db);
  const stale = Object.entries(pages)
    .filter(([name, text]) => textOf(join(root, 'docs/reference', name)) !== text)
    .map(([name]) => name);
  t.deepEqual(stale, []);
  const known = Object.keys(pages).map((name) => `docs/reference/${name}`);
  t.deepEqual(
    filesOf(/^docs\/reference\//).filter((file) => !known.includes(file)),
    [],
  );
});

test('every code of an error stands in docs/errors.md, and no other', (t) => {
  const page = read('docs/errors.md');
  const listed = new Set(
    [...page.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \|/gm)].map(([, code]) => code),
  );
  const made = new Set(
    filesOf(/^(core(?!\/testing)|plugins)\/.*(?<!\.test|fixture)\.ts$/).flatMap((file) =>
      codesIn(read(file)),
    ),
  );
  t.deepEqual([...made].filter((code) => !listed.has(code)).sort(), []);
  t.deepEqual([...listed].filter((code) => !made.has(code ?? '')).sort(), []);
});

test('every finding on a theme stands in docs/errors.md, with its mend', (t) => {
  const page = read('docs/errors.md');
  const numbers = new Set(read('core/theme/check.ts').match(/\bTH\d{3}\b/g));
  t.true(numbers.size > 5);
  t.deepEqual(
    [...numbers].filter((number) => !page.includes(`| \`${number}\` |`)),
    [],
  );
});

test('every variable of the environment stands in docs/operator.md', (t) => {
  const page = read('docs/operator.md');
  const names = new Set(
    [...read('core/config.ts').matchAll(/env\.([A-Z_]+)|\(env, '([A-Z_]+)'/g)].map(
      ([, one, other]) => one ?? other ?? '',
    ),
  );
  t.true(names.size > 10);
  t.deepEqual(
    [...names].filter((name) => !page.includes(`\`${name}\``)),
    [],
  );
});

const pages = filesOf(/^(README\.md|docs\/.*\.md)$/);

test('a link to a heading finds it', (t) => {
  const lost = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)]
      .map(([, file = '', anchor = '']) => ({
        file: file ? join(dirname(page), file) : page,
        anchor,
      }))
      .filter(({ file, anchor }) => !anchorsOf(read(file)).includes(anchor))
      .map(({ file, anchor }) => `${page}: ${file}#${anchor}`),
  );
  t.deepEqual(lost, []);
});

test('every command that the docs name is one', (t) => {
  const commands = read('docs/reference/cli.md');
  const unknown = pages.flatMap((page) =>
    [...read(page).matchAll(/(?:npm run rostra -- |`rostra )([a-z]+(?: [a-z][a-z-]*)?)/g)]
      .map(([, words = '']) => words)
      .filter((words) => !commands.includes(`rostra ${words}`))
      .filter((words) => !commands.includes(`\`rostra ${words.split(' ')[0]} <`))
      .map((words) => `${page}: rostra ${words}`),
  );
  t.deepEqual(unknown, []);
});

/** As the forges make them of headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function codesIn(text: string): string[] {
  const found = text.matchAll(/(?:\brefused|new AppError)\(\s*'([a-z-]+\.[a-z-]+)'/g);
  return [...found].map(([, code = '']) => code);
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

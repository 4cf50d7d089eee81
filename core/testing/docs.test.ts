// The docs as a test: what they show of a file stands in that file, and their links lead somewhere.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'ava';
import { root } from '../manifests.ts';
import { filesOf, read } from './tree.ts';

const pages = filesOf(/^(docs\/.*|README|plugins\/[^/]+\/README)\.md$/);

/** Fences that name a file: ```ts plugins/example/plugin.ts */
const fence = /^```\w+ ([\w./-]+\.\w+)\n([\s\S]*?)^```$/gm;

test('a snippet that names a file stands in it, word for word', (t) => {
  const wrong: string[] = [];
  let compared = 0;
  for (const page of pages) {
    for (const [, file = '', snippet = ''] of read(page).matchAll(fence)) {
      compared += 1;
      const isThere = existsSync(join(root, file)) && read(file).includes(snippet);
      if (!isThere) wrong.push(`${page}: ${file}: ${snippet.split('\n')[0]}`);
    }
  }
  t.deepEqual(wrong, []);
  t.true(compared > 0);
});

test('the tutorial shows every file of its plugin', (t) => {
  const shown = new Set([...read('docs/plugin-author.md').matchAll(fence)].map(([, file]) => file));
  const files = filesOf(/^plugins\/example\/.*\.(ts|eta)$|^plugins\/example\/plugin\.json$/);
  t.deepEqual(
    files.filter((file) => !shown.has(file)),
    [],
  );
});

test('links within the docs lead to a file', (t) => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map(([, href = '']) => normalize(join(dirname(page), href)))
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  t.deepEqual(broken, []);
});

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Test } from '../testing/database.ts';
import { mendLinks } from './binaries.ts';

/** The package as npm unpacks it when it may run no install script. */
function makePackage(t: Test): string {
  const root = mkdtempSync(join(tmpdir(), 'rostra-package-'));
  const lib = join(root, 'native', 'lib');
  t.teardown(() => {
    chmodSync(lib, 0o755);
    rmSync(root, { recursive: true });
  });
  mkdirSync(lib, { recursive: true });
  writeFileSync(join(lib, 'libpq.so.5.18'), 'libpq');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  return root;
}

test('the links that npm did not make are made', (t) => {
  const root = makePackage(t);
  t.is(mendLinks(root, join(root, 'spare')), undefined);
  t.is(readFileSync(join(root, 'native', 'lib', 'libpq.so.5'), 'utf8'), 'libpq');
  t.is(mendLinks(root, join(root, 'spare')), undefined, 'and then left alone');
});

const asUser = process.getuid?.() === 0 ? test.skip : test;

asUser('where the package cannot be written to, they are made in the spare folder', (t) => {
  const root = makePackage(t);
  chmodSync(join(root, 'native', 'lib'), 0o555);
  const spare = join(root, 'spare');
  t.is(mendLinks(root, spare), `${spare}:${join(root, 'native', 'lib')}`);
  t.is(readFileSync(join(spare, 'libpq.so.5'), 'utf8'), 'libpq');
});

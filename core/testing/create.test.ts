// `rostra plugin create` makes a plugin that works as it is.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { manifestFaults } from '../manifests.ts';
import { createPlugin } from '../plugin-create.ts';
import { makeApp } from './app.ts';
import { root } from './sources.ts';

function placeFor(t: ExecutionContext, id: string): string {
  const place = mkdtempSync(join(tmpdir(), 'rostra-create-'));
  t.teardown(() => rmSync(place, { recursive: true, force: true }));
  return join(place, id);
}

test('a new plugin has its own name everywhere, and boots beside the one it was made from', async (t) => {
  const folder = placeFor(t, 'car-pool');
  const files = await createPlugin('car-pool', folder);
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  t.deepEqual(
    texts.filter((text) => /\bexample\b(?!\.(org|com|net))/.test(text)),
    [],
  );
  t.true(existsSync(join(folder, 'car-pool.test.ts')));
  const manifest = JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'));
  t.deepEqual(manifestFaults(manifest), []);

  const app = await makeApp(t, { plugins: [folder] });
  t.is(app.house.registry.find('car-pool')?.state, 'loaded');
  await app.house.verbs.switchPlugin(app.scope(), 'car-pool', true);
  t.is((await app.visitor().get('/car-pool')).status, 200);
  t.is((await (await app.staff()).get('/admin/car-pool')).status, 200);
  t.is((await app.visitor().get('/example')).status, 404);
  t.deepEqual(app.house.registry.faults(), []);
});

test('what it is made of passes the types, as it lies there', async (t) => {
  const folder = placeFor(t, 'car-pool');
  await createPlugin('car-pool', folder);
  t.is(await output('tsc', ['--noEmit', '-p', folder]), '');
});

test('its own tests pass where it lies', async (t) => {
  t.timeout(110_000);
  const folder = placeFor(t, 'car-pool');
  await createPlugin('car-pool', folder);
  const text = await output('ava', ['car-pool.test.ts'], folder);
  t.regex(text, /7 tests passed/);
});

test('an id that no plugin may have, and a folder that is there, are refused', async (t) => {
  for (const id of ['Car', '9lives', 'public', 'a b', '../x']) {
    await t.throwsAsync(createPlugin(id, placeFor(t, 'x')), undefined, id);
  }
  const folder = join(placeFor(t, 'x'), '..');
  await t.throwsAsync(createPlugin('fine', folder), { message: /is there already/ });
  t.deepEqual(readdirSync(folder), []);
});

/** What a program of the checkout says; empty when it has nothing to say. */
function output(program: string, args: string[], cwd = root): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, { cwd });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('close', () => resolve(text));
  });
}

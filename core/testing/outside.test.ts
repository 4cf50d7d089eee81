// An outside plugin: in a folder of its own, with packages of its own, it can do all that a bundled one does.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { root } from '../manifests.ts';
import { makeApp } from './app.ts';
import type { Test } from './database.ts';
import { ridesFiles } from './outside.fixture.ts';
import { outsider, writeFiles } from './outsider.ts';

test('a folder outside of the checkout gives a page, table, job, webhook, setting, panel and subject rights', async (t) => {
  const folder = outsider(t, { id: 'rides', requires: ['people'], ...ridesFiles() });
  const check: { seen(test: Test): Promise<Record<string, unknown>> } = await import(
    pathToFileURL(join(folder, 'check.ts')).href
  );
  t.deepEqual(await check.seen(t), {
    state: 'loaded',
    page: 200,
    greeting: 'HOP IN, 0 rides',
    unsigned: 401,
    hook: 204,
    staff: 200,
    visitorAtStaffPage: 303,
    chapterless: 403,
    panel: true,
    setting: 'ALL ABOARD, 1 rides',
    settingsPage: 200,
    story: ['rides.ride'],
    other: [],
    afterJob: 'ALL ABOARD, 0 rides',
    afterErase: [],
    faults: [],
  });
});

test('a package in node_modules is found by its name and ships JavaScript', async (t) => {
  const name = `rostra-plugin-of-test-${process.pid}`;
  const folder = join(root, 'node_modules', name);
  mkdirSync(folder);
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, {
    'package.json': JSON.stringify({ name, version: '1.0.0', type: 'module' }),
    'plugin.json': JSON.stringify({
      id: 'packaged',
      version: '1.0.0',
      core: '^1.0.0',
      paths: ['/packaged'],
    }),
    'plugin.js': `import { router } from 'rostra/plugin';
export default {
  contribute() {
    const site = router();
    site.get('/packaged', (ctx) => ctx.render('page', { who: 'a package' }));
    return { site };
  },
};
`,
    'views/site/page.eta': '<p>Hello from <%= it.who %></p>',
    'locales/en.json': '{}',
    'locales/fr.json': '{}',
  });
  const app = await makeApp(t, { plugins: [name] });
  const answer = await app.visitor().get('/packaged');
  t.is(answer.status, 200);
  t.regex(answer.body, /Hello from a package/);
  t.deepEqual(app.house.registry.faults(), []);
});

test('plugins that do not fit together stop the start with a sentence on each', async (t) => {
  const plugin = 'export default { contribute: () => ({}) };\n';
  const folders = [
    outsider(t, { id: 'people', plugin }),
    outsider(t, { id: 'needs-nobody', requires: ['not-there'], plugin }),
    outsider(t, { id: 'ring-a', requires: ['ring-b'], plugin }),
    outsider(t, { id: 'ring-b', requires: ['ring-a'], plugin }),
    outsider(t, { id: 'future', plugin, manifest: { core: '^9.0.0' } }),
    outsider(t, { id: 'greedy', plugin, manifest: { paths: ['/admin'] } }),
  ];
  const error = await t.throwsAsync(makeApp(t, { plugins: folders }));
  const { message = '' } = error ?? {};
  t.regex(message, /"people" is there twice/);
  t.regex(message, /"needs-nobody" requires "not-there", which is not installed/);
  t.regex(message, /in a circle: ring-a → ring-b → ring-a/);
  t.regex(message, /it is written for core \^9\.0\.0, this is 1\.0\.0/);
  t.regex(message, /the path \/admin belongs to the core/);
});

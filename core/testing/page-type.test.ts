// A kind of page of an outside plugin: what it loads, how long it is kept, and what its faults touch.
import test from 'ava';
import { makeApp } from './app.ts';
import type { Test } from './database.ts';
import { outsider } from './outsider.ts';
import { clockFiles, towerFiles } from './page-type.fixture.ts';

async function start(t: Test) {
  const folders = [
    outsider(t, { id: 'bells', ...clockFiles }),
    outsider(t, { id: 'tower', ...towerFiles }),
  ];
  const app = await makeApp(t, { plugins: folders });
  const [visitor, editor] = [app.visitor(), await app.staff('web-editor')];
  await visitor.get('/');
  const write = (more: Record<string, string> = {}) =>
    editor.post('/admin/website/pages/new?type=bells.clock', {
      ...{ title: 'Time', when: 'now', 'settings.city': '34', ...more },
    });
  return { app, visitor, editor, write };
}

test('the policy of a page with a part names what the part’s plugin declared, and whom it pays through; no other page’s does', async (t) => {
  const { app, visitor, write } = await start(t);
  t.is((await write()).status, 303);
  const policyOf = async (path: string) =>
    (await visitor.get(path)).headers.get('Content-Security-Policy') ?? '';
  for (const look of ['made', 'kept']) {
    t.regex(await policyOf('/time'), /img-src 'self' data: https:\/\/bells\.example;/, look);
    t.regex(await policyOf('/time'), /form-action 'self' https:\/\/tower\.example;/, look);
  }
  for (const path of ['/', '/news', '/nowhere']) {
    t.notRegex(await policyOf(path), /bells|tower/, path);
  }
  t.regex((await visitor.get('/privacy')).body, /https:\/\/bells\.example/);
  await app.house.verbs.switchPlugin(app.scope(), 'tower', false);
  t.regex(await policyOf('/time'), /bells/);
  t.notRegex(await policyOf('/time'), /tower/);
});

test('a part is kept until it alters by itself, and is told when it is only tried', async (t) => {
  const { app, visitor, editor, write } = await start(t);
  const { location = '' } = await write();
  const read = async (path = '/time') => /It is (.*?)Z, (\w+)/.exec((await visitor.get(path)).body);
  t.deepEqual((await read())?.slice(1), ['2026-11-24T10:00:00.000', 'out']);
  app.clock.set('2026-11-24T10:14:59Z');
  t.is((await read())?.[1], '2026-11-24T10:00:00.000');
  app.clock.set('2026-11-24T10:15:00Z');
  t.is((await read())?.[1], '2026-11-24T10:15:00.000');
  const key = /\/preview\/[0-9a-f-]+/.exec((await editor.get(location)).body)?.[0];
  t.is((await read(key))?.[2], 'tried');
});

test('a choice shows its names, a box left unticked is a no, and a secret is never asked for nor kept', async (t) => {
  const { visitor, editor, write } = await start(t);
  const form = await editor.get('/admin/website/pages/new?type=bells.clock');
  t.regex(form.body, /<option value="12"[^>]*>Lyon<[\s\S]*<option value="34"[^>]*>Lille</);
  t.false(form.body.includes('settings.key'));
  t.is((await write({ 'settings.city': '56' })).status, 422);
  const untitled = (await write({ title: '' })).body;
  t.regex(untitled, /id="f-title-fault"/);
  t.false(untitled.includes('f-settings.title-fault'), 'a field of the same name is another');
  await write({ 'settings.key': 'hush' });
  const said = /(\{.*\})<\/p>/.exec((await visitor.get('/time')).body)?.[1];
  t.deepEqual(JSON.parse(said?.replaceAll('&quot;', '"') ?? ''), { city: '34', loud: false });
});

test('a type that fails, or takes another plugin’s name, is left out and told of; the others stay', async (t) => {
  const { app, visitor, editor, write } = await start(t);
  const choice = await editor.get('/admin/website/pages/new');
  t.regex(choice.body, /type=bells\.clock/);
  t.notRegex(choice.body, /type=people\.clock/);
  await write();
  t.is((await visitor.get('/time')).status, 200);
  const faults = app.house.registry.faults().filter(({ plugin }) => plugin === 'bells');
  t.true(faults.length >= 2);
  t.true(faults.every(({ where }) => where === 'page type'));
});

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from './testing/app.ts';
import { until } from './testing/until.ts';

declare global {
  // What the plugin of this test tells of itself.
  var tickerTold: string[] | undefined;
}

function makeTicker(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'rostra-ticker-')), 'ticker');
  mkdirSync(folder);
  const manifest = { id: 'ticker', version: '1.0.0', core: '^1.0.0' };
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(folder, 'plugin.js'),
    `const tell = (word) => (globalThis.tickerTold ??= []).push(word);
     export default { contribute: () => ({ start: async () => tell('start'), stop: async () => tell('stop') }) };`,
  );
  return folder;
}

test('a plugin’s timers run while some organization has it on, and no longer', async (t) => {
  const app = await makeApp(t, { plugins: [makeTicker()] });
  const told = () => globalThis.tickerTold ?? [];
  const settled = async (words: string[]) => {
    await until(() => told().length >= words.length);
    t.deepEqual(told(), words);
  };
  await settled(['start']);
  const lyon = await app.chapter('Lyon');
  await app.house.verbs.switchPlugin(app.scope(lyon), 'ticker', false);
  await settled(['start']);
  await app.house.verbs.switchPlugin(app.scope(), 'ticker', false);
  await settled(['start', 'stop']);
  await app.house.verbs.switchPlugin(app.scope(lyon), 'ticker', true);
  const chapter = app.house.organizations.find(lyon);
  t.false(chapter && app.house.registry.isOn('ticker', chapter), 'off above is off below');
  await app.house.verbs.switchPlugin(app.scope(), 'ticker', true);
  await settled(['start', 'stop', 'start']);
  await app.stop();
  t.deepEqual(told(), ['start', 'stop', 'start', 'stop']);
});

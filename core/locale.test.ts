import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadLocales } from './locale.ts';
import { makeLog } from './log.ts';

async function makeLocales(t: ExecutionContext, files: Record<string, object>) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rostra-locales-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, entries] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), JSON.stringify(entries));
  }
  const lines: string[] = [];
  const log = makeLog('warn', { write: (line) => void lines.push(line) });
  const folders = [path.join(folder, 'core'), path.join(folder, 'more')];
  return { locales: await loadLocales({ folders, log }), lines, folder };
}

const core = {
  'core/en.json': {
    'a.people': '{n, plural, one {# person} other {# people}}',
    'a.hi': 'Hi {name}',
  },
  'core/fr.json': { 'a.people': '{n, plural, one {# personne} other {# personnes}}' },
};

test('sentences are formed in the reader’s language', async (t) => {
  const { locales } = await makeLocales(t, core);
  t.is(locales.t('en', 'a.people', { n: 1 }), '1 person');
  t.is(locales.t('fr', 'a.people', { n: 0 }), '0 personne');
  t.is(locales.t('fr', 'a.people', { n: 12000 }).replace(/\s/, ' '), '12 000 personnes');
  t.deepEqual(locales.known, ['en', 'fr']);
});

test('a sentence that is missing is its key, and is told once', async (t) => {
  const { locales, lines } = await makeLocales(t, core);
  t.is(locales.t('fr', 'a.none'), 'a.none');
  t.is(locales.t('fr', 'a.none'), 'a.none');
  t.is(lines.filter((line) => line.includes('a.none')).length, 1);
  t.is(locales.t('fr', 'a.hi', { name: 'Zoé' }), 'Hi Zoé');
  t.regex(lines.at(-1) ?? '', /not translated/);
  t.is(locales.t('en', 'a.hi'), 'a.hi');
  t.true(locales.has('a.hi'));
  t.false(locales.has('a.none'));
});

test('markup in a sentence is text unless it is asked for in pieces', async (t) => {
  const { locales } = await makeLocales(t, {
    'core/en.json': { 'a.link': 'Read <page>this, {name}</page> first' },
  });
  t.is(locales.t('en', 'a.link', { name: '<b>' }), 'Read <page>this, <b></page> first');
  const made = locales.pieces('en', 'a.link', { name: 'Zoé' }, { page: (inner) => ({ inner }) });
  t.deepEqual(made, ['Read ', { inner: 'this, Zoé' }, ' first']);
});

test('a folder can be read later, and again', async (t) => {
  const { locales, folder } = await makeLocales(t, core);
  t.is(locales.t('en', 'b.x'), 'b.x');
  mkdirSync(path.join(folder, 'late'));
  writeFileSync(path.join(folder, 'late/en.json'), '{"b.x":"one"}');
  locales.add(path.join(folder, 'late'));
  t.is(locales.t('en', 'b.x'), 'one');
  writeFileSync(path.join(folder, 'late/en.json'), '{"b.x":"two"}');
  locales.add(path.join(folder, 'late'));
  t.is(locales.t('en', 'b.x'), 'two');
});

test('the language is chosen by what the browser prefers', async (t) => {
  const { locales } = await makeLocales(t, core);
  t.is(locales.choose('fr-CA,fr;q=0.9,en;q=0.8', 'en'), 'fr');
  t.is(locales.choose('de, en;q=0.3, fr;q=0.5', 'en'), 'fr');
  t.is(locales.choose('de', 'fr'), 'fr');
  t.is(locales.choose('de, *', 'fr'), 'fr');
  t.is(locales.choose('fr;q=0, en', 'fr'), 'en');
  t.is(locales.choose(undefined, 'fr'), 'fr');
  t.is(locales.choose(';;;q=,', 'fr'), 'fr');
});

test('a broken file of one folder is told by its name, and the others speak on', async (t) => {
  const { locales, lines, folder } = await makeLocales(t, core);
  mkdirSync(path.join(folder, 'broken'));
  writeFileSync(path.join(folder, 'broken', 'en.json'), '{ "b.x": ');
  locales.add(path.join(folder, 'broken'));
  t.is(locales.t('en', 'a.hi', { name: 'Ada' }), 'Hi Ada');
  t.regex(lines.join(), /broken\/en\.json is not JSON/);
});

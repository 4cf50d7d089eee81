import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fixedClock } from '../clock.ts';
import { makeLog } from '../log.ts';
import { exampleParty, openSampler } from './sampler.ts';
import {
  drawSample,
  everySample,
  listSamples,
  renderSample,
  viewsWithoutSample,
} from './samples.ts';

const open = (plugins: string[] = [], lines: string[] = []) =>
  openSampler({
    plugins,
    clock: fixedClock('2026-11-24T10:00:00Z'),
    log: makeLog('warn', { write: (line) => void lines.push(line) }),
  });
const plain = { theme: 'plain' };

/** A plugin from elsewhere with one view. */
function makeOutsider(t: ExecutionContext, files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rostra-hall-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const manifest = { id: 'hall', version: '1.0.0', core: '^1.0.0' };
  const all = { 'plugin.json': JSON.stringify(manifest), ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

test('every view of the site and every mail has sample data beside it', async (t) => {
  t.deepEqual(viewsWithoutSample(await open()), []);
});

test('a view without sample data is told', async (t) => {
  const folder = makeOutsider(t, { 'views/site/door.eta': 'x', 'views/mail/letter.eta': 'x' });
  t.deepEqual(viewsWithoutSample(await open([folder])), ['hall/door', 'hall/mail/letter']);
});

test('every sample is drawn in both languages, with every sentence that it asks for', async (t) => {
  const lines: string[] = [];
  const deps = await open([], lines);
  const drawn: string[] = [];
  for (const locale of ['en', 'fr']) {
    for (const sample of everySample(deps)) {
      const html = await drawSample(deps, exampleParty, plain, sample, locale, true);
      t.notRegex(html, /undefined|\[object|NaN|Invalid Date/, JSON.stringify(sample));
      drawn.push(html);
    }
  }
  t.deepEqual(lines, []);
  t.true(drawn.length > 60);
});

test('a sample says what JSON cannot: dates, clean HTML, sentences, two languages', async (t) => {
  const sample = {
    at: { $date: '2026-11-20T08:30:00Z' },
    body: { $html: { en: '<p>Hi<script>x</script></p>', fr: '<p>Salut</p>' } },
    word: { $t: 'http.fault.404.title' },
    n: 3,
  };
  const folder = makeOutsider(t, {
    'views/site/door.eta': '<%= it.date(it.at) %>|<%= it.body %>|<%= it.word %>|<%= it.n %>',
    'views/site/door.sample.json': JSON.stringify({ open: { $frame: false, ...sample } }),
  });
  const deps = await open([folder]);
  const at = { plugin: 'hall', view: 'door', name: 'open' };
  const draw = (locale: string) => renderSample(deps, exampleParty, plain, at, locale);
  t.is(
    await draw('en'),
    `November 20, 2026|<p>Hi</p>|${deps.locales.t('en', 'http.fault.404.title')}|3`,
  );
  t.regex(await draw('fr'), /^20 novembre 2026\|<p>Salut<\/p>\|/);
  t.false(
    listSamples(deps).some(({ plugin }) => plugin === 'hall'),
    'what is no page is not shown',
  );
});

test('the part of a page is drawn within the page that its sample names', async (t) => {
  const folder = makeOutsider(t, {
    'views/site/hall.eta': '<main class="hall"><h1><%= it.name %></h1><%= it.piece %></main>',
    'views/site/hall.sample.json': '{ "usual": { "name": "Hall", "piece": "none" } }',
    'views/site/door.eta': '<p>Door <%= it.which %></p>',
    'views/site/door.sample.json': '{ "usual": { "$in": "hall/hall", "which": 7 } }',
  });
  const deps = await open([folder]);
  const door = { plugin: 'hall', view: 'door', name: 'usual' };
  const page = await drawSample(deps, exampleParty, plain, door, 'en', true);
  t.regex(page, /<h1>Hall<\/h1><p>Door 7<\/p>/);
});

test('a page is drawn in a look that is not the party’s own, a mail too', async (t) => {
  const deps = await open();
  const look = { theme: 'plain', tokens: { accent: '#ffd400' } };
  const front = { plugin: 'website', view: 'front', name: 'usual' };
  const own = await renderSample(deps, exampleParty, plain, front, 'fr');
  const tried = await renderSample(deps, exampleParty, look, front, 'fr');
  const sheet = (html: string) => /\/assets\/look\/\w+\/look\.css/.exec(html)?.[0] ?? '';
  t.not(sheet(own), sheet(tried));
  t.regex(String((await deps.themes.findAsset(sheet(tried)))?.body), /--accent: #ffd400/);
  const mail = { plugin: 'website', view: 'mail/confirm', name: 'usual' };
  t.regex(await renderSample(deps, exampleParty, look, mail, 'fr'), /#ffd400/);
});

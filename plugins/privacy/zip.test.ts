// What we pack, others unpack.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { unzipped } from './fixture.ts';
import { type Entry, zip } from './zip.ts';

const at = new Date('2026-11-24T10:00:00Z');

async function packed(entries: Entry[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of zip(entries, at)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('entries come out as they went in, and lie where the directory says', async (t) => {
  const long = Array.from({ length: 20_000 }, (_, line) => `${line};Éloïse\n`);
  const archive = await packed([
    { name: 'lisez-moi-é.txt', content: ['Bonjour'] },
    { name: 'empty.csv', content: [] },
    { name: 'csv/long.csv', content: long },
  ]);
  t.deepEqual(unzipped(archive), {
    'lisez-moi-é.txt': 'Bonjour',
    'empty.csv': '',
    'csv/long.csv': long.join(''),
  });
});

/** Not every machine has it; the directory is read above. */
const withUnzip = spawnSync('unzip', ['-v']).error ? test.skip : test;

withUnzip('a program of others unpacks it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-zip-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'copy.zip');
  writeFileSync(file, await packed([{ name: 'data.json', content: ['{"name":', '"Zoé"}'] }]));
  execFileSync('unzip', ['-q', '-d', folder, file]);
  t.is(readFileSync(join(folder, 'data.json'), 'utf8'), '{"name":"Zoé"}');
});

test('what fails while it is read fails the archive', async (t) => {
  async function* broken(): AsyncIterable<string> {
    yield 'begun';
    throw new Error('cut off');
  }
  const entry = { name: 'x', content: broken() };
  await t.throwsAsync(packed([entry]), { message: 'cut off' });
});

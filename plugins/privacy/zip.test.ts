// What we pack, others unpack.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import test from 'ava';
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
  const tail = archive.length - 22;
  t.is(archive.readUInt16LE(tail + 10), 3);
  let place = archive.readUInt32LE(tail + 16);
  const found: Record<string, string> = {};
  for (let n = 0; n < 3; n += 1) {
    const name = archive.toString(
      'utf8',
      place + 46,
      place + 46 + archive.readUInt16LE(place + 28),
    );
    const start = archive.readUInt32LE(place + 42);
    const from = start + 30 + archive.readUInt16LE(start + 26);
    const bytes = archive.subarray(from, from + archive.readUInt32LE(place + 20));
    found[name] = inflateRawSync(bytes).toString();
    place += 46 + archive.readUInt16LE(place + 28);
  }
  t.deepEqual(found, {
    'lisez-moi-é.txt': 'Bonjour',
    'empty.csv': '',
    'csv/long.csv': long.join(''),
  });
});

test('a program of others unpacks it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-zip-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'copy.zip');
  writeFileSync(file, await packed([{ name: 'data.json', content: ['{"name":', '"Zoé"}'] }]));
  try {
    execFileSync('unzip', ['-q', '-d', folder, file]);
  } catch (error) {
    // Not every machine has it; the directory is read above.
    if ((error as { code?: string }).code === 'ENOENT') return t.pass();
    throw error;
  }
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

// A large file, in a process of its own: what other tests leave to be collected would count as this one's.
import { closeSync, mkdtempSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { checkImport, planImport } from './import.ts';
import { stageFile } from './stage.ts';

test('a file of 100 MB is streamed: the process does not grow with it', async (t) => {
  const app = await makeApp(t);
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'large.csv');
  const handle = openSync(path, 'w');
  writeSync(handle, 'name,email,note\n');
  const note = 'x'.repeat(19_000);
  for (let n = 0; n < 5_400; n += 1) writeSync(handle, `Name ${n},n${n}@example.org,${note}\n`);
  closeSync(handle);
  const peak = () =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  const before = peak();
  const id = await stageFile(app.scope(), { path, name: 'large.csv' });
  await planImport(app.scope(), depsOf(app.get('people')), id, {
    ...{ fields: ['familyName', 'emailAddress', ''], origin: 'test' },
  });
  t.like(await checkImport(app.scope(), id), { rows: 5_400, created: 5_400 });
  t.true(peak() - before < 90, `${before.toFixed()} MB before, ${peak().toFixed()} MB after`);
});

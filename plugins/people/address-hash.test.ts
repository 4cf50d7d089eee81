// The keyed hash beside each address is the one by which its suppression is found, whichever way the address came.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findImport } from './import.sql.ts';
import { runImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { People } from './index.ts';
import { stageFile } from './stage.ts';

test('an address has its suppression’s hash, signed up, imported, completed, or changed', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { db } = app.scope();
  const ada = { emailAddress: 'Ada@example.org', phoneNumber: '+33612345678', source: 'test' };
  await app.get('people')(People).upsert(app.scope(), ada);
  const list =
    'Prénom,Courriel,Téléphone\nBo,bo@example.org,06 12 34 56 79\nAda,ada@example.org,06 12 34 56 70\n';
  await takeIn(app, list);
  const hashes = `select w.address, w.hash = people.keyed_hash(w.kind, w.address) as fits from (
    select 'email' as kind, address, hash from people.email_address
    union all select 'phone', number, hash from people.phone_number) w order by 1`;
  const before = (await db.raw(hashes)).rows;
  t.deepEqual(
    before.map((row: { address: string }) => row.address),
    [...['+33612345670', '+33612345678', '+33612345679', 'ada@example.org', 'bo@example.org']],
  );
  t.true(before.every((row: { fits: boolean }) => row.fits));
  await app.house.database.db.raw(
    `update people.email_address set address = 'bob@example.org' where address = 'bo@example.org'`,
  );
  await app.house.database.db.raw(`update people.phone_number set hash = ''`);
  const after = (await db.raw(hashes)).rows;
  t.is(after.length, 5);
  t.true(
    after.every((row: { fits: boolean }) => row.fits),
    'nor can it be set to another',
  );
});

async function takeIn(app: Awaited<ReturnType<typeof makeApp>>, content: string): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  const id = await stageFile(app.scope(), { path, name: 'list.csv' });
  const staged = await findImport(app.scope(), id);
  const plan = { fields: guessFields(staged?.columns ?? []), origin: 'paper forms', tag: 'spring' };
  const deps = depsOf(app.get('people'));
  await startImport(app.scope(), deps, id, plan);
  await runImport(app.scope(), deps, id);
}

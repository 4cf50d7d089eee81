// Rows that come again in the same words, and what makes them be looked at after all.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findImport, findRefused } from './import.sql.ts';
import { checkImport, planImport, runImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { findPersonByEmail } from './person.sql.ts';
import { findPersonTags } from './profile.sql.ts';
import { erasePerson } from './rights.ts';
import { stageFile } from './stage.ts';
import { untagPerson } from './tag.ts';

const head =
  'first name,last name,email,phone,tags,unsubscribed,email_opt_in,membership_level_name,note\n';
const rows = [
  'Zoé,Lefèvre,zoe@example.org,06 12 34 56 78,"spring, market",,,,first',
  'Ali,Ben,ali@example.org,,,,true,,second',
  'Bo,,bo@example.org,,,true,,,third',
  'Cy,,cy@example.org,,,,,Adhérent,fourth',
];
const list = (lines: readonly string[] = rows) => `${head}${lines.join('\n')}\n`;

/** Looked at and run; answers the import with what the dry run said. */
async function take(app: App, content: string, relation = '') {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  const scope = app.scope();
  const deps = depsOf(app.get('people'));
  const id = await stageFile(scope, { path, name: 'list.csv' });
  const fields = guessFields((await findImport(scope, id))?.columns ?? []);
  const plan = { fields, origin: 'paper forms', ...(relation && { relation }) };
  await planImport(scope, deps, id, plan, { isQueued: false });
  const said = await checkImport(scope, id);
  const read = await app.house.database.db('people.import_ready').where({ import_id: id });
  await startImport(scope, deps, id);
  await runImport(scope, deps, id);
  const found = await findImport(scope, id);
  if (!found) throw new Error('The import is not there.');
  return { ...found, said, read: read.map(({ line }) => line).sort() };
}

test.serial(
  'a row in the same words is not read again; whoever wants to be left alone is, each time',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const first = await take(app, list());
    t.like(first, { createdPeople: 4, read: [2, 3, 4, 5] });
    t.is(first.said.optIns, 1);
    const again = await take(app, list());
    t.deepEqual(again.read, [4]);
    t.like(again, { createdPeople: 0, updatedPeople: 0, unchangedPeople: 4, doneRows: 4 });
    t.like(again.said, { rows: 4, unchanged: 4, optIns: 1, unsubscribed: 1 });
  },
);

test.serial('a column that nobody takes may say something else', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await take(app, list());
  const again = await take(app, list(rows.map((row) => row.replace(/[a-z]+$/, 'another'))));
  t.like(again, { unchangedPeople: 4, read: [4] });
});

test.serial('whoever was changed since is looked at, and gets what is missing', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await take(app, list());
  const zoe = await findPersonByEmail(app.scope(), 'zoe@example.org');
  const [market] = await findPersonTags(app.scope(), zoe?.id ?? '');
  t.is(market?.name, 'market');
  await untagPerson(app.scope(), depsOf(app.get('people')), zoe?.id ?? '', market?.id ?? '');
  const again = await take(app, list());
  t.like(again, { updatedPeople: 1, unchangedPeople: 3, read: [2, 4] });
  t.is((await findPersonTags(app.scope(), zoe?.id ?? '')).length, 2);
  t.like(await take(app, list()), { unchangedPeople: 4, read: [4] }, 'and is known from then on');
});

test.serial('the same words under another plan are read anew', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await take(app, list());
  const again = await take(app, list(), 'regular_contact');
  t.like(again, { updatedPeople: 2, read: [2, 3, 4, 5] });
});

test.serial('of somebody erased nothing is known', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await take(app, list());
  const cy = await findPersonByEmail(app.scope(), 'cy@example.org');
  await erasePerson(app.scope(), depsOf(app.get('people')), cy?.id ?? '', { suppress: false });
  t.like(await take(app, list()), { unchangedPeople: 3, read: [4, 5] });
});

test.serial(
  'what another row says of somebody known is looked at together with their own',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    await take(app, list());
    const more = ['Zoé,,zoe@example.org,,autumn,,,,', 'Max,,ali@example.org,,,,,,', rows[3] ?? ''];
    const again = await take(app, list([...rows, ...more]));
    t.deepEqual(again.read, [2, 3, 4, 5, 6, 8]);
    t.like(again, { updatedPeople: 1, twinRows: 2, refusedRows: 1, unchangedPeople: 3 });
    t.like(again.said, { rows: 7, changed: 1, twins: 2, refusedRows: 1, unchanged: 3, optIns: 1 });
    const [refused] = await findRefused(app.scope(), again.id, 0, 5);
    t.like(refused, { line: 7, reason: 'people.import.fault.other-name' });
  },
);

test.serial('the planner knows how long a list is, whatever lists it has met before', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { db } = app.house.database;
  const lines = Array.from({ length: 600 }, (_, n) => `Ada,Test,a${n}@example.org,,,,,,`);
  await take(app, list(lines));
  await db.raw(`insert into people.import_ready (import_id, line, label, emails, email_states, phones, phone_states, tags, claims)
    select 1, n, n, '{}', '{}', '{}', '{}', '{}', '{}' from generate_series(1, 3000) n`);
  await db.raw('analyze people.import_ready');
  const scope = app.scope();
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, list(lines.map((line) => line.replace('Ada', 'Bea'))));
  const id = await stageFile(scope, { path, name: 'list.csv' });
  const fields = guessFields((await findImport(scope, id))?.columns ?? []);
  await planImport(scope, depsOf(app.get('people')), id, { fields, origin: 'paper forms' });
  await checkImport(scope, id);
  const { rows: plans } = await db.raw(
    `explain (format json) select from people.import_ready where import_id = ${Number(id)}`,
  );
  t.true(plans[0]['QUERY PLAN'][0].Plan['Plan Rows'] > 300);
});

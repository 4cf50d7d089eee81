import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findImport } from './import.sql.ts';
import { checkImport, planImport, runImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { findPersonByEmail } from './person.sql.ts';
import { stageFile } from './stage.ts';

const unclear = 'people.import.fault.date-order';

async function staged(app: App, header: string, dates: readonly string[]) {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-dates-')), 'list.csv');
  const rows = dates.map((date, n) => `${n + 1},Zoe${n},zoe${n}@example.org,${date}`);
  writeFileSync(path, `${header}\n${rows.join('\n')}\n`);
  return stageFile(app.scope(), { path, name: 'list.csv' });
}

async function take(app: App, header: string, dates: readonly string[]) {
  const scope = app.scope();
  const deps = depsOf(app.get('people'));
  const id = await staged(app, header, dates);
  const fields = guessFields((await findImport(scope, id))?.columns ?? []);
  await planImport(scope, deps, id, { fields, origin: 'A list' }, { isQueued: false });
  const { refused } = await checkImport(scope, id);
  await startImport(scope, deps, id);
  await runImport(scope, deps, id);
  const born = async (_: string, n: number) =>
    (await findPersonByEmail(scope, `zoe${n}@example.org`))?.birthDate;
  return { id, refused, born: await Promise.all(dates.map(born)) };
}

const theirs = 'nationbuilder_id,first_name,email,born_at';
const plain = 'number,first_name,email,birth date';

test('a French party’s NationBuilder export has the month first; a day that contradicts it is refused', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const lone = await take(app, theirs, ['08/10/1938', "'02/03/1980", '1987-05-14']);
  t.deepEqual(lone.born, ['1938-08-10', '1980-02-03', '1987-05-14']);
  t.deepEqual(lone.refused, {});
});

test('what a column’s own dates say holds for those that could be read both ways', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const many = Array.from({ length: 20 }, () => '05/14/1987');
  const { born, refused } = await take(app, plain, [...many, '08/10/1938', '14/05/1987']);
  t.deepEqual(born.slice(-3), ['1987-05-14', '1938-08-10', undefined]);
  t.deepEqual(refused, { [unclear]: 1 });
});

test('without a sign the country’s order holds, in France the day first', async (t) => {
  const french = await makeApp(t, { jurisdiction: 'fr' });
  t.deepEqual((await take(french, plain, ['08/10/1938'])).born, ['1938-10-08']);
});

test('of a column that mixes both only dates that are one day alone are read', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const dates = ['05/14/1987', '14/05/1987', '08/10/1938', '08/08/1938', '02/31/1980'];
  for (const header of [plain, theirs]) {
    const { born, refused } = await take(app, header, dates);
    t.deepEqual(born, ['1987-05-14', '1987-05-14', undefined, '1938-08-08', undefined]);
    t.deepEqual(refused, { [unclear]: 1, 'people.fault.birth-date': 1 });
  }
});

test('NationBuilder’s column with the day first is not believed', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { born } = await take(app, theirs, ['14/05/1987', '08/10/1938']);
  t.deepEqual(born, ['1987-05-14', undefined]);
});

test('the page on which columns are chosen says how dates are read', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const page = async (header: string, dates: string[]) =>
    (await staff.get(`/admin/people/import/${await staged(app, header, dates)}`)).body;
  t.regex(await page(theirs, ['08/10/1938']), /Dates are read with the month first/);
  t.regex(await page(plain, ['08/10/1938']), /Dates are read with the day first/);
  t.regex(await page(plain, ['14/05/1987', '05/14/1987']), /others the month/);
  t.notRegex(await page(plain, ['1987-05-14']), /Dates are read/);
});

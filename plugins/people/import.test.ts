import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { fields, fromCell, toCell } from './csv.ts';
import { depsOf } from './deps.ts';
import { exportPeople } from './export.ts';
import { findImport, findImports, findRefused } from './import.sql.ts';
import { checkImport, runImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { countList, findListPage } from './list.sql.ts';
import { stageFile } from './stage.ts';

function file(content: string | Buffer): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  return { path, name: 'list.csv' };
}

async function take(app: Awaited<ReturnType<typeof makeApp>>, content: string): Promise<string> {
  const scope = app.scope();
  const deps = depsOf(app.get('people'));
  const id = await stageFile(scope, file(content));
  const staged = await findImport(scope, id);
  const guessed = guessFields(staged?.columns ?? []);
  await startImport(scope, deps, id, { fields: guessed, origin: 'paper forms', tag: 'spring' });
  await runImport(scope, deps, id);
  return id;
}

test.serial('a list comes in: good rows kept, bad ones given back with the reason', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await take(
    app,
    [
      'Prénom;Nom;Courriel;Téléphone;Date de naissance;Pays;Âge',
      'Zoé;"Le ""Fèvre""; dite Z";zoe@example.org;06 12 34 56 78;14/05/1987;France;39',
      'Ali;Ben;not an address;;;;',
      ';;;;;;1',
      'Zoé;;ZOE@example.org;;;;',
      'Bo;;bo@example.org;;31/02/1990;;',
      'Cy;;cy@example.org;;;Allemagne;',
    ].join('\n'),
  );
  t.like(await findImport(app.scope(), id), {
    ...{ state: 'done', rows: 6, doneRows: 6, createdPeople: 2, refusedRows: 3 },
  });
  const refused = await findRefused(app.scope(), id, 0, 10);
  t.deepEqual(
    refused.map(({ line, reason }) => [line, reason]),
    [
      [3, 'people.fault.email'],
      [4, 'people.fault.nobody'],
      [6, 'people.fault.birth-date'],
    ],
  );
  const [zoe] = await findListPage(app.scope(), { q: 'fevre' }, { size: 5 });
  t.like(zoe, { familyName: 'Le "Fèvre"; dite Z', tags: ['spring'] });
});

const broken: [string, string | Buffer, string][] = [
  [
    'two encodings',
    Buffer.concat([Buffer.from('name\nZoé\n'), Buffer.from('Léa\n', 'latin1')]),
    'mixed',
  ],
  ['a zero byte', 'name,email\nZo\0e,a@b.example\n', 'nul'],
  ['one header twice', 'name,Email,email\nZoé,a@b.example,\n', 'same-header'],
  ['an open quotation mark', 'name,email\n"Zoé,a@b.example\n', 'cut-off'],
  ['a row without an end', `name,note\nZoé,${'x'.repeat(10_000_000)}\n`, 'row-too-long'],
  ['no rows', 'name,email\n', 'empty-file'],
  ['nothing', '', 'empty-file'],
  ['a broken end after many good rows', `name\n${'Zoé\n'.repeat(20_000)}"`, 'cut-off'],
];

test.serial('a broken file is refused with a sentence, and nothing is half-written', async (t) => {
  const app = await makeApp(t);
  for (const [what, content, fault] of broken) {
    const error = await t.throwsAsync(stageFile(app.scope(), file(content)), undefined, what);
    t.regex(error?.message ?? '', new RegExp(`people.import.fault.${fault}"`), what);
  }
  t.deepEqual(await findImports(app.scope(), 10), []);
  const left = await app.house.database.db.raw(
    'select count(*)::int as n from people.import_staging',
  );
  t.is(left.rows[0].n, 0);
});

test.serial('what goes out comes in again unchanged, formulas and all', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await take(
    app,
    'first name,last name,email,phone,address,relation\n=1+1,@Sum,a@example.org,+33612345678,-12 rue,member\n',
  );
  const columns = [...fields];
  const write = async (target: typeof app) => {
    let text = '';
    for await (const part of exportPeople(target.scope(), { columns, filters: {}, ids: [] }))
      text += part;
    return text;
  };
  const csv = await write(app);
  t.regex(csv, /'=1\+1,'@Sum,a@example\.org,'\+33612345678/);
  const other = await makeApp(t, { jurisdiction: 'fr' });
  await take(other, csv);
  t.is(await write(other), csv);
});

test.serial(
  'the own export, brought in again, changes nobody: names alone and odd tags too',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    await take(
      app,
      [
        'first name,last name,email,phone,zip,relation,tags',
        'Zoé,Lefèvre,z@example.org,+33612345678,01000,member,"""a, b"", c"',
        'Jean,Sans Rien,,,,,',
        'Ali,,,+33612345679,,,',
        'Bo,Fixe,,,69001,former_member,',
      ].join('\n'),
    );
    let text = '';
    const wanted = { columns: [...fields], filters: {}, ids: [] };
    for await (const part of exportPeople(app.scope(), wanted)) text += part;
    t.regex(text, /"""a, b"", c/);
    const id = await take(
      app,
      text.replace(/^.*\r\n/, (header) => header),
    );
    t.like(await findImport(app.scope(), id), {
      ...{ state: 'done', createdPeople: 0, updatedPeople: 0, unchangedPeople: 4, refusedRows: 0 },
    });
  },
);

test('import knows the columns of an export again, in every language', (t) => {
  for (const locale of ['en', 'fr']) {
    const file = new URL(`./locales/${locale}.json`, import.meta.url);
    const sentences = JSON.parse(readFileSync(file, 'utf8'));
    const columns = fields.map((field) => sentences[`people.field.${field}`]);
    t.deepEqual(guessFields(columns), [...fields], locale);
  }
});

test('the mark is undone wherever it was made, and nowhere else', (t) => {
  for (const text of ['=a', "'", "'=a", '+33', "l'été", '', '-', '\tx', "''x"]) {
    t.is(fromCell(toCell(text)), text);
    t.notRegex(toCell(text), /^[=+\-@\t\r]/);
  }
});

test.serial('an import that was cut off goes on and counts nobody twice', async (t) => {
  const app = await makeApp(t);
  const deps = depsOf(app.get('people'));
  const rows = Array.from({ length: 12_000 }, (_, n) => `Name${n},n${n}@example.org`).join('\n');
  const id = await stageFile(app.scope(), file(`name,email\n${rows}\n`));
  await startImport(app.scope(), deps, id, {
    fields: ['familyName', 'emailAddress'],
    origin: 'test list',
  });
  await checkImport(app.scope(), id);
  const cut = runImport(app.scope(), deps, id, (done) => {
    if (done === 5_000) throw new Error('power cut');
  });
  await t.throwsAsync(cut, { message: 'power cut' });
  const { doneRows = 0 } = (await findImport(app.scope(), id)) ?? {};
  t.true(doneRows >= 5_000 && doneRows < 12_000);
  t.is(await countList(app.scope(), {}, 20_000), doneRows, 'what is counted is there, and no more');
  await runImport(app.scope(), deps, id);
  t.is(await countList(app.scope(), {}, 20_000), 12_000);
  t.like(await findImport(app.scope(), id), {
    ...{ state: 'done', createdPeople: 12_000, doneRows: 12_000 },
  });
});

test.serial(
  'what a list brings points to rows that are there, though they are not asked for one by one',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const { db } = app.house.database;
    const lines = [1, 2, 3].map((n) => `Zoé,zoe${n}@example.org,060000000${n},Lyon,member,"a, b"`);
    await take(app, ['first name,email,phone,city,relation,tags', ...lines].join('\n'));
    const keys = await db.raw(`
    select c.conrelid::regclass::text as child, a.attname as key, c.confrelid::regclass::text as parent, b.attname as id
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
    where c.contype = 'f' and c.connamespace = 'people'::regnamespace`);
    t.true(keys.rows.length > 15);
    t.is(Number((await db('people.tagging').count())[0]?.['count']), 9);
    for (const { child, key, parent, id } of keys.rows) {
      const lost = await db.raw(`select count(*)::int as count from ${child} c
      where c.${key} is not null and not exists (select from ${parent} p where p.${id} = c.${key})`);
      t.is(lost.rows[0].count, 0, `${child}.${key}`);
    }
  },
);

test.serial(
  'what waits for an address that the list says is not to be reached is not sent',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const mail = app.house.mail('people');
    for (const to of ['gone@example.org', 'stays@example.org']) {
      await mail.send(app.scope(), { to, view: 'mail/test', data: {} });
    }
    const list =
      'first_name,email,email_opt_in,do_not_contact\nBo,gone@example.org,,true\nCy,stays@example.org,true,';
    await take(app, list);
    const left = await app.scope().db.raw('select to_address from core.outbox');
    t.deepEqual(left.rows, [{ to_address: 'stays@example.org' }]);
  },
);

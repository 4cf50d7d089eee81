// Bad files: what is refused with a sentence, and what is taken.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findImport, findImports, findRefused } from './import.sql.ts';
import { planImport, startImport } from './import.ts';
import { guessFields } from './import-fields.ts';
import { refusedCsv } from './import-refused.ts';
import { stageFile } from './stage.ts';

function file(content: string | Buffer): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-csv-')), 'list.csv');
  writeFileSync(path, content);
  return { path, name: 'list.csv' };
}

async function text(parts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const part of parts) all += part;
  return all;
}

test('headers are guessed in English and in French, however they are spelt', (t) => {
  const told: Record<string, string[]> = {
    givenName: ['First name', 'FirstName', 'Prénom', 'PRENOM', 'first_name', 'Given Name'],
    familyName: ['Last name', 'Nom', 'Nom de famille', 'Surname', 'LastName', 'Nom d’usage'],
    emailAddress: ['E-mail', 'EMAIL', 'Courriel', 'Adresse e-mail', 'Adresse électronique', 'Mél'],
    phoneNumber: ['Phone', 'Téléphone', 'Tél.', 'N° de téléphone', 'phone_number'],
    mobileNumber: ['Mobile', 'Portable', 'Tél. portable', 'Cell phone', 'GSM'],
    birthDate: ['Date de naissance', 'DOB', 'born_at', 'Né(e) le', 'Birthdate'],
    postcode: ['Code postal', 'CP', 'Zip', 'Postcode', 'primary_zip'],
    locality: ['Ville', 'Commune', 'City', 'Town'],
    line1: ['Adresse', 'Address', 'Numéro et rue', 'Street address', 'primary_address1'],
    country: ['Pays', 'Country', 'primary_country_code'],
    tags: ['Tags', 'Étiquettes', 'tag_list', 'Mots-clés'],
    unsubscribed: ['Désabonné', 'Unsubscribed', 'Opt-out'],
    doNotContact: ['Ne pas contacter', 'do_not_contact', 'Liste noire'],
    emailOptIn: ['Opt-in', 'email_opt_in', 'Newsletter'],
    '': ['support_level', 'Âge', 'Profession', ''],
  };
  for (const [field, names] of Object.entries(told)) {
    for (const name of names) t.deepEqual(guessFields([name]), [field], name);
  }
  t.deepEqual(guessFields(['Nom', 'Email', 'Courriel', 'billing_zip', 'primary_zip']), [
    ...['familyName', 'emailAddress', '', 'mailPostcode', 'postcode'],
  ]);
});

test.serial('broken rows are given back, mended and brought in again', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const take = async (content: string) => {
    const id = await stageFile(scope, file(content));
    const fields = guessFields((await findImport(scope, id))?.columns ?? []);
    await planImport(scope, deps, id, { fields, origin: 'paper' });
    await app.drain();
    await startImport(scope, deps, id);
    await app.drain();
    const found = await findImport(scope, id);
    if (!found) throw new Error('The import is gone.');
    return found;
  };
  const first = await take(
    [
      'first name,email,phone',
      "Zoé,z@example.org,'0612345678",
      'Ali,ali@example.org',
      'Bo,bo@example.org,0612345679,too much',
      "Cy,cy@example.org,'06",
      'Dan "Danny" Roux,dan@example.org,',
      'Eva,eva@example.org,,',
    ].join('\n'),
  );
  t.like(first, { createdPeople: 3, refusedRows: 3, state: 'done' });
  const csv = await text(refusedCsv(scope, first));
  t.regex(csv, /first name,email,phone,Why it was refused/);
  const again = await take(csv.replace(/,06,/, ',0612345670,'));
  t.like(again, { createdPeople: 2, refusedRows: 1 });
  t.regex(
    await text(refusedCsv(scope, again)),
    /^\uFEFFfirst name,email,phone,Why it was refused\r\n/,
  );
  const [short] = await findRefused(scope, again.id, 0, 9);
  t.is(short?.reason, 'people.import.fault.cells');
});

test.serial(
  'a disk that is full while the file comes in is said in a sentence, and nothing is kept',
  async (t) => {
    const app = await makeApp(t);
    const { db } = app.house.database;
    // The database's own answer when there is no room for a row.
    await db.raw(`create function people.full_disk() returns trigger language plpgsql as
    $$ begin if new.line > 5000 then raise exception 'could not extend file' using errcode = '53100'; end if;
       return new; end $$;
    create trigger full_disk before insert on people.import_staging
      for each row execute function people.full_disk()`);
    const error = await t.throwsAsync(
      stageFile(app.scope(), file(`name\n${'Zoé\n'.repeat(9_000)}`)),
    );
    t.regex(error?.message ?? '', /people.import.fault.disk-full"/);
    t.deepEqual(await findImports(app.scope(), 5), []);
  },
);

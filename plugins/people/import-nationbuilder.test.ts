// NationBuilder's people export as it is, and that nobody who had opted out is reached by whatever way.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { hasSuppressed } from './consent.sql.ts';
import { makeConsents } from './consent.ts';
import { contactabilityOf, knownOf } from './contact.ts';
import { depsOf } from './deps.ts';
import { findImport } from './import.sql.ts';
import { checkImport, planImport, runImport, startImport } from './import.ts';
import { guessFields, isNationBuilder } from './import-fields.ts';
import { findNewsletters } from './newsletter.sql.ts';
import { makeNewsletters } from './newsletter.ts';
import { findPersonByEmail } from './person.sql.ts';
import { makePeople } from './person.ts';
import { findPersonTags, findRelations, findWays } from './profile.sql.ts';
import { stageFile } from './stage.ts';

const columns = [
  ...['nationbuilder_id', 'signup_type', 'first_name', 'last_name', 'full_name', 'email'],
  ...['email1', 'email1_is_bad', 'email2', 'email2_is_bad', 'email2_is_bouncing', 'email_opt_in'],
  ...['phone_number', 'mobile_number', 'is_mobile_bad', 'mobile_opt_in', 'do_not_call'],
  ...['do_not_contact', 'born_at', 'note', 'tag_list', 'support_level', 'membership_level_name'],
  ...['membership_expires_at', 'primary_address1', 'primary_zip', 'primary_city'],
  ...['primary_country_code', 'mailing_address1', 'mailing_zip', 'mailing_city'],
] as const;
type Row = Partial<Record<(typeof columns)[number], string>>;

const rows: Row[] = [
  {
    ...{
      nationbuilder_id: '101',
      first_name: 'Zoé',
      last_name: 'Lefèvre',
      email: 'ZOE@example.org',
    },
    ...{ email1: 'zoe@example.org', email2: 'old@example.org', email2_is_bouncing: 'true' },
    ...{ email_opt_in: 'true', mobile_number: "'0612345678", mobile_opt_in: 'true' },
    phone_number: "'0474223344",
    ...{ primary_address1: '12 rue des Lilas', primary_zip: "'01000", primary_city: 'Bourg' },
    ...{ primary_country_code: 'FR', tag_list: 'market, drives', born_at: '1987-05-14' },
    membership_level_name: 'Adhérent',
  },
  {
    ...{ nationbuilder_id: '102', first_name: 'Ali', last_name: 'Ben', email: 'ali@example.org' },
    ...{ email1: 'ali@example.org', email_opt_in: 'false', mobile_number: "'0612345679" },
    ...{ membership_level_name: 'Adhérent', membership_expires_at: '2019-01-01' },
  },
  {
    ...{ nationbuilder_id: '103', first_name: 'Bo', email: 'bo@example.org', email_opt_in: 'true' },
    ...{ phone_number: "'0140506070", do_not_contact: 'true' },
  },
  {
    ...{
      nationbuilder_id: '104',
      first_name: 'Cy',
      email: 'cy@example.org',
      email1: 'cy@example.org',
    },
    ...{ email1_is_bad: 'true', phone_number: "'0140506071", do_not_call: 'true' },
  },
  { nationbuilder_id: '105', first_name: 'Dan', email1: 'dan@nowhere', email1_is_bad: 'true' },
  {
    nationbuilder_id: '106',
    first_name: 'Eva',
    email: 'eva@example.org',
    born_at: '99/99/1990',
    do_not_contact: 'true',
  },
  { nationbuilder_id: '107', first_name: 'Zoe', email: 'old@example.org', tag_list: 'second' },
  { nationbuilder_id: '108', first_name: 'Max', email: 'zoe@example.org' },
];

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv = (list: readonly Row[], mark = '\uFEFF') =>
  `${mark}${columns.join(',')}\n${list.map((row) => columns.map((name) => quoted(row[name] ?? '')).join(',')).join('\n')}\n`;

function file(content: string | Buffer): { path: string; name: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'rostra-nb-')), 'nationbuilder-people-export-1.csv');
  writeFileSync(path, content);
  return { path, name: 'nationbuilder-people-export-1.csv' };
}

async function look(app: App, content: string | Buffer) {
  const deps = depsOf(app.get('people'));
  const scope = app.scope();
  const id = await stageFile(scope, file(content));
  const fields = guessFields((await findImport(scope, id))?.columns ?? []);
  await planImport(scope, deps, id, {
    fields,
    origin: 'NationBuilder',
    relation: 'regular_contact',
  });
  return { id, counts: await checkImport(scope, id) };
}

async function take(app: App, content: string | Buffer) {
  const deps = depsOf(app.get('people'));
  const { id, counts } = await look(app, content);
  await startImport(app.scope(), deps, id);
  await runImport(app.scope(), deps, id);
  return { id, counts, row: await findImport(app.scope(), id) };
}

const expected = {
  ...{ rows: 8, created: 5, changed: 0, unchanged: 0, twins: 1, refusedRows: 2 },
  refused: { 'people.fault.birth-date': 1, 'people.import.fault.other-name': 1 },
  ...{ unsubscribed: 1, doNotContact: 2, doNotCall: 1, optIns: 1 },
  ...{ dead: 2, stopped: 7, stoppedBefore: 0 },
};

test.serial(
  'its export comes in with its own names, as the dry run said, and again without a change',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    t.true(isNationBuilder(columns));
    const { counts, row } = await take(app, csv(rows));
    t.deepEqual(counts, expected);
    t.like(row, {
      ...{
        state: 'done',
        createdPeople: 5,
        updatedPeople: 0,
        twinRows: 1,
        refusedRows: 2,
        doneRows: 8,
      },
    });
    const scope = app.scope();
    const zoe = await findPersonByEmail(scope, 'zoe@example.org');
    t.like(zoe, { familyName: 'Lefèvre', birthDate: '1987-05-14' });
    t.deepEqual(zoe?.phoneNumbers, ['+33612345678', '+33474223344'], 'the mobile is texted');
    const ways = await findWays(scope, zoe?.id ?? '');
    t.deepEqual(
      ways.phoneNumbers.map(({ line }) => line),
      ['mobile', 'fixed'],
    );
    t.deepEqual(
      ways.emailAddresses.map(({ address, status, isPrimary }) => [address, status, isPrimary]),
      [
        ['zoe@example.org', 'ok', true],
        ['old@example.org', 'bounced', false],
      ],
    );
    t.like(ways.postalAddresses[0], { postcode: '01000', locality: 'Bourg', country: 'FR' });
    const tags = (await findPersonTags(scope, zoe?.id ?? '')).map(({ name }) => name);
    t.deepEqual(tags, ['drives', 'market', 'second']);
    const kindOf = async (email: string) =>
      (await findRelations(scope, (await findPersonByEmail(scope, email))?.id ?? ''))[0]?.kind;
    t.is(await kindOf('zoe@example.org'), 'member');
    t.is(await kindOf('ali@example.org'), 'former_member');
    t.is(await kindOf('bo@example.org'), undefined, 'who asked to be left alone is no contact');
    t.is(await kindOf('cy@example.org'), 'regular_contact');
    const again = await take(app, csv(rows));
    t.like(again.counts, {
      created: 0,
      changed: 0,
      unchanged: 5,
      twins: 1,
      stopped: 7,
      stoppedBefore: 7,
    });
    t.like(again.row, { createdPeople: 0, updatedPeople: 0, unchangedPeople: 5 });
  },
);

test.serial('it is read in every encoding and with every sign between the cells', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const swapped = Buffer.from(csv(rows), 'utf16le').swap16();
  const files: [string, string | Buffer][] = [
    ['UTF-8', csv(rows, '')],
    ['UTF-16 LE', Buffer.from(csv(rows), 'utf16le')],
    ['UTF-16 LE without its mark', Buffer.from(csv(rows, ''), 'utf16le')],
    ['UTF-16 BE', swapped],
    ['Windows-1252', Buffer.from(csv(rows, ''), 'latin1')],
    [
      'semicolons',
      csv(rows).replaceAll('","', '";"').replace(columns.join(','), columns.join(';')),
    ],
    ['tabs', csv(rows).replaceAll('","', '"\t"').replace(columns.join(','), columns.join('\t'))],
  ];
  for (const [name, content] of files) {
    t.deepEqual((await look(app, content)).counts, expected, name);
  }
});

const optedOut = ['ali@example.org', 'bo@example.org', 'eva@example.org'];

test.serial(
  'nobody who had opted out can be written to, whatever is tried afterwards',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const deps = depsOf(app.get('people'));
    const scope = app.scope();
    const [letter] = await findNewsletters(scope);
    const consents = makeConsents(deps);
    const newsletters = makeNewsletters(deps);
    const people = makePeople(deps);
    const said = {
      channel: 'email',
      purpose: 'campaign',
      wording: 'Yes',
      locale: 'fr',
      source: 'staff',
    };
    const giveAll = async () => {
      for (const emailAddress of optedOut) {
        const { id: personId } = await people.upsert(scope, { emailAddress, source: 'staff' });
        await consents.give(scope, { ...said, personId, evidence: { form: '1' } }).catch(() => {});
        await newsletters.subscribe(scope, personId, letter?.id ?? '').catch(() => {});
      }
    };
    const mayBeWritten = async (address: string): Promise<boolean> => {
      const person = await findPersonByEmail(scope, address);
      if (!person) return false;
      const said = await consents.holds(scope, person.id, 'email', 'campaign');
      const allowed = contactabilityOf(scope, await knownOf(scope, person)).filter(
        ({ act }) => act.channel === 'email',
      );
      const isFree = !(await hasSuppressed(scope, person.id, 'email'));
      return said || isFree || allowed.some((one) => one.may);
    };
    const nobody = async (after: string) => {
      for (const address of optedOut) t.false(await mayBeWritten(address), `${address}: ${after}`);
    };
    await giveAll();
    t.true(await mayBeWritten('bo@example.org'), 'before the list came, they could be');
    await take(app, csv(rows));
    await nobody('import');
    const eager = rows.map((row) => ({
      ...row,
      email_opt_in: 'true',
      do_not_contact: 'false',
      do_not_call: 'false',
      born_at: '',
    }));
    await take(app, csv(eager));
    await nobody('a list that says the contrary');
    await giveAll();
    await nobody('consent and subscription by staff');
    const staff = await app.staff();
    const bo = await findPersonByEmail(scope, 'bo@example.org');
    const page = `/admin/people/${bo?.id}`;
    await staff.post(`${page}/consent`, {
      ...{
        deed: 'give',
        channel: 'email',
        purpose: 'campaign',
        wording: 'Yes',
        evidence: 'form 1',
      },
    });
    const proof = { wording: 'Yes', evidence: 'form 2' };
    const asked = await staff.post(`${page}/newsletters`, {
      newsletter: letter?.id ?? '',
      ...proof,
    });
    t.is(asked.status, 303);
    await nobody('the staff’s own pages');
    await app.drain();
    const mails = await app.house.database.db.raw(
      'select to_address as address from core.outbox where to_address = any (:optedOut)',
      { optedOut },
    );
    t.deepEqual(mails.rows, [], 'nothing waits for them');
  },
);

test.serial(
  'a yes of the list is no consent: it is kept apart, and nothing rests on it',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    await take(app, csv(rows));
    const scope = app.scope();
    const zoe = (await findPersonByEmail(scope, 'zoe@example.org'))?.id ?? '';
    const claims = await scope.db.raw(
      'select channel from people.consent_claim where person_id = :zoe order by 1',
      { zoe },
    );
    t.deepEqual(claims.rows, [{ channel: 'email' }, { channel: 'sms' }]);
    const consents = makeConsents(depsOf(app.get('people')));
    for (const channel of ['email', 'sms']) {
      t.false(await consents.holds(scope, zoe, channel, 'campaign'), channel);
    }
    t.deepEqual(await consents.current(scope, zoe), []);
    const staff = await app.staff();
    t.regex((await staff.get(`/admin/people/${zoe}`)).body, /Imported, no proof yet/);
  },
);

// Numbers that take no text messages: told from their digits, kept beside the number, and passed over by what is texted.
import test from 'ava';
import type { Scope } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { makeConsents } from './consent.ts';
import { depsOf } from './deps.ts';
import { Reach } from './index.ts';
import { makePeople } from './person.ts';
import { findAmong } from './reached.ts';
import { lineOf, type PhoneLine } from './telephone-line.ts';
import { readLines } from './telephone-lines.ts';

const sms = { channel: 'sms', purpose: 'campaign' } as const;

test('the digits of a number tell a mobile from a landline, where its country keeps them apart', (t) => {
  for (const [number, line] of [
    ['+33612345678', 'mobile'],
    ['+33755512345', 'mobile'],
    ['+33474223344', 'fixed'],
    ['+33912345678', 'fixed'],
    ['+33800123456', 'fixed'],
    ['+262692123456', 'mobile'],
    ['+442079460000', 'fixed'],
    ['+32470123456', 'mobile'],
    ['+12025550123', 'either'],
    ['+18005550123', 'fixed'],
    ['+999123456789', 'either'],
  ] as const) {
    t.is(lineOf(number), line, number);
  }
});

test('what is read of a number by its first digits is what the rules of the world say of it', async (t) => {
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/max');
  const kinds: Record<string, PhoneLine> = {
    ...{ MOBILE: 'mobile', FIXED_LINE: 'fixed', VOIP: 'fixed' },
    ...{ TOLL_FREE: 'fixed', PREMIUM_RATE: 'fixed' },
  };
  const kindOf = (number: string) => kinds[parsePhoneNumberFromString(number)?.getType() ?? ''];
  for (let head = 100; head < 800; head += 1) {
    const number = `+33${head}234567`;
    const kind = kindOf(number);
    if (kind) t.is(lineOf(number), kind, number);
  }
  for (let area = 200; area < 1000; area += 1) {
    const number = `+1${area}2345678`;
    t.is(lineOf(number), kindOf(number) ?? 'either', number);
  }
});

test('by text the mobile is used whichever came first, and of a landline alone it is said what it is', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const scope = app.scope();
  const both = await agreed(app, '04 74 22 33 44');
  await addNumber(app, both, '+33612345678');
  const alone = await agreed(app, '04 74 55 66 77');
  const found = await findAmong(scope, [both, alone], sms);
  t.deepEqual(
    found.map(({ address, answer }) => [address, answer.why]),
    [
      ['+33612345678', 'yes'],
      [undefined, 'landline'],
    ],
  );
  const calls = await findAmong(scope, [both], { channel: 'call', purpose: 'campaign' });
  t.is(calls[0]?.address, '+33474223344', 'a call goes where it went');
  t.is((await app.get('sms')(Reach).may(scope, alone, sms))?.why, 'landline');
  const { rows } = await app.get('sms')(Reach).tell(scope, sms);
  const row = rows.find(({ why }) => why === 'landline');
  t.is(row?.people, 1);
  t.regex(row?.sentence ?? '', /landline/);
});

test('numbers that were there before are read by the job, and nobody’s search text is made anew', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { db } = app.house.database;
  const id = await agreed(app, '04 74 22 33 44');
  await db.raw('update people.phone_number set line = null');
  await db.raw(`update people.person set search = ' as it was' where id = ?`, [id]);
  t.is((await findAmong(app.scope(), [id], sms))[0]?.answer.why, 'yes', 'it is hoped');
  await readLines(app.scope());
  t.is((await findAmong(app.scope(), [id], sms))[0]?.answer.why, 'landline');
  const kept = await db.raw('select search from people.person where id = ?', [id]);
  t.is(kept.rows[0].search, ' as it was');
});

test('whoever is edited keeps what is known of a number, and a new one is read', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const scope = app.scope();
  const id = await agreed(app, '06 12 34 56 78');
  const { replacePhoneNumbers } = await import('./edit.sql.ts');
  await app.house.database.db.raw(`update people.phone_number set line = 'fixed'`);
  await scope.write((own: Scope) =>
    replacePhoneNumbers(own, id, ['+33612345678', '+33474223344', '+33698765432']),
  );
  const found = await scope.db.raw('select number, line from people.phone_number order by id');
  t.deepEqual(
    found.rows.map(({ line }: { line: string }) => line),
    ['fixed', 'fixed', 'mobile'],
  );
});

async function agreed(app: App, phoneNumber: string): Promise<string> {
  const scope = app.scope();
  const deps = depsOf(app.get('people'));
  const { id } = await makePeople(deps).upsert(scope, { phoneNumber, source: 'website.sign-up' });
  await makeConsents(deps).give(scope, {
    ...{ personId: id, channel: 'sms', purpose: 'campaign', wording: 'Oui.', locale: 'fr' },
    ...{ source: 'website.sign-up', evidence: { form: '1' } },
  });
  return id;
}

async function addNumber(app: App, personId: string, number: string): Promise<void> {
  await app.house.database.db.raw(
    `insert into people.phone_number (person_id, number, line, created_at) values (?, ?, ?, now())`,
    [personId, number, lineOf(number)],
  );
}

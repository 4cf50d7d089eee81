// A breach that concerns people under another law: its authority has a clock of its own, beside the party's.
import test from 'ava';
import { People } from 'rostra/people';
import { makeApp } from 'rostra/testing';
import { countBreaches } from './breach.sql.ts';

const home = '/admin/privacy/breaches';
const record = {
  ...{ knownAt: '2026-11-24T09:00', kinds: ['confidentiality'], what: 'A mailing went out in Cc' },
  ...{ data: ['user.contact.email'], risk: 'risk' },
};
const report = { reportedAt: '2026-11-24T10:30', reportNumber: 'CNIL-17' };

test('people in Britain bring the British clock, also once the own authority was told; neighbours under one law bring none', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = app.get('people')(People);
  for (const country of ['GB', 'DE', 'US']) {
    const postalAddress = { country, locality: 'X' };
    const emailAddress = `${country.toLowerCase()}@x.example`;
    await people.upsert(app.scope(), { emailAddress, postalAddress, source: 'test' });
  }
  let staff = await app.staff('data-protection');
  const emails = 'gb@x.example de@x.example us@x.example';
  const page = (await staff.post(`${home}/new`, { ...record, emails })).location ?? '';
  app.clock.set(new Date('2026-11-24T09:30:00Z'));
  const { body } = await staff.get(page);
  t.regex(body, /Authority: United Kingdom/);
  t.regex(
    body,
    /United Kingdom: tell the authority by November 27, 2026 at 9:00\sAM, 70 hours are left/,
  );
  t.regex(body, /UK GDPR/);
  t.notRegex(body, /Authority: (Germany|United States)/);
  t.is((await staff.post(`${page}/report`, report)).status, 303);
  t.like(await countBreaches(app.scope()), { late: 0, nextDue: new Date('2026-11-27T08:00:00Z') });
  app.clock.set(new Date('2026-11-27T09:30:00Z'));
  staff = await app.staff('data-protection');
  t.is((await countBreaches(app.scope())).late, 1);
  t.regex((await staff.get(home)).body, /One breach is late[\s\S]*1 hour/);
  t.regex((await staff.get(page)).body, /United Kingdom: the deadline passed 1 hour ago/);
  t.regex((await staff.post(`${page}/close`, { sure: 'true' })).body, /authority/i);
  const there = { reportedAt: '2026-11-27T10:00', reportNumber: 'ICO-1' };
  const refused = await staff.post(`${page}/report/GB`, there);
  t.is(refused.status, 422);
  t.regex(refused.body, /say why it is late/);
  t.regex(refused.body, /value="ICO-1"/);
  t.is((await staff.post(`${page}/report/DE`, there)).status, 404);
  const lateReason = 'Nobody knew that she had moved';
  t.is((await staff.post(`${page}/report/GB`, { ...there, lateReason })).status, 303);
  t.is((await countBreaches(app.scope())).late, 0);
  const csv = (await staff.post(`${home}/export`, {})).body;
  t.regex(csv, /United Kingdom: told on 2026-11-27T09:00:00\.000Z ICO-1/);
  t.is((await staff.post(`${page}/close`, { sure: 'true' })).status, 303);
});

test('countries are ticked where nobody is named, follow the hour that is known, and go when they are unticked', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'gb' });
  const staff = await app.staff('data-protection');
  const form = (await staff.get(`${home}/new`)).body;
  t.regex(form, /value="FR"/);
  t.notRegex(form, /value="(GB|US)"/);
  const countries = ['FR', 'DE'];
  const page = (await staff.post(`${home}/new`, { ...record, countries })).location ?? '';
  const clocks = async () =>
    (
      await app
        .scope()
        .db.raw(
          'select abroad, last.id::text as seen from privacy.breach, lateral (select max(id) as id from privacy.breach_change) last',
        )
    ).rows[0];
  t.deepEqual(
    (await clocks()).abroad.map((one: { country: string; dueAt: string }) => [
      one.country,
      one.dueAt,
    ]),
    [
      ['DE', '2026-11-27T08:00:00.000Z'],
      ['FR', '2026-11-27T08:00:00.000Z'],
    ],
    'each member state by itself: a party outside has no lead authority',
  );
  const { seen } = await clocks();
  const moved = { ...record, knownAt: '2026-11-24T08:00', countries: ['FR'], seen };
  t.is((await staff.post(`${page}/edit`, moved)).status, 303);
  t.deepEqual(
    (await clocks()).abroad.map((one: { country: string; dueAt: string }) => [
      one.country,
      one.dueAt,
    ]),
    [['FR', '2026-11-27T07:00:00.000Z']],
  );
  t.regex((await staff.get(page)).body, /France: to be told by/);
});

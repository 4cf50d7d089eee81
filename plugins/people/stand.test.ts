import test from 'ava';
import { type App, makeApp, openBrowser } from 'rostra/testing';

async function scene(t: Parameters<typeof makeApp>[0]) {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const lyon = await app.chapter('Lyon');
  const volunteer = await app.staff('chapter-volunteer', lyon);
  return { app, lyon, volunteer, at: '/admin/@lyon/people/stand' };
}

async function rows(app: App, sql: string): Promise<Record<string, unknown>[]> {
  return (await app.house.database.db.raw(sql)).rows;
}

const keyOf = (body: string) => /name="key" value="([^"]+)"/.exec(body)?.[1] ?? '';

test.serial(
  'a volunteer notes somebody; each agreement keeps wording, who, where, when',
  async (t) => {
    const { app, volunteer, at } = await scene(t);
    const { body } = await volunteer.get(at);
    t.notRegex(body, / checked/, 'boxes are empty');
    const zoe = {
      ...{ key: keyOf(body), givenName: 'Zoé', familyName: 'Lefèvre', place: 'Marché des Halles' },
      ...{
        emailAddress: 'zoe@example.org',
        phoneNumber: '06 12 34 56 78',
        newsletter: '1',
        sms: 'true',
      },
    };
    const done = await volunteer.post(at, zoe);
    t.is(done.location, at, done.body);
    const twice = await volunteer.post(at, zoe);
    t.is(twice.location, at);
    const next = await volunteer.get(at);
    t.regex(next.body, /Today: 1 by you, 1 for Lyon/, 'tapping twice counts once');
    t.regex(next.body, /value="Marché des Halles"/, 'the place is filled in for the next person');
    t.notRegex(next.body, /Lefèvre"/);
    const said = await rows(
      app,
      `select c.channel, c.purpose, c.source, d.wording, d.evidence from people.consent c
     join people.consent_detail d on d.consent_id = c.id order by c.channel`,
    );
    t.deepEqual(
      said.map(({ channel, purpose, source }) => [channel, purpose, source]),
      [
        ['email', 'newsletter', 'stand'],
        ['sms', 'campaign', 'stand'],
      ],
    );
    t.regex(String(said[0]?.['wording']), /^Yes, I would like to receive “The party’s newsletter”/);
    t.like(said[1]?.['evidence'], { place: 'Marché des Halles', collected: 'stand' });
    t.truthy((said[1]?.['evidence'] as Record<string, string>)['collectedBy']);
    t.is((await rows(app, 'select from people.subscription where until is null')).length, 1);
    t.regex((await volunteer.get('/admin/@lyon/people?q=lefevre')).body, /zoe@example\.org/);
  },
);

test.serial('nothing typed is lost when something does not fit', async (t) => {
  const { volunteer, at } = await scene(t);
  const wrong = await volunteer.post(at, {
    ...{ givenName: 'Ali', familyName: 'Ben', emailAddress: 'no', newsletter: '1', sms: 'true' },
  });
  t.is(wrong.status, 422);
  t.regex(wrong.body, /value="Ali"/);
  t.regex(wrong.body, /value="no"/);
  t.is(wrong.body.match(/ checked/g)?.length, 2);
  t.regex(wrong.body, /not an e-mail address/);
  t.regex(wrong.body, /box about text messages is ticked: give the telephone number/);
  const noWay = await volunteer.post(at, { givenName: 'Ali' });
  t.regex(noWay.body, /Give an e-mail address or a telephone number/);
});

test.serial(
  'who is known elsewhere is neither told of nor taken over; the mailbox is asked',
  async (t) => {
    const { app, volunteer, at } = await scene(t);
    const lille = await app.chapter('Lille');
    const organiser = await app.staff('organiser', lille);
    const known = { givenName: 'Ana', familyName: 'Dupont', emailAddress: 'ana@example.org' };
    await organiser.post('/admin/@lille/people/new', known);
    const typed = { ...known, givenName: 'Anna', phoneNumber: '0611223344', newsletter: '1' };
    const answer = await volunteer.post(at, typed);
    const fresh = await volunteer.post(at, { ...typed, emailAddress: 'new@example.org' });
    t.deepEqual([answer.status, answer.location], [fresh.status, fresh.location]);
    t.regex((await volunteer.get(at)).body, /Today: 2 by you/);
    t.notRegex((await volunteer.get('/admin/@lyon/people')).body, /ana@example/);
    t.is(
      (await rows(app, `select from people.phone_number where number = '+33611223344'`)).length,
      1,
    );
    t.is((await rows(app, 'select from people.consent')).length, 1, 'of the new one alone');
    await app.drain();
    const [mail] = await rows(
      app,
      `select html from core.outbox where to_address = 'ana@example.org'`,
    );
    const link = /\/confirm\/[\w-]+/.exec(String(mail?.['html']))?.[0] ?? '';
    t.is((await app.visitor().post(link, {})).status, 303);
    const said = await rows(
      app,
      `select d.evidence from people.consent c join people.consent_detail d on d.consent_id = c.id
     join people.email_address e on e.person_id = c.person_id where e.address = 'ana@example.org'`,
    );
    t.like(said[0]?.['evidence'], { collected: 'stand', organization: 'Lyon' });
  },
);

test.serial(
  'who is known and confirms gets the letter of the chapter that stood there',
  async (t) => {
    const { app, lyon, volunteer, at } = await scene(t);
    const organiser = await app.staff('organiser');
    const known = { givenName: 'Ana', emailAddress: 'ana@example.org' };
    await organiser.post('/admin/people/new', known);
    const own = await rows(
      app,
      `insert into people.newsletter (organization_id, key, name, created_at)
     values (${lyon}, 'lettre', 'Lettre de Lyon', timestamptz '2026-01-01') returning id`,
    );
    const letter = String(own[0]?.['id']);
    await volunteer.post(at, { ...known, newsletter: letter });
    await app.drain();
    const [mail] = await rows(
      app,
      `select html from core.outbox where to_address = 'ana@example.org'`,
    );
    const link = /\/confirm\/[\w-]+/.exec(String(mail?.['html']))?.[0] ?? '';
    t.is((await app.visitor().post(link, {})).status, 303);
    const said = await rows(
      app,
      'select newsletter_id from people.subscription where until is null',
    );
    t.deepEqual(said, [{ newsletter_id: letter }]);
    const ours = await app.staff('organiser', lyon);
    t.regex((await ours.get(`/admin/@lyon/people?newsletter=${letter}`)).body, /ana@example\.org/);
    t.regex((await ours.get('/admin/@lyon/people?consent=email')).body, /ana@example\.org/);
    const to = await rows(app, 'select organization_id from people.consent');
    t.deepEqual(to, [{ organization_id: lyon }], 'said to the chapter, not to the party');
  },
);

test.serial('a volunteer changes nobody of the own chapter by typing their address', async (t) => {
  const { app, volunteer, at, lyon } = await scene(t);
  const organiser = await app.staff('organiser', lyon);
  const known = { givenName: 'Ana', emailAddress: 'ana@example.org' };
  await organiser.post('/admin/@lyon/people/new', known);
  const typed = { ...known, familyName: 'Other', phoneNumber: '0611223344', newsletter: '1' };
  t.is((await volunteer.post(at, typed)).location, at);
  await volunteer.post(at, { ...known, familyName: 'Other' });
  t.is((await rows(app, 'select from people.person where family_name is not null')).length, 0);
  t.is((await rows(app, 'select from people.phone_number')).length, 0);
  t.is((await rows(app, 'select from people.consent')).length, 0);
  t.is((await rows(app, 'select from core.outbox')).length, 1, 'asked once, for what was ticked');
});

test.serial(
  'a telephone number typed at a stand says nothing for whom it is known of',
  async (t) => {
    const { app, volunteer, at, lyon } = await scene(t);
    const organiser = await app.staff('organiser', lyon);
    const known = { givenName: 'Ana', familyName: 'Dupont', phoneNumber: '0611223344' };
    await organiser.post('/admin/@lyon/people/new', known);
    await volunteer.post(at, { ...known, sms: 'true' });
    const said = await rows(app, 'select person_id from people.consent');
    const people = await rows(app, 'select id from people.person order by id');
    t.is(people.length, 2, 'for staff to merge');
    t.deepEqual(said, [{ person_id: people[1]?.['id'] }]);
  },
);

test.serial(
  'without a sign-up page only telephone numbers are noted, and it is said',
  async (t) => {
    const { app, volunteer, at } = await scene(t);
    await rows(app, `update website.page set state = 'draft' where kind = 'sign_up'`);
    t.regex((await volunteer.get(at)).body, /Only telephone numbers can be noted/);
    const typed = { givenName: 'Ana', emailAddress: 'ana@example.org', newsletter: '1' };
    t.is((await volunteer.post(at, typed)).status, 422);
    t.is((await rows(app, 'select from people.person')).length, 0);
  },
);

test.serial('who came to have the address while it was typed is asked by mail', async (t) => {
  const { app, volunteer, at } = await scene(t);
  // Stands between the look and the write: the address becomes a seen person's as the entry is kept.
  await rows(
    app,
    `create function people.race() returns trigger language plpgsql as $$ declare who bigint; begin
       insert into people.person (key, source, created_at, changed_at)
         values (gen_random_uuid(), 'test', new.at, new.at) returning id into who;
       insert into people.affiliation (organization_id, person_id, since)
         values (new.organization_id, who, new.at);
       insert into people.email_address (person_id, address, is_primary, created_at)
         values (who, 'ana@example.org', true, new.at) on conflict do nothing;
       return new; end $$`,
  );
  await rows(
    app,
    `create trigger race before insert on people.stand_entry for each row execute function people.race()`,
  );
  const typed = { givenName: 'Ana', emailAddress: 'ana@example.org', newsletter: '1' };
  t.is((await volunteer.post(at, typed)).location, at);
  t.is((await rows(app, 'select from people.consent')).length, 0);
  t.is((await rows(app, 'select from core.outbox')).length, 1, 'asked in the mailbox');
  t.is((await rows(app, 'select from people.stand_entry')).length, 1);
});

test.serial('who asked never to be written to is not, and the stand is not told', async (t) => {
  const { app, volunteer, at } = await scene(t);
  await rows(
    app,
    `insert into people.suppression (kind, hash, organization_id, reason, at)
     select 'email', people.keyed_hash('email', 'never@example.org'), id, 'erased', timestamptz '2026-01-01'
     from core.organization where parent_id is null`,
  );
  const answer = await volunteer.post(at, { emailAddress: 'never@example.org', newsletter: '1' });
  t.is(answer.location, at);
  await app.drain();
  t.is((await rows(app, 'select from core.outbox')).length, 0);
  t.is((await rows(app, 'select from people.email_address')).length, 0);
});

test.serial(
  'without the legal identity nobody is noted; a web editor does not get in',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', isAnonymous: true });
    const organiser = await app.staff('organiser');
    t.regex((await organiser.get('/admin/people/stand')).body, /Nobody can be noted yet/);
    await organiser.post('/admin/people/stand', { phoneNumber: '0611223344' });
    t.is((await rows(app, 'select from people.person')).length, 0);
    t.regex((await organiser.get('/admin/people/stand/qr')).body, /no sign-up page to scan/);
    const editor = await app.staff('web-editor');
    t.is((await editor.get('/admin/people/stand')).status, 403);
  },
);

for (const [width, dark, locale] of [
  [390, false, 'en'],
  [390, true, 'fr'],
  [1440, false, 'fr'],
] as const) {
  test.serial(
    `the stand works in a browser of ${width} px, ${locale}, ${dark ? 'dark' : 'light'}`,
    async (t) => {
      const { app, volunteer, at } = await scene(t);
      if (locale === 'fr') await rows(app, `update core.account set locale = 'fr'`);
      const browser = await openBrowser(t, { width, height: 844, dark });
      const { page } = browser;
      const [[name = '', value = ''] = []] = volunteer.cookies;
      await page.context().addCookies([{ name, value, url: app.url }]);
      await page.goto(app.url + at);
      t.deepEqual(await browser.violations(), []);
      t.is(await browser.overflow(), 0);
      await browser.shot(`stand-${width}-${locale}`);
      const box = await page.locator('.stand-box').first().boundingBox();
      t.true((box?.height ?? 0) >= 44);
      await page.locator('[name=givenName]').fill('Zoé');
      await page.locator('.stand-box').first().click();
      await page.locator('.stand-form button').click();
      t.deepEqual(await browser.violations(), [], 'with faults');
      await browser.shot(`stand-fault-${width}-${locale}`);
      t.is(await page.locator('[name=givenName]').inputValue(), 'Zoé');
      await page.locator('[name=emailAddress]').fill('zoe@example.org');
      await page.locator('.stand-form button').click();
      await page.locator('.toasts').getByText('Zoé').waitFor();
      t.is(await page.locator('[name=givenName]').inputValue(), '');
      await browser.shot(`stand-next-${width}-${locale}`);
      await page.locator('.stand-head .button').click();
      t.deepEqual(await browser.violations(), [], 'the code');
      t.is(await browser.overflow(), 0);
      await browser.shot(`stand-qr-${width}-${locale}`);
      t.regex(await page.locator('.stand-address').innerText(), /localhost:\d+\/[a-z-]+/);
      t.deepEqual(
        browser.complaints.filter((one) => !one.includes('422')),
        [],
      );
    },
  );
}

import { writeFileSync } from 'node:fs';
import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';

test('shots', async (t) => {
  t.timeout(500_000);
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const lyon = await app.chapter('Lyon');
  const { db } = app.house.database;
  const staff = await app.staff();
  const chap = await app.staff('organiser', lyon);
  await db.raw(`insert into people.person (key, given_name, family_name, source, created_at, changed_at)
    select gen_random_uuid(), (array['Camille','Zoé','Ali','Léa','Hugo','Inès','Jean','Maëlle','Noé','Sacha'])[1+(i*7)%10],
     (array['Dupont','Lefèvre','Martin','Bernard','Petit','Durand','Moreau','Garcia','Roux','Fournier','Girard','Bonnet'])[1+(i*13)%12] || case when i%3=0 then '' else '-' || chr(65+i%26) || chr(97+(i/26)%26) || chr(97+(i/676)%26) end,
     'import', timestamptz '2026-11-24' - (i % 700) * interval '3 hours', timestamptz '2026-11-24' from generate_series(1,200000) i`);
  await db.raw(
    `insert into people.email_address (person_id, address, is_primary, created_at) select id, 'p'||id||'@example.org', true, created_at from people.person`,
  );
  await db.raw(
    `insert into people.phone_number (person_id, number, created_at) select id, '+336'||lpad(id::text,8,'0'), created_at from people.person where id%2=0`,
  );
  await db.raw(
    `insert into people.affiliation select id, (select min(id) from core.organization), created_at from people.person`,
  );
  await db
    .raw(
      `insert into people.affiliation (person_id, organization_id, since) select id, ?, created_at from people.person where id%20=0`,
      [lyon],
    )
    .catch((e) => console.log(String(e)));
  await db.raw(
    `insert into people.relation (person_id, kind, since, created_at) select id, case when id%5=0 then 'member' else 'regular_contact' end, date '2024-05-01', created_at from people.person where id%3=0`,
  );
  await db.raw('vacuum analyze');
  const time = async (who: typeof staff, path: string) => {
    const ms: number[] = [];
    for (let i = 0; i < 5; i++) {
      const at = performance.now();
      const r = await who.get(path);
      ms.push(Math.round(performance.now() - at));
      if (r.status !== 200) console.log(path, r.status);
    }
    console.log(path, ms.join(' '));
  };
  for (const p of [
    '',
    '?q=lefe',
    '?q=zoe+lef',
    '?q=zz',
    '?q=a',
    '?q=p1999',
    '?relation=member',
    '?relation=former_member',
    '?sort=newest',
    '?q=061999',
    '/1000',
    '?consent=email',
  ])
    await time(staff, `/admin/people${p}`);
  for (const p of ['', '?q=lefe', '?q=zz', '/1000']) await time(chap, `/admin/@lyon/people${p}`);
  await time(staff, '/admin');
  const page = (
    await staff.post('/admin/people/new', {
      givenName: 'Camille',
      familyName: 'Aaron',
      emailAddress: 'camille@example.org',
      phoneNumber: '06 12 34 56 78',
      relation: 'member',
      tags: 'tractage, élue',
      line1: '3 rue Garibaldi',
      postcode: '69003',
      locality: 'Lyon',
      country: 'FR',
      birthDate: '14/05/1987',
    })
  ).location!;
  await staff.post(`${page}/notes`, { text: 'Prête sa voiture pour les tractages du samedi.' });
  await staff.post(`${page}/consent`, {
    deed: 'give',
    channel: 'email',
    purpose: 'campaign',
    wording: 'Oui, écrivez-moi.',
    evidence: 'bulletin papier',
  });
  await staff.post('/admin/people/newsletters/new', {
    name: 'Lettre nationale',
    description: 'Chaque mois',
  });
  await staff.post(`${page}/newsletters`, { newsletter: '1', deed: 'subscribe' });
  const form = new FormData();
  form.set(
    'file',
    new Blob(['Prénom;Nom;Courriel;Bizarre\nZoé;Lefèvre;z@example.org;1\nAli;Ben;no;2\n']),
    'liste-printemps.csv',
  );
  const imp = (await staff.post('/admin/people/import', form)).location!;
  await db.raw(`update core.account set locale='fr'`);
  const { page: first } = await openBrowser(t);
  const browser = first.context().browser()!;
  for (const [w, h] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    const ctx = await browser.newContext({ viewport: { width: w, height: h } });
    await ctx.addCookies([{ name: 'rostra', value: staff.cookies.get('rostra'), url: app.url }]);
    const p = await ctx.newPage();
    p.on('console', (m: any) => m.type() === 'error' && console.log('console', m.text()));
    for (const [name, path] of [
      ['list', '/admin/people'],
      ['search', '/admin/people?q=aaron'],
      ['profile', page],
      ['new', '/admin/people/new'],
      ['edit', `${page}/edit`],
      ['columns', imp],
      ['export', '/admin/people/export'],
      ['import', '/admin/people/import'],
      ['erase', `${page}/erase`],
      ['consent', `${page}/consent`],
      ['newsletters', '/admin/people/newsletters'],
      ['home', '/admin'],
    ] as const) {
      await p.goto(app.url + path);
      writeFileSync(
        `/tmp/shots/${name}-${w}.png`,
        await p.screenshot({ fullPage: name !== 'list' }),
      );
    }
    if (w === 1440) {
      await p.goto(app.url + '/admin/people');
      await p.fill('main input[type=search]', 'aaron');
      await p.waitForTimeout(2500);
      console.log('htmx rows', await p.locator('#found tbody tr').count(), p.url());
    }
  }
  t.pass();
});

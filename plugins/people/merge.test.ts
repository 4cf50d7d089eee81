import test from 'ava';
import { makeApp, openBrowser } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { makePeople } from './person.ts';

const twins = [
  { givenName: 'Zoé', familyName: 'Lefèvre', emailAddress: 'zoe@a.example', tags: ['élue'] },
  { familyName: 'Lefevre', emailAddress: 'zoe@b.example', phoneNumber: '+33612345678' },
];

test('staff find a person’s other record, compare the two, and make them one', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const [one, other] = await people.upsertMany(
    app.scope(),
    twins.map((fields) => ({ ...fields, source: 'test' })),
  );
  const staff = await app.staff('organiser');
  const page = `/admin/people/${one?.id}`;
  t.regex((await staff.get(page)).body, new RegExp(`href="${page}/merge"`));
  const found = await staff.get(`${page}/merge?q=lefevre`);
  t.regex(found.body, new RegExp(`href="${page}/merge/${other?.id}"`));
  t.notRegex(found.body, new RegExp(`href="${page}/merge/${one?.id}"`));
  t.regex((await staff.get(`${page}/merge?q=nobody`)).body, /No other record fits/);

  const both = `${page}/merge/${other?.id}`;
  t.regex((await staff.get(both)).body, /zoe@a\.example[\s\S]*zoe@b\.example/);
  const unsure = await staff.post(both, { survivor: other?.id ?? '' });
  t.is(unsure.status, 422);
  t.regex(unsure.body, /f-confirmed-fault/);
  t.is((await staff.post(both, { survivor: '999', confirmed: 'true' })).status, 404);
  t.is((await staff.get(`${page}/merge/${one?.id}`)).status, 404);

  const merged = await staff.post(both, { survivor: other?.id ?? '', confirmed: 'true' });
  t.is(merged.location, `/admin/people/${other?.id}`);
  const { body } = await staff.get(merged.location ?? '');
  t.regex(body, /The two records are one now\./);
  t.regex(body, /Zoé Lefevre/, 'what the survivor lacked is filled in, what it said counts');
  for (const kept of ['zoe@a.example', 'zoe@b.example', 'élue']) t.true(body.includes(kept), kept);
  t.is((await staff.get(page)).location, `/admin/people/${other?.id}`);
  t.is((await staff.post(both, { survivor: other?.id ?? '', confirmed: 'true' })).status, 404);
  const { rows } = await app.house.database.db.raw(
    `select count(*)::int as count from core.audit where act like '%person.merged'`,
  );
  t.is(rows[0].count, 1);
});

test('a chapter merges only whom nobody else in the party knows', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const [lyon, nice] = [await app.chapter('Lyon'), await app.chapter('Nice')];
  const make = (email: string, organizationId: string) =>
    people.upsert(app.scope(organizationId), { emailAddress: email, source: 'test' });
  const mine = await make('a@x.example', lyon);
  const shared = await make('b@x.example', lyon);
  await make('b@x.example', nice);
  const hidden = await make('c@x.example', nice);
  const staff = await app.staff('organiser', lyon);
  const page = `/admin/@lyon/people/${mine.id}/merge`;
  t.is((await staff.get(`${page}/${hidden.id}`)).status, 404);
  const form = { survivor: mine.id, confirmed: 'true' };
  t.is((await staff.post(`${page}/${hidden.id}`, form)).status, 404);
  const refused = await staff.post(`${page}/${shared.id}`, form);
  t.is(refused.status, 422);
  t.regex(refused.body, /Another part of the party knows/);
  const own = await make('d@x.example', lyon);
  t.is((await staff.post(`${page}/${own.id}`, form)).status, 303);
  const volunteer = await app.staff('chapter-volunteer', lyon);
  t.is((await volunteer.get(page)).status, 403);
});

test('the pages of a merge can be used by all, small and large', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const people = makePeople(depsOf(app.get('people')));
  const [one, other] = await people.upsertMany(
    app.scope(),
    twins.map((fields) => ({ ...fields, source: 'test' })),
  );
  const { cookies } = await app.staff();
  for (const width of [390, 1440]) {
    const { page, violations } = await openBrowser(t, { width, dark: width === 390 });
    await page
      .context()
      .addCookies([...cookies].map(([name, value]) => ({ name, value, url: app.url })));
    for (const path of ['merge?q=lefevre', `merge/${other?.id}`]) {
      await page.goto(`${app.url}/admin/people/${one?.id}/${path}`);
      t.deepEqual(await violations(), [], path);
      t.is(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, path);
    }
  }
});

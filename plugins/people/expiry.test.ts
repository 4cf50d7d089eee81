// Occasional contacts go on the day that the law names, after staff were told; who has become more stays.
import test, { type ExecutionContext } from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { findExpiries } from './expiry.sql.ts';
import { expire } from './expiry.ts';
import { Consents, Newsletters, People } from './index.ts';

async function start(t: ExecutionContext, jurisdiction = 'fr'): Promise<App> {
  const app = await makeApp(t, { jurisdiction });
  app.clock.set(new Date('2026-01-10T10:00:00Z'));
  return app;
}

function add(app: App, name: string, relation = 'occasional_contact'): Promise<string> {
  const fields = { emailAddress: `${name}@example.org`, givenName: name, source: 'test' };
  const people = app.get('people')(People);
  return people
    .upsert(app.scope(), { ...fields, relation: relation as never })
    .then(({ id }) => id);
}

const run = (app: App) => expire(app.scope(), depsOf(app.get('people')));
const listed = async (app: App, scope = app.scope()) =>
  (await findExpiries(scope, { limit: 9 })).map(({ id, goesOn }) => [id, goesOn]);
const isThere = async (app: App, id: string) =>
  (await app.get('people')(People).find(app.scope(), id)) !== undefined;

test('an occasional contact is told of a month before and erased two months after, not a day sooner', async (t) => {
  const app = await start(t);
  const id = await add(app, 'Ada');
  const member = await add(app, 'Bo', 'member');
  // To be counted is no word of keeping in touch.
  await app
    .get('people')(Consents)
    .give(app.scope(), {
      ...{ personId: id, channel: 'email', purpose: 'measure', locale: 'fr', source: 'test' },
      ...{ wording: 'Oui', evidence: { form: '1' } },
    });
  const at = (date: string) => app.clock.set(new Date(`${date}T10:00:00Z`));
  at('2026-02-07');
  t.deepEqual(await run(app), { warned: 0, erased: 0 });
  at('2026-02-08');
  t.deepEqual(await run(app), { warned: 1, erased: 0 });
  t.deepEqual(await listed(app), [[id, '2026-03-10']]);
  const staff = await app.staff('data-protection');
  t.regex((await staff.get('/admin')).body, /One occasional contact may soon no longer be kept/);
  t.regex((await staff.get('/admin/people/expiry')).body, /Ada/);
  at('2026-03-09');
  t.deepEqual(await run(app), { warned: 0, erased: 0 });
  at('2026-03-10');
  t.deepEqual(await run(app), { warned: 0, erased: 1 });
  t.false(await isThere(app, id));
  t.true(await isThere(app, member));
  const { rows } = await app
    .scope()
    .db.raw(`select count(*)::int as n from core.audit where act = 'people.person.expired'`);
  t.is(rows[0].n, 1);
});

test('whose time ended long ago is told of first: nobody goes without a month’s warning', async (t) => {
  const app = await start(t);
  const id = await add(app, 'Ada');
  app.clock.set(new Date('2026-11-01T10:00:00Z'));
  t.deepEqual(await run(app), { warned: 1, erased: 0 });
  t.deepEqual(await listed(app), [[id, '2026-12-01']]);
});

test('who subscribes, agrees or is known to keep in touch stays', async (t) => {
  const app = await start(t);
  const [subscriber, agreed, regular] = [
    await add(app, 'A'),
    await add(app, 'B'),
    await add(app, 'C'),
  ];
  app.clock.set(new Date('2026-02-20T10:00:00Z'));
  t.is((await run(app)).warned, 3);
  const newsletters = app.get('people')(Newsletters);
  const [letter] = await newsletters.list(app.scope());
  await newsletters.subscribe(app.scope(), subscriber, letter?.id ?? '');
  const consent = { channel: 'email', purpose: 'campaign', locale: 'fr', source: 'test' };
  const proof = { wording: 'Oui', evidence: { form: '1' } };
  await app
    .get('people')(Consents)
    .give(app.scope(), { ...consent, ...proof, personId: agreed });
  const staff = await app.staff('data-protection');
  t.is((await staff.post(`/admin/people/expiry/${regular}`, { why: ' ' })).status, 422);
  const kept = await staff.post(`/admin/people/expiry/${regular}`, {
    why: 'Came to three meetings',
  });
  t.is(kept.status, 303);
  app.clock.set(new Date('2026-05-01T10:00:00Z'));
  t.deepEqual(await run(app), { warned: 0, erased: 0 });
  t.deepEqual(await listed(app), []);
  for (const id of [subscriber, agreed, regular]) t.true(await isThere(app, id));
});

test('a no to one chapter takes nothing from a yes to the party', async (t) => {
  const app = await start(t);
  const [personId, lyon] = [await add(app, 'Ada'), await app.chapter('Lyon')];
  const consents = app.get('people')(Consents);
  const said = { personId, channel: 'email', purpose: 'campaign', locale: 'fr', source: 'test' };
  await consents.give(app.scope(), { ...said, wording: 'Oui', evidence: { form: '1' } });
  const no = { ...said, wording: '', evidence: {}, organizationId: lyon };
  await consents.withdraw(app.scope(), no);
  app.clock.set(new Date('2026-04-01T10:00:00Z'));
  t.deepEqual(await run(app), { warned: 0, erased: 0 });
});

test('where no law sets a time, nobody goes', async (t) => {
  const app = await start(t, 'us');
  await add(app, 'Ada');
  app.clock.set(new Date('2027-11-01T10:00:00Z'));
  t.deepEqual(await run(app), { warned: 0, erased: 0 });
});

test('a sister chapter sees nobody of it, and may keep nobody', async (t) => {
  const app = await start(t);
  const [lyon, nice] = [await app.chapter('Lyon'), await app.chapter('Nice')];
  const fields = { emailAddress: 'ada@example.org', source: 'test', organizationId: lyon };
  const people = app.get('people')(People);
  const { id } = await people.upsert(app.scope(), { ...fields, relation: 'occasional_contact' });
  app.clock.set(new Date('2026-04-01T10:00:00Z'));
  await run(app);
  t.is((await listed(app, app.scope(lyon))).length, 1);
  t.deepEqual(await listed(app, app.scope(nice)), []);
  const staff = await app.staff('data-protection', nice);
  t.is((await staff.post(`/admin/@nice/people/expiry/${id}`, { why: 'Known well' })).status, 404);
});

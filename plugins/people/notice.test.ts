// Who came in by a list is told whence: they have their day, stand on a list until they were told, and are told once.
import test, { type ExecutionContext } from 'ava';
import { type App, makeApp, openBrowser } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { NoticeCarrier, People, RightsDesk } from './index.ts';
import { findNotices } from './notice.sql.ts';
import { watchNotices } from './notice.ts';
import { mergePeople } from './rights.ts';
import { suppress } from './suppression.ts';

async function start(t: ExecutionContext, jurisdiction = 'fr') {
  const app = await makeApp(t, { jurisdiction });
  const get = app.get('people');
  const notifiers = { carriers: get.many(NoticeCarrier), rightsDesks: get.many(RightsDesk) };
  const add = async (name: string, source: string, more = {}) => {
    const fields = { emailAddress: `${name}@x.example`, givenName: name, source, ...more };
    return (await get(People).upsert(app.scope(), fields)).id;
  };
  const watch = () => watchNotices(app.scope(), notifiers);
  const listed = async () =>
    (await findNotices(app.scope(), { limit: 9 })).map(({ id, dueOn }) => [id, dueOn]);
  return { app, add, watch, listed };
}

async function mails(app: App): Promise<{ recipient: string; view: string; data: string }[]> {
  const { rows } = await app
    .scope()
    .db.raw(`select to_address as recipient, view, html as data from core.outbox order by id`);
  return rows;
}

test('whom a list brought in is to be told within a month, and whoever gave their own data is not', async (t) => {
  const { add, watch, listed, app } = await start(t);
  app.clock.set(new Date('2026-11-30T23:30:00Z'));
  const listedOne = await add('Ana', 'import');
  await add('Bo', 'website.sign-up');
  await add('Cy', 'staff');
  t.deepEqual(await listed(), []);
  await watch();
  t.deepEqual(await listed(), [[listedOne, '2027-01-01']], 'a month after 1 December in Paris');
  await watch();
  t.is((await listed()).length, 1);
});

test('where no law asks for it nobody is listed, but who lives where one does', async (t) => {
  const { add, watch, listed } = await start(t, 'us');
  await add('Ana', 'import', { postalAddress: { country: 'US', locality: 'Ohio' } });
  const french = await add('Bo', 'import', { postalAddress: { country: 'FR', locality: 'Lyon' } });
  await watch();
  t.deepEqual(
    (await listed()).map(([id]) => id),
    [french],
  );
});

test('staff write to all who can be written to, once, with what is kept, whence, and how to object', async (t) => {
  const { app, add, watch, listed } = await start(t);
  await add('Ana', 'import');
  const stopped = await add('Bo', 'import');
  await suppress(app.scope(), depsOf(app.get('people')), {
    ...{ personId: stopped, kind: 'email', address: 'bo@x.example', reason: 'objection' },
  });
  await watch();
  const staff = await app.staff('organiser');
  t.regex((await staff.get('/admin')).body, /2 people whom lists brought in are still to be told/);
  const page = await staff.get('/admin/people/notices');
  t.regex(page.body, /Ana[\s\S]*By mail/);
  t.regex(page.body, /No open e-mail address/);
  t.regex(page.body, /GDPR, art\. 14\(3\)/);
  t.is((await staff.post('/admin/people/notices', {})).status, 303);
  await app.drain();
  t.deepEqual(
    (await mails(app)).map(({ recipient, view }) => [recipient, view]),
    [['ana@x.example', 'people/notice']],
  );
  const [mail] = await mails(app);
  t.regex(mail?.data ?? '', /ana@x\.example[\s\S]*\/my-data/);
  t.deepEqual(
    (await listed()).map(([id]) => id),
    [stopped],
  );
  await staff.post('/admin/people/notices', {});
  await app.drain();
  t.is((await mails(app)).length, 1, 'nobody is told twice');
  const told = `/admin/people/notices/${stopped}`;
  const bare = await staff.post(told, { why: ' ' });
  t.is(bare.status, 422);
  t.is((await staff.post(told, { why: 'By letter of 24 November' })).status, 303);
  t.deepEqual(await listed(), []);
  t.is((await staff.post(told, { why: 'Once more' })).status, 404);
  const volunteer = await app.staff('chapter-volunteer');
  t.is((await volunteer.get('/admin/people/notices')).status, 403);
});

test('who is late stands on the home in red; of two records that become one, both were told or the one is', async (t) => {
  const { app, add, watch, listed } = await start(t);
  const first = await add('Ana', 'import');
  app.clock.set(new Date('2026-11-26T10:00:00Z'));
  const second = await add('Anna', 'import');
  await watch();
  const staff = await app.staff();
  await staff.post(`/admin/people/notices/${first}`, { why: 'By letter' });
  await mergePeople(app.scope(), depsOf(app.get('people')), second, first);
  t.deepEqual(await listed(), [[first, '2026-12-24']]);
  app.clock.set(new Date('2026-12-26T10:00:00Z'));
  t.regex(
    (await app.staff().then((one) => one.get('/admin'))).body,
    /still to be told\. One is overdue/,
  );
});

for (const way of [
  { width: 1440, dark: false, locale: 'en' },
  { width: 360, height: 780, dark: true, locale: 'fr' },
]) {
  test(`the list of who is still to be told, at ${way.width} pixels, breaks no rule and fits`, async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: way.locale });
    const browser = await openBrowser(t, way);
    const enter = async () => {
      const staff = await app.staff();
      await app.scope().db('core.account').update({ locale: way.locale });
      const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
      await browser.page.context().addCookies(cookies);
    };
    const see = async (path: string, name: string) => {
      await browser.page.goto(`${app.url}${path}`);
      await browser.shot(`notices-${name}-${way.width}`);
      t.deepEqual(await browser.violations(), [], path);
      t.is(await browser.overflow(), 0, path);
    };
    await enter();
    await see('/admin/people/notices', 'none');
    const get = app.get('people');
    const fields = { emailAddress: 'ana@x.example', givenName: 'Ana', source: 'import' };
    const { id } = await get(People).upsert(app.scope(), fields);
    const none = { carriers: () => [], rightsDesks: () => [] };
    await watchNotices(app.scope(), none);
    app.clock.set(new Date('2027-01-24T10:00:00Z'));
    await enter();
    await see('/admin/people/notices', 'late');
    await see(`/admin/people/notices/${id}`, 'told');
    await see('/admin', 'home');
  });
}

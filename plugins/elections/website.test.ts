// What goes out and what comes out while an election commands silence: the outbox tells, the site keeps still.
import test from 'ava';
import { type App, type Client, makeApp, startMailSink } from 'rostra/testing';

test('a page that was planned into a silence which nobody knew of comes out when that is over', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T21:00:00Z' });
  const staff = await app.staff();
  await app.visitor().get('/');
  const planned = { when: 'at', publishAt: '2027-04-10T09:00' };
  const page = { title: 'Planned', body: '<p>Words</p>', inMenu: 'false', ...planned };
  t.is((await staff.post('/admin/website/pages/new', page)).status, 303);
  await staff.post('/admin/elections/new', {
    ...{ name: 'Presidential', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  await app.drain();
  const read = async (when: string) => {
    app.clock.set(when);
    return (await app.visitor().get('/planned')).status;
  };
  t.is(await read('2027-04-10T07:00:01Z'), 404);
  t.is(await read('2027-04-11T17:59:59Z'), 404);
  t.is(await read('2027-04-11T18:00:00Z'), 200);
});

test('in silence the outbox says what waits, and nothing new is published; drafts and later dates are kept', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T21:00:00Z' });
  const staff = await app.staff();
  await staff.post('/admin/elections/new', {
    ...{ name: 'Presidential', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  await app.visitor().get('/');
  const page = { title: 'Our answer', body: '<p>Words</p>', inMenu: 'false' };
  const publish = (more: object) =>
    staff.post('/admin/website/pages/new', { ...page, when: 'now', ...more });
  t.is((await publish({ title: 'Before' })).status, 303);
  const later = { when: 'at', publishAt: '2027-04-10T09:00' };
  t.is((await publish({ title: 'Planned into it', ...later })).status, 422);

  app.clock.set('2027-04-09T22:00:00Z');
  const refused = await publish({});
  t.is(refused.status, 422);
  t.regex(refused.body, /nothing new may be published until April 11, 2027 at 20:00 GMT\+2/);
  t.regex(refused.body, /value="Our answer"/);
  t.is((await publish({ title: 'A draft', when: 'draft' })).status, 303);
  const after = { when: 'at', publishAt: '2027-04-11T20:00' };
  t.is((await publish({ title: 'Afterwards', ...after })).status, 303);
  t.is((await app.visitor().get('/before')).status, 200);

  await app.house.mail('core').send(app.scope(), {
    ...{ to: 'anna@example.org', view: 'mail/test', data: {}, bulk: true },
  });
  const outbox = (await staff.get('/admin/outbox')).body;
  t.regex(
    outbox,
    /1 message to many waits until April 11, 2027 at 20:00 GMT\+2 \(Presidential; Code électoral/,
  );
  const [row] = await app.scope().db('core.outbox').select('id');
  t.regex((await staff.get(`/admin/outbox/${row.id}`)).body, /waits until April 11, 2027/);
});

const presidential = {
  ...{ name: 'Presidential', kind: 'presidential', constituency: 'France', country: 'FR' },
  ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
};
const eve = { when: 'at', publishAt: '2027-04-10T09:00' };

/** Whoever has planned a page for the eve, at the party or a chapter. */
async function planFor(app: App, chapter?: string): Promise<Client> {
  const staff = await app.staff('administrator', chapter && (await app.chapter(chapter)));
  const home = `/admin${chapter ? `/@${chapter.toLowerCase()}` : ''}/website`;
  await staff.get(home);
  const page = { title: `Of ${chapter ?? 'us'}`, body: '<p>Words</p>', inMenu: 'false', ...eve };
  await staff.post(`${home}/pages/new`, page);
  return staff;
}

async function plannedFor(app: App): Promise<Record<string, string>> {
  const rows = await app.scope().db('website.page').where('title', 'like', 'Of %').select();
  return Object.fromEntries(rows.map((row) => [row['title'], row['publish_at'].toISOString()]));
}
const [asPlanned, afterwards] = ['2027-04-10T07:00:00.000Z', '2027-04-11T18:00:00.000Z'];

test('only pages of organizations that the election concerns wait, whoever enters or changes it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T20:00:00Z' });
  const [lyon] = [await planFor(app, 'Lyon'), await planFor(app, 'Nice')];
  const party = await planFor(app);
  const at = (await lyon.post('/admin/@lyon/elections/new', presidential)).location ?? '';
  await app.drain();
  const waiting = { 'Of Lyon': afterwards, 'Of Nice': asPlanned, 'Of us': afterwards };
  t.deepEqual(await plannedFor(app), waiting);
  const id = at.split('/').at(-1);
  await party.post(`/admin/elections/${id}/edit`, { ...presidential, name: 'Renamed' });
  await app.drain();
  t.deepEqual(await plannedFor(app), waiting);
});

test('an election that moves or goes lets what waits go on at once, pages and mail', async (t) => {
  const sink = await startMailSink(t);
  const now = '2027-04-09T20:00:00Z';
  const app = await makeApp(t, { jurisdiction: 'fr', now, smtpUrl: sink.url });
  for (const chapter of ['Lyon', 'Nice']) await planFor(app, chapter);
  const staff = await planFor(app);
  const at = (await staff.post('/admin/elections/new', presidential)).location ?? '';
  const both = (when: string) => ({ 'Of Lyon': when, 'Of Nice': when, 'Of us': when });
  await app.drain();
  t.deepEqual(await plannedFor(app), both(afterwards));
  await staff.post(`${at}/edit`, { ...presidential, day1: '2027-05-09' });
  await app.drain();
  t.deepEqual(await plannedFor(app), both(asPlanned));
  await staff.post(`${at}/edit`, presidential);
  await app.drain();
  t.deepEqual(await plannedFor(app), both(afterwards));

  app.clock.set('2027-04-10T08:00:00Z');
  t.is((await app.visitor().get('/of-us')).status, 404);
  const many = { to: 'anna@example.org', view: 'mail/test', data: {}, bulk: true };
  await app.house.mail('core').send(app.scope(), many);
  await app.drain();
  t.deepEqual(sink.readers, []);
  await (await app.staff()).post(`${at}/delete`, {});
  await app.drain();
  // Their own time is past: they come out now.
  t.deepEqual(await plannedFor(app), both('2027-04-10T08:00:00.000Z'));
  t.is((await app.visitor().get('/of-us')).status, 200);
  await app.house.mail('core').send(app.scope(), { ...many, to: 'bo@example.org' });
  await app.drain();
  // In which order two that go out together arrive is the servers' affair.
  t.deepEqual([...sink.readers].sort(), ['anna@example.org', 'bo@example.org']);
});

test('what staff plan anew while it waits is not taken back to its first time', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-09T20:00:00Z' });
  const staff = await app.staff();
  await staff.get('/admin/website');
  const page = { title: 'Of us', body: '<p>Words</p>', inMenu: 'false', ...eve };
  const made = (await staff.post('/admin/website/pages/new', page)).location ?? '';
  const at = (await staff.post('/admin/elections/new', presidential)).location ?? '';
  await app.drain();
  const later = { ...page, publishAt: '2027-04-12T09:00', version: '2' };
  t.is((await staff.post(made, later)).status, 303);
  await staff.post(`${at}/delete`, {});
  await app.drain();
  t.deepEqual(await plannedFor(app), { 'Of us': '2027-04-12T07:00:00.000Z' });
});

// What goes out and what comes out while an election commands silence: the outbox tells, the site keeps still.
import test from 'ava';
import { makeApp } from 'rostra/testing';

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

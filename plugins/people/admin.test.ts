import test from 'ava';
import { makeApp } from 'rostra/testing';

test.serial(
  'staff add a person, find them as they type, and read what may be done with them',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
    const staff = await app.staff();
    const empty = await staff.get('/admin/people');
    t.is(empty.status, 200);
    t.regex(empty.body, /Nobody is here yet/);

    t.is((await staff.get('/admin/people/new')).status, 200);
    const wrong = await staff.post('/admin/people/new', { givenName: 'Zoé', emailAddress: 'zoé@' });
    t.is(wrong.status, 422);
    t.regex(wrong.body, /value="Zoé"/, 'what was typed is still there');
    const made = await staff.post('/admin/people/new', {
      givenName: 'Zoé',
      familyName: 'Lefèvre',
      emailAddress: 'Zoe@Example.org',
      phoneNumber: '06 12 34 56 78',
      relation: 'member',
      tags: 'tractage, élue',
    });
    t.is(made.status, 303);
    const address = made.location ?? '';

    for (const q of ['lefevre', 'ZOÉ', 'example.org', '0612345678', 'zo lef']) {
      const found = await staff.get(`/admin/people?q=${encodeURIComponent(q)}`);
      t.regex(found.body, /Zoé Lefèvre/, q);
    }
    const none = await staff.get('/admin/people?q=nobody');
    t.regex(none.body, /Nobody fits/);

    const profile = await staff.get(address);
    t.is(profile.status, 200);
    t.regex(profile.body, /\+33 6 12 34 56 78/);
    t.regex(profile.body, /agreed to receive e-mail/i, 'why not by e-mail');
    const id = address.split('/').at(-1);
    for (const page of ['edit', 'history', 'consent', 'suppress', 'erase']) {
      t.is((await staff.get(`/admin/people/${id}/${page}`)).status, 200, page);
    }
    for (const page of ['newsletters', 'newsletters/new', 'import', 'export']) {
      t.is((await staff.get(`/admin/people/${page}`)).status, 200, page);
    }
    const home = await staff.get('/admin');
    t.is(home.status, 200);
  },
);

test('an address that was tampered with is answered, not broken', async (t) => {
  const app = await makeApp(t);
  const staff = await app.staff();
  const cursor = Buffer.from('["dupont","1"]').toString('base64url');
  t.is((await staff.get(`/admin/people?sort=newest&after=${cursor}`)).status, 200);
  const bulk = await staff.post('/admin/people/bulk', { person: ['x'], act: 'tag', label: 'a' });
  t.is(bulk.status, 303);
});

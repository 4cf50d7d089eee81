// What only the party itself decides of its chapters: their law and their hosts.
import test from 'ava';
import { makeApp } from '../testing/index.ts';

test('a chapter’s own staff change neither its law nor its hosts', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await app.chapter('Lyon');
  const staff = await app.staff('administrator', id);
  const form = { name: 'Lyon', jurisdiction: 'fr', locale: 'en', timeZone: 'Europe/Paris' };
  const page = `/admin/@lyon/organizations/${id}`;
  const freed = await staff.post(page, { ...form, jurisdiction: 'us' });
  t.is(freed.status, 422);
  t.regex(freed.body, /<a href="#f-jurisdiction">Only the party/);
  // The party has no host of its own yet, so it answers wherever it is asked.
  const taken = await staff.post(page, { ...form, hosts: 'localhost' });
  t.is(taken.status, 422);
  t.regex(taken.body, /<a href="#f-hosts">Only the party/);
  const below = { name: 'Vaise', slug: 'vaise' };
  for (const [field, value] of Object.entries({ jurisdiction: 'us', hosts: 'localhost' })) {
    const made = await staff.post('/admin/@lyon/organizations/new', { ...below, [field]: value });
    t.is(made.status, 422);
  }
  t.is(app.house.organizations.find(id)?.jurisdiction, 'fr');
  t.is(app.house.organizations.byHost('localhost')?.parentId, undefined);
  t.is(app.house.organizations.bySlug('vaise'), undefined);
  t.is((await staff.post(page, { ...form, name: 'Lyon et environs' })).status, 303);
  t.is((await staff.post('/admin/@lyon/organizations/new', below)).status, 303);
});

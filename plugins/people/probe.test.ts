import test from 'ava';
import { makeApp } from 'rostra/testing';
test('probe', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  for (const p of app.house.registry.all()) console.log(p.manifest.id, p.state, p.fault, app.house.registry.standing(p.manifest.id, app.house.organizations.root()!));
  const staff = await app.staff();
  for (const a of ['/admin/people','/admin/people/','/admin/people/new','/admin']) { const r = await staff.get(a); console.log(a, r.status, r.location, r.body.slice(0,300)); }
  t.pass();
});

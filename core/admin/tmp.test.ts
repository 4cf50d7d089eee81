import test from 'ava';
import { makeApp } from '../testing/index.ts';
import { makePlugin } from './fixture.ts';
test('x', async (t) => {
  const app = await makeApp(t, { plugins: [makePlugin(t, 'greeter')] });
  const staff = await app.staff();
  const a = await staff.get('/admin/greeter');
  console.log(a.status, a.body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 400));
  const p = app.house.registry.find('greeter');
  console.log(p?.state, p?.fault, p?.contributions, app.house.registry.standing('greeter', app.house.organizations.root()!));
  t.pass();
});

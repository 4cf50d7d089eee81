// The page of the trail, as staff read it.
import test from 'ava';
import { makeApp } from '../testing/index.ts';

test('the trail says in words what was done, and beside it how it is named', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', locale: 'fr' });
  const staff = await app.staff();
  await app.house.database.db.raw(`update core.account set locale = 'fr'`);
  await staff.post('/admin/backups', {});
  await app.house.audit.record(app.scope(), {
    act: 'thing.made',
    subject: { type: 'thing', id: '7' },
  });
  const account = { type: 'account', id: '8' };
  await app.house.audit.record(app.scope(), { act: 'staff.invited', subject: account });
  const { body } = await staff.get('/admin/audit');
  t.regex(body, /Sauvegarde demandée<br><span[^>]*>core\.backup\.asked/);
  t.regex(body, /core\.thing\.made/, 'what has no words stands as it is named');
  t.regex(body, /thing 7/);
  t.regex(body, /Compte 8/);
});

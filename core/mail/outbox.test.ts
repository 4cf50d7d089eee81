// Who may read which message in the outbox.
import test from 'ava';
import { makeApp } from '../testing/index.ts';
import { findOutbox } from './outbox.sql.ts';

test('a link that opens an account is read by those alone who manage accounts', async (t) => {
  const app = await makeApp(t);
  await app.visitor().post('/account/log-in-link', { email: 'ada@example.org', purpose: 'reset' });
  const [mail] = await findOutbox(app.scope(), { limit: 1 });
  t.is(mail?.to, 'ada@example.org');
  const page = `/admin/outbox/${mail?.id}`;
  for (const role of ['organiser', 'data-protection'] as const) {
    const staff = await app.staff(role);
    t.is((await staff.get('/admin/outbox')).status, 200, role);
    for (const path of [page, `${page}/html`]) {
      const { status, body } = await staff.get(path);
      t.is(status, 403, role);
      t.notRegex(body, /account\/link/);
    }
  }
  t.regex((await (await app.staff()).get(page)).body, /account\/link/);
});

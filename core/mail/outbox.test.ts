// Who may read which message in the outbox.
import test from 'ava';
import { type App, makeApp } from '../testing/index.ts';
import { findOutbox } from './outbox.sql.ts';

/** A link to log in by, and a sign-up to confirm: each opens something to whoever has it. */
async function keysOf(app: App): Promise<Record<string, string>> {
  await app.visitor().post('/account/log-in-link', { email: 'ada@example.org', purpose: 'reset' });
  await app.visitor().get('/');
  await app.visitor().post('/join', { email: 'jeanne@example.org' });
  const mails = await findOutbox(app.scope(), { limit: 9 });
  return Object.fromEntries(mails.map((mail) => [mail.to, mail.id]));
}

test('a message that carries a key shows its body to those alone who manage the settings', async (t) => {
  const app = await makeApp(t);
  const keys = await keysOf(app);
  t.deepEqual(Object.keys(keys).sort(), ['ada@example.org', 'jeanne@example.org']);
  const link = /account\/link\/|\/confirm\/[\w-]/;
  for (const [to, id] of Object.entries(keys)) {
    const page = `/admin/outbox/${id}`;
    for (const role of ['organiser', 'data-protection'] as const) {
      const staff = await app.staff(role);
      const shown = await staff.get(page);
      t.is(shown.status, 200, role);
      t.true(shown.body.includes(to));
      t.regex(shown.body, /carries a key/);
      t.notRegex(shown.body, link);
      t.notRegex(shown.body, /<iframe/);
      const html = await staff.get(`${page}/html`);
      t.is(html.status, 403, role);
      t.notRegex(html.body, link);
    }
    const administrator = await app.staff();
    t.regex((await administrator.get(page)).body, link);
    t.regex((await administrator.get(`${page}/html`)).body, link);
  }
});

test('a message without a key is read by all who read the outbox', async (t) => {
  const app = await makeApp(t);
  const administrator = await app.staff();
  await administrator.post('/admin/settings/test-mail', { to: 'test@example.org' });
  const [mail] = await findOutbox(app.scope(), { limit: 1 });
  const staff = await app.staff('organiser');
  const page = await staff.get(`/admin/outbox/${mail?.id}`);
  t.regex(page.body, /<iframe/);
  t.notRegex(page.body, /carries a key/);
  t.is((await staff.get(`/admin/outbox/${mail?.id}/html`)).status, 200);
});

test('the copy for a person tells of such a message without its key', async (t) => {
  const app = await makeApp(t);
  const message = { to: 'anna@example.org', view: 'mail/test', data: {}, personId: '7' };
  await app.house.mail('core').send(app.scope(), { ...message, holdsKey: true });
  const told = [];
  for await (const { table, row } of app.house.subjects.export(app.scope(), '7')) {
    if (table === 'core.outbox') told.push(row);
  }
  t.is(told.length, 1);
  t.is(told[0]?.['text'], null);
  t.regex(String(told[0]?.['subject']), /Test message/);
});

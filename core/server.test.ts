import test from 'ava';
import { makeApp } from './testing/app.ts';

test.serial('a party that is set up has an admin behind a log-in', async (t) => {
  const app = await makeApp(t);
  const answer = await app.visitor().get('/admin');
  t.is(answer.status, 303);
  t.regex(answer.location ?? '', /^\/account\/log-in\?next=/);
  const staff = await app.staff();
  const home = await staff.get('/admin');
  t.is(home.status, 200);
  t.regex(home.body, /Parti de l’Exemple/);
});

test.serial(
  'before the party is set up there is only the setup page, behind its link',
  async (t) => {
    const app = await makeApp(t, { isSetUp: false, isFresh: true });
    const visitor = app.visitor();
    for (const path of ['/', '/admin/outbox']) {
      const answer = await visitor.get(path);
      t.is(answer.status, 503);
      t.regex(answer.body, /no party has been set up/);
    }
    t.is((await visitor.get('/setup/not-the-link')).status, 403);
  },
);

test.serial('a worker that starts later leaves the link of the web process alone', async (t) => {
  const { createSetupLink } = await import('./accounts/link.ts');
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const link = new URL(await createSetupLink(app.house)).pathname;
  const databaseUrl = app.house.database.url;
  await makeApp(t, { isSetUp: false, databaseUrl, role: 'worker' });
  t.is((await app.visitor().get(link)).status, 200);
});

test.serial('the setup link opens a party, once', async (t) => {
  const { createSetupLink } = await import('./accounts/link.ts');
  const app = await makeApp(t, { isSetUp: false, isFresh: true });
  const visitor = app.visitor();
  const link = new URL(await createSetupLink(app.house)).pathname;
  const page = await visitor.get(link);
  t.is(page.status, 200);
  const answers = {
    jurisdiction: 'fr',
    party: 'Parti Pirouette',
    locale: 'fr',
    timeZone: 'Europe/Paris',
    controller: '',
    address: '',
    contact: '',
    publicationDirector: '',
    host: '',
    name: 'Zoé',
    email: 'zoe@example.org',
    password: 'court',
  };
  const refused = await visitor.post(link, answers);
  t.is(refused.status, 422);
  t.regex(refused.body, /value="Parti Pirouette"/);
  t.regex(refused.body, /aria-invalid/);
  const whole = { ...answers, password: 'quatre mots sans rapport' };
  const unread = await visitor.post(link, whole);
  t.is(unread.status, 422);
  t.regex(unread.body, /href="#f-acknowledged"/);
  const done = await visitor.post(link, { ...whole, acknowledged: 'true' });
  t.is(done.status, 303);
  t.is(done.location, '/admin');
  t.is((await visitor.get('/admin')).status, 200);
  t.not((await app.visitor().get(link)).status, 200);
  const { rows } = await app.house.database.db.raw(
    `select subject_id, details from core.audit a join core.audit_detail d on d.audit_id = a.id
     where act = 'core.law.acknowledged'`,
  );
  t.like(rows, [{ subject_id: 'fr', details: { where: 'page', by: 'Zoé' } }]);
});

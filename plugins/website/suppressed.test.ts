// A form is no way round "never again": nothing is written, nothing is mailed, and the answer does not tell.
import test, { type ExecutionContext } from 'ava';
import { Consents, People } from 'rostra/people';
import { Mail } from 'rostra/plugin';
import { type App, makeApp } from 'rostra/testing';
import { depsOf } from './deps.ts';
import { claim } from './sign-up.ts';

const start = (t: ExecutionContext): Promise<App> =>
  makeApp(t, { jurisdiction: 'fr', locale: 'fr' });

async function personWith(app: App, emailAddress: string): Promise<string> {
  const people = app.get('website')(People);
  return (await people.upsert(app.scope(), { emailAddress, source: 'test' })).id;
}

async function askedToStop(app: App, email: string): Promise<string> {
  const id = await personWith(app, email);
  const staff = await app.staff();
  const form = { way: `email:${email}`, deed: 'suppress' };
  const { status } = await staff.post(`/admin/people/${id}/suppress`, form);
  if (status !== 303) throw new Error(`suppressing answered ${status}`);
  return id;
}

/** As the link in a newsletter's foot would. */
async function unsubscribed(app: App, email: string): Promise<void> {
  await app.house.database.db.raw(
    `insert into people.suppression (kind, hash, organization_id, reason, at)
     values ('email', people.keyed_hash('email', :email), :organizationId, 'unsubscribed', :now)`,
    { email, organizationId: app.scope().organization.id, now: app.clock.now() },
  );
}

async function tracesOf(app: App, email: string): Promise<number> {
  const found = await app.house.database.db.raw(
    `select (select count(*) from website.submission where email = :email)
       + (select count(*) from core.outbox where to_address = :email) as n`,
    { email },
  );
  return Number(found.rows[0].n);
}

async function signUp(app: App, email: string) {
  const visitor = app.visitor();
  await visitor.get('/rejoindre');
  const form = { email, emailConsent: 'true' };
  const { status, location, body, headers } = await visitor.post('/rejoindre', form);
  const told = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return { status, location, body, told };
}

test('who asked never to be written to again is answered like anybody, and gets nothing', async (t) => {
  const app = await start(t);
  const email = 'stop@example.org';
  await askedToStop(app, email);
  const other = await signUp(app, 'new@example.org');
  t.is(other.status, 303);
  t.deepEqual(await signUp(app, 'STOP@example.org'), other);
  t.is(await tracesOf(app, email), 0);
  t.is(await tracesOf(app, 'new@example.org'), 2);
});

test('what was said to one chapter holds for the forms of all, also after an erasure', async (t) => {
  const app = await start(t);
  const email = 'gone@example.org';
  const id = await personWith(app, email);
  const staff = await app.staff();
  const erased = await staff.post(`/admin/people/${id}/erase`, { typed: email, suppress: 'true' });
  t.is(erased.status, 303, erased.body);
  const chapter = app.scope(await app.chapter('Lyon'), { kind: 'visitor' });
  const { rows } = await app
    .scope()
    .db.raw(`select id from website.page where kind = 'sign_up' limit 1`);
  const given = { pageId: rows[0]?.id, email, consents: [], newsletters: [] };
  t.true(await claim(chapter, depsOf(app.get('website')), given, 'here'));
  t.is(await tracesOf(app, email), 0);
});

test('who unsubscribed may come back by the own mailbox, and is written to again', async (t) => {
  const app = await start(t);
  const email = 'back@example.org';
  await unsubscribed(app, email);
  const consents = app.get('website')(Consents);
  t.true(await consents.isSuppressed(app.scope(), 'email', email));
  await signUp(app, email);
  t.is(await tracesOf(app, email), 2);
  t.true(await consents.isSuppressed(app.scope(), 'email', email), 'not before it is confirmed');
  const { rows } = await app
    .scope()
    .db.raw('select html from core.outbox order by id desc limit 1');
  const token = /\/confirm\/([\w-]+)/.exec(rows[0].html)?.[1];
  t.is((await app.visitor().post(`/confirm/${token}`, {})).status, 303);
  t.false(await consents.isSuppressed(app.scope(), 'email', email));
  const person = await app.get('website')(People).findByEmail(app.scope(), email);
  t.true(await consents.holds(app.scope(), person?.id ?? '', 'email', 'newsletter'));
});

test('an objection that came after the claim is not undone by confirming it', async (t) => {
  const app = await start(t);
  const email = 'late@example.org';
  await signUp(app, email);
  const { rows } = await app
    .scope()
    .db.raw('select html from core.outbox order by id desc limit 1');
  const token = /\/confirm\/([\w-]+)/.exec(rows[0].html)?.[1];
  const id = await askedToStop(app, email);
  await app.visitor().post(`/confirm/${token}`, {});
  const consents = app.get('website')(Consents);
  t.true(await consents.isSuppressed(app.scope(), 'email', email));
  t.false(await consents.holds(app.scope(), id, 'email', 'newsletter'));
});

test('what waits for an address is not sent once it asks never to be written to, whatever its case', async (t) => {
  const app = await start(t);
  const waitFor = async (email: string) => {
    const found = await app
      .scope()
      .db.raw(`select view from core.outbox where to_address = :email order by id`, { email });
    return found.rows.map(({ view }: { view: string }) => view);
  };
  for (const email of ['waits@example.org', 'other@example.org']) {
    await signUp(app, email);
    t.deepEqual(await waitFor(email), ['website/confirm']);
  }
  const own = { to: 'waits@example.org', view: 'confirm', data: { link: '/confirm/x', days: 3 } };
  const mail = app.get('website')(Mail);
  await mail.send(app.scope(), { ...own, to: 'Waits@Example.org' });
  await mail.send(app.scope(), { ...own, despiteNo: true });
  await askedToStop(app, 'waits@example.org');
  t.deepEqual(
    await waitFor('waits@example.org'),
    ['website/confirm'],
    'the answer that was asked for',
  );
  t.deepEqual(await waitFor('Waits@Example.org'), []);
  t.deepEqual(await waitFor('other@example.org'), ['website/confirm']);
});

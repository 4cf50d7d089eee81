// Requests as staff handle them: taken down, extended, refused, answered.
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { authorityFile } from './authority.ts';
import { depsOf } from './deps.ts';
import { personOf, requestsOf } from './fixture.ts';

const now = (app: App) => app.clock.now().getTime();
const day = 24 * 3600 * 1000;

async function lastMail(app: App): Promise<{ to: string; text: string }> {
  const { rows } = await app
    .scope()
    .db.raw('select to_address as "to", text from core.outbox order by id desc limit 1');
  return rows[0];
}

test('a request by letter is taken down, extended once, and answered by mail', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await personOf(app, 'ana@example.org', { givenName: 'Ana' });
  const staff = await app.staff('data-protection');
  t.regex((await staff.get(`/admin/people/${id}`)).body, /Take down a request/);
  const taken = await staff.post(`/admin/privacy/people/${id}/new`, {
    ...{ kind: 'correction', words: 'Born in 1980' },
  });
  const page = taken.location ?? '';
  t.regex((await staff.get(page)).body, /Born in 1980/);
  t.regex((await staff.get(page)).body, /31 days left|30 days left/);
  t.is((await staff.post(`${page}/extend`, { reason: '' })).status, 422);
  t.is((await staff.post(`${page}/extend`, { reason: 'Many papers' })).status, 303);
  t.deepEqual((await requestsOf(app))[0]?.['due'], new Date('2027-02-24T22:59:59Z'));
  t.like(await lastMail(app), { to: 'ana@example.org' });
  t.regex((await lastMail(app)).text, /Many papers/);
  t.is((await staff.post(`${page}/extend`, { reason: 'Again' })).status, 422, 'only once');
  t.is((await staff.post(`${page}/done`, { text: 'Now it says 1980.' })).status, 303);
  t.regex((await lastMail(app)).text, /Now it says 1980/);
  t.like((await requestsOf(app))[0], { state: 'done', outcome: 'corrected' });
  t.is(
    (await staff.post(`${page}/refuse`, { reason: 'Too late' })).status,
    422,
    'answered is answered',
  );
  const { body } = await staff.get('/admin/audit');
  for (const act of ['Took in a request', 'Extended the deadline', 'Answered a request']) {
    t.regex(body, new RegExp(act));
  }
});

test('of a letter that lay for a while the deadline runs from the day on which it came in', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2026-11-24T23:30:00Z' });
  const id = await personOf(app, 'ana@example.org', { givenName: 'Ana' });
  const staff = await app.staff('data-protection');
  const form = `/admin/privacy/people/${id}/new`;
  // In Paris it is the 25th already.
  t.regex((await staff.get(form)).body, /name="receivedOn"[^>]* value="2026-11-25"/);
  const wrong = { '2026-11-26': /still to come/, '2025-11-23': /more than a year ago/ };
  for (const [receivedOn, said] of Object.entries(wrong)) {
    const again = await staff.post(form, { kind: 'access', words: 'My data', receivedOn });
    t.is(again.status, 422, receivedOn);
    t.regex(again.body, said);
    t.regex(again.body, /My data/);
  }
  t.deepEqual(await requestsOf(app), []);
  const made = await staff.post(form, { kind: 'access', receivedOn: '2026-11-03' });
  const [request] = await requestsOf(app);
  t.deepEqual(request?.['due'], new Date('2026-12-03T22:59:59Z'));
  const { body } = await staff.get(made.location ?? '');
  t.regex(body, /Came in<\/dt><dd>[^<]*(<time[^>]*>)?November 3, 2026/);
  t.regex(body, /8 days left/);
});

test('an earlier letter is a request of its own, a later one is the one that is open', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await personOf(app, 'ana@example.org');
  const staff = await app.staff('data-protection');
  const days = ['2026-11-20', '2026-11-22', '2026-11-10'];
  for (const receivedOn of days) {
    await staff.post(`/admin/privacy/people/${id}/new`, { kind: 'copy', receivedOn });
  }
  const due = (await requestsOf(app)).map((one) => one['due'] as Date);
  t.deepEqual(due, [new Date('2026-12-20T22:59:59Z'), new Date('2026-12-10T22:59:59Z')]);
});

test('a refusal gives its reason and where to complain; what is late stands first and in red', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const ask = async (email: string, kind: string) => {
    const id = await personOf(app, email, { givenName: email[0]?.toUpperCase() });
    const staff = await app.staff('data-protection');
    return (await staff.post(`/admin/privacy/people/${id}/new`, { kind })).location ?? '';
  };
  const early = await ask('early@example.org', 'copy');
  app.clock.set(new Date(now(app) + 20 * day));
  const late = await ask('late@example.org', 'access');
  app.clock.set(new Date(now(app) + 15 * day));
  const staff = await app.staff('data-protection');
  const { body } = await staff.get('/admin/privacy');
  t.regex(body, /One request is late/);
  t.true(body.indexOf(`${early}"`) < body.indexOf(`${late}"`));
  t.is((await staff.post(`${early}/extend`, { reason: 'Late' })).status, 422, 'not after the day');
  t.is((await staff.post(`${late}/refuse`, { reason: 'Asked daily' })).status, 303);
  t.regex((await lastMail(app)).text, /Asked daily/);
  t.regex((await lastMail(app)).text, /complain/);
  t.is((await staff.post(`${early}/copy`, {})).headers.get('content-type'), 'application/zip');
  t.regex((await staff.get('/admin')).body, /To answer/);
  const reader = await app.staff('organiser');
  t.is((await reader.get(early)).status, 200);
  t.is((await reader.post(`${early}/copy`, {})).status, 403);
  t.is((await (await app.staff('treasurer')).get(early)).status, 403);
});

test('where the law sets no deadline the house does, and a chapter leaves the deed to the party', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const ohio = await app.chapter('Ohio');
  const id = await personOf(app, 'ana@example.org', { organizationId: ohio });
  const staff = await app.staff('data-protection', ohio);
  const answer = await staff.post(`/admin/@ohio/privacy/people/${id}/new`, { kind: 'erasure' });
  t.deepEqual((await requestsOf(app))[0]?.['due'], new Date('2026-12-24T22:59:59Z'));
  const page = answer.location ?? '';
  t.regex((await staff.get(page)).body, /office carries this out/);
  t.is((await staff.post(`${page}/start`, { sure: 'true' })).status, 422);
  const office = await app.staff('data-protection');
  const own = page.replace('/@ohio', '');
  t.is((await office.post(`${own}/start`, {})).status, 422, 'asks whether one is sure');
  t.is((await office.post(`${own}/start`, { sure: 'true' })).status, 303);
  await app.drain();
  t.like((await requestsOf(app))[0], { state: 'done', outcome: 'erased', person: null });
});

test('the file for the authority is a ZIP with the register and every answer, and names nobody', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const id = await personOf(app, 'ana@example.org', { givenName: 'Anastasia' });
  const staff = await app.staff('data-protection');
  await staff.post(`/admin/privacy/people/${id}/new`, { kind: 'access', words: 'I am Anastasia' });
  t.regex((await staff.get('/admin/privacy/authority')).body, /register of processing/);
  const entries: Record<string, string> = {};
  for await (const { name, content } of authorityFile(app.scope(), depsOf(app.get('privacy')))) {
    entries[name] = '';
    for await (const text of content) entries[name] += text;
  }
  t.regex(entries['register.csv'] ?? '', /"people\.person, /);
  t.regex(entries['requests.csv'] ?? '', /"Access","staff","2026-11-24/);
  t.regex(entries['rules.csv'] ?? '', /"Imprint of the site",.*"Shows it","LCEN/);
  t.regex(entries['dpia.md'] ?? '', /# Impact assessment/);
  t.notRegex(JSON.stringify(entries), /Anastasia|ana@/);
  const taken = await staff.post('/admin/privacy/authority', {});
  t.is(taken.headers.get('content-type'), 'application/zip');
  t.regex((await staff.get('/admin/audit')).body, /Downloaded the file for the authority/);
  t.is((await (await app.staff('organiser')).post('/admin/privacy/authority', {})).status, 403);
});

test('the tab of the settings is called as the plugin is', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { body } = await (await app.staff()).get('/admin/settings');
  const name = app.scope().t('privacy.plugin.name');
  t.regex(body, new RegExp(`<a href="/admin/settings/privacy"[^>]*><span>${name}</span>`));
});

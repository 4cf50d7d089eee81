// The register of breaches as the data protection officer keeps it: record, clock, report, people, closing.
import test from 'ava';
import { type App, makeApp } from 'rostra/testing';
import { authorityFile } from './authority.ts';
import { depsOf } from './deps.ts';
import { askLink, personOf, unzipped } from './fixture.ts';

const home = '/admin/privacy/breaches';
const record = {
  ...{ knownAt: '2026-11-24T09:00', happenedAt: '2026-11-23T18:30', kinds: ['confidentiality'] },
  ...{ what: 'A mailing went out in Cc', data: ['user.contact.email'], risk: 'risk' },
  ...{ peopleCount: '120', recordCount: '120', concerned: 'Members in Lyon' },
  ...{ consequences: 'Their opinion is known to others', measures: 'Asked all to delete it' },
};
const later = (app: App, hours: number) =>
  app.clock.set(new Date(app.clock.now().getTime() + hours * 3600 * 1000));

async function rowsOf(app: App, table: string): Promise<Record<string, unknown>[]> {
  return (await app.scope().db.raw(`select * from privacy.${table} order by 1, 2`)).rows;
}

test('from known to closed: the clock runs, a late report gives its reason, each step is kept', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  let staff = await app.staff('data-protection');
  t.regex((await staff.get(home)).body, /No breach is recorded/);
  const made = await staff.post(`${home}/new`, { ...record, risk: 'high' });
  t.is(made.status, 303);
  const page = made.location ?? '';
  const first = (await staff.get(page)).body;
  t.regex(first, /Tell the authority by November 27, 2026 at 9:00\sAM: 70 hours are left/);
  t.regex(first, /GDPR, art\. 33/);
  t.regex(first, /people concerned must be told/);
  t.regex((await staff.get('/admin')).body, /70 hours left for the authority/);

  later(app, 72);
  staff = await app.staff('data-protection');
  t.regex((await staff.get(page)).body, /deadline passed 2 hours ago/);
  t.regex((await staff.get(home)).body, /One breach is late/);
  t.is((await staff.post(`${page}/close`, { sure: 'true' })).status, 422, 'nothing is decided');
  const report = { reportedAt: '2026-11-27T10:30', reportNumber: 'CNIL-2026-17' };
  const refused = await staff.post(`${page}/report`, report);
  t.is(refused.status, 422);
  t.regex(refused.body, /say why it is late/);
  t.regex(refused.body, /value="CNIL-2026-17"/, 'what was typed still stands there');
  t.is((await staff.post(`${page}/late`, { lateReason: 'A long weekend' })).status, 303);
  t.regex((await staff.get(`${page}/notice/authority`)).body, /A long weekend/);
  const lateReason = 'A long weekend, nobody read the mailbox';
  t.is((await staff.post(`${page}/report`, { ...report, lateReason })).status, 303);
  t.regex((await staff.get(page)).body, /Reported after the deadline/);

  const untold = await staff.post(`${page}/close`, { sure: 'true' });
  t.regex(untold.body, /first say when and how people were told/);
  const told = { toldAt: '2026-11-27T10:45', toldHow: 'By e-mail to each' };
  t.is((await staff.post(`${page}/tell`, told)).status, 303);
  t.regex((await staff.post(`${page}/close`, {})).body, /Tick the box/);
  t.is((await staff.post(`${page}/close`, { sure: 'true' })).status, 303);
  t.regex((await staff.get(page)).body, /Nothing of it changes any more/);
  t.is((await staff.post(`${page}/edit`, record)).status, 422, 'closed is closed');
  t.is((await staff.get(`${page}/edit`)).status, 404);
  const { db } = app.house.database;
  const frozen = { message: /closed ones stand still/ };
  await t.throwsAsync(db.raw(`update privacy.breach set what = 'Nothing'`), frozen);
  await t.throwsAsync(db.raw('delete from privacy.breach'), { message: /./ });
  const kept = { message: /append-only/ };
  await t.throwsAsync(db.raw('delete from privacy.breach_change'), kept);
  await t.throwsAsync(db.raw(`update privacy.breach_change set by_name = 'x'`), kept);

  const steps = (await rowsOf(app, 'breach_change')).map((one) => one['kind']);
  t.deepEqual(steps, ['recorded', 'explained', 'reported', 'told', 'closed']);
  const { body } = await staff.get('/admin/audit');
  for (const act of ['Recorded a data breach', 'reported late', 'Closed a data breach']) {
    t.regex(body, new RegExp(act));
  }
});

test('a change is kept with what stood there before, and the clock follows the hour that is known', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff('data-protection');
  const page = (await staff.post(`${home}/new`, record)).location ?? '';
  const form = (await staff.get(`${page}/edit`)).body;
  t.regex(form, /value="2026-11-24T09:00"/);
  t.regex(form, /A mailing went out in Cc/);
  const more = { ...record, knownAt: '2026-11-24T08:00', peopleCount: '300' };
  t.is((await staff.post(`${page}/edit`, more)).status, 303);
  const { body } = await staff.get(page);
  t.regex(body, /About how many people: 300 \(before: 120\)/);
  t.regex(body, /69 hours are left/);
  t.regex(body, /Record changed/);
  t.is((await staff.post(`${page}/edit`, more)).status, 303);
  t.is((await rowsOf(app, 'breach_change')).length, 2, 'what changes nothing is no step');
  const seen = /name="seen" value="(\d+)"/.exec(form)?.[1] ?? '';
  const late = await staff.post(`${page}/edit`, { ...more, seen, measures: 'Called them all' });
  t.is(late.status, 422);
  t.regex(late.body, /Somebody changed this breach while you wrote/);
  t.regex(late.body, /Called them all/);
  const again = /name="seen" value="(\d+)"/.exec(late.body)?.[1] ?? '';
  t.is((await staff.post(`${page}/edit`, { ...more, seen: again })).status, 303);
});

test('what does not fit is said beside its field, and nothing typed is lost', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff('data-protection');
  const wrong = async (more: Record<string, string | string[]>, sentence: RegExp) => {
    const answer = await staff.post(`${home}/new`, { ...record, ...more });
    t.is(answer.status, 422);
    t.regex(answer.body, sentence);
    t.regex(answer.body, /Asked all to delete it/);
  };
  await wrong({ knownAt: '2026-11-24T23:00' }, /still to come/);
  await wrong({ knownAt: '2026-02-31T10:00', happenedAt: '' }, /no such day/);
  await wrong({ happenedAt: '2026-11-24T09:30' }, /cannot have happened after/);
  await wrong({ kinds: [] }, /choose at least 1/);
  await wrong({ peopleCount: 'many' }, /whole number/);
  await wrong({ emails: 'Bo <bo@example.org>' }, /Not on file here: bo@example\.org/);
  await wrong({ emails: 'nobody' }, /no e-mail address in it/);
  t.is((await rowsOf(app, 'breach')).length, 0);
});

test('a breach without risk is not reported, with its reason; once there is a risk the clock runs again', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff('data-protection');
  const page = (await staff.post(`${home}/new`, record)).location ?? '';
  const reason = 'The disk was encrypted';
  t.regex((await staff.post(`${page}/unreport`, { reason })).body, /only where there is no risk/);
  await staff.post(`${page}/edit`, { ...record, risk: 'none' });
  t.is((await staff.post(`${page}/unreport`, { reason: '' })).status, 422);
  t.is((await staff.post(`${page}/unreport`, { reason })).status, 303);
  const decided = (await staff.get(page)).body;
  t.regex(decided, /not reported: no risk/);
  t.notRegex(decided, /Tell the authority by/);
  await staff.post(`${page}/edit`, { ...record, risk: 'high' });
  t.regex((await staff.get(page)).body, /Tell the authority by/);
  await staff.post(`${page}/edit`, { ...record, risk: 'none' });
  await staff.post(`${page}/unreport`, { reason });
  t.is((await staff.post(`${page}/close`, { sure: 'true' })).status, 303);
});

test('where no law sets an hour the page says so, and the register is kept all the same', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  const staff = await app.staff('data-protection');
  const page = (await staff.post(`${home}/new`, { ...record, risk: 'high' })).location ?? '';
  const { body } = await staff.get(page);
  t.regex(body, /The law here sets no hour/);
  t.notRegex(body, /hours are left|must be told/);
  t.regex((await staff.get(home)).body, /no hour set by law/);
  t.is((await staff.post(`${page}/close`, { sure: 'true' })).status, 303);
  t.like((await rowsOf(app, 'breach'))[0], { due_at: null });
});

test('the drafts are filled from the record, in the reader’s language, as a page and as text', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff('data-protection');
  const page = (await staff.post(`${home}/new`, { ...record, measures: '' })).location ?? '';
  const authority = await staff.get(`${page}/notice/authority/text`);
  t.is(authority.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.regex(authority.headers.get('content-disposition') ?? '', /notice-to-the-authority-.*\.txt/);
  for (const words of [
    ...['Parti de l’Exemple', 'donnees@example.org', 'A mailing went out in Cc'],
    ...['November 24, 2026 at 09:00', 'about: 120', 'E-mail addresses', 'not known yet'],
  ]) {
    t.true(authority.body.includes(words), words);
  }
  t.false(authority.body.includes('Reasons for the delay'));
  const people = (await staff.get(`${page}/notice/people`)).body;
  t.regex(people, /What may follow for you/);
  t.regex(people, /Their opinion is known to others/);
  await app.scope().db('core.account').update({ locale: 'fr' });
  const french = await staff.get(`${page}/notice/people/text`);
  t.regex(french.body, /Ce qui peut en résulter pour vous/);
  t.is((await staff.get(`${page}/notice/press`)).status, 404);
});

test('who is named sees it in their copy, is merged with it, and erased leaves a number alone', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const { db } = app.house.database;
  const ana = await personOf(app, 'ana@example.org', { givenName: 'Anastasia' });
  const bo = await personOf(app, 'bo@example.org', { givenName: 'Bonaventure' });
  const staff = await app.staff('data-protection');
  const emails = 'Anastasia <ana@example.org>; ana@example.org';
  const page = (await staff.post(`${home}/new`, { ...record, emails })).location ?? '';
  const id = page.split('/').at(-1) ?? '';
  t.regex((await staff.get(`/admin/people/${bo}`)).body, /Name in this breach/);
  t.is((await staff.post(`${home}/people/${bo}`, { breach: id })).status, 303);
  t.regex((await staff.get(page)).body, /2 people are named/);
  t.regex((await staff.get(`/admin/people/${bo}`)).body, new RegExp(`breaches/${id}"`));

  const link = await askLink(app, 'ana@example.org');
  await app.visitor().post(`${link}/file`, {});
  const file = (await app.visitor().get(`${link}/file`)).body;
  t.regex(file, /Data breaches that concerned you/);
  t.regex(file, /A mailing went out in Cc/);

  await app.house.subjects.merge(app.scope(), bo, ana);
  t.deepEqual(
    (await rowsOf(app, 'breach_person')).map((one) => one['person_id']),
    [ana],
  );
  await staff.post(`${page}/people/${ana}/remove`, {});
  t.is((await rowsOf(app, 'breach_person')).length, 0);
  await staff.post(`${page}/people`, { emails: 'ana@example.org' });
  await staff.post(`${page}/report`, { reportedAt: '2026-11-24T10:30' });
  await staff.post(`${page}/close`, { sure: 'true' });
  await app.house.subjects.erase(app.scope(), ana);
  t.deepEqual(await rowsOf(app, 'breach_person'), []);
  t.like((await rowsOf(app, 'breach'))[0], { named_erased: 1 });
  const { rows } = await db.raw(
    `select one::text as row from privacy.breach one union all select one::text from privacy.breach_change one`,
  );
  t.notRegex(JSON.stringify(rows), /Anastasia|ana@example/);
  t.regex((await staff.get(page)).body, /One who was is not on file any more/);
});

test('names are forgotten five years after the closing, and the register stays', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  await personOf(app, 'ana@example.org');
  const staff = await app.staff('data-protection');
  const emails = 'ana@example.org';
  const page = (await staff.post(`${home}/new`, { ...record, emails })).location ?? '';
  await staff.post(`${page}/close`, { sure: 'true' });
  const rights = app.house.registry.find('privacy')?.contributions.subject;
  await rights?.forget?.(app.scope());
  t.is((await rowsOf(app, 'breach_person')).length, 1);
  later(app, 24 * 366 * 5);
  await rights?.forget?.(app.scope());
  t.is((await rowsOf(app, 'breach_person')).length, 0);
  t.like((await rowsOf(app, 'breach'))[0], { named_erased: 1 });
});

test('the register leaves as CSV and in the file for the authority, and names nobody', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  await personOf(app, 'ana@example.org', { givenName: 'Anastasia' });
  const staff = await app.staff('data-protection');
  await staff.post(`${home}/new`, { ...record, what: '=1+1', emails: 'ana@example.org' });
  const csv = await staff.post(`${home}/export`, {});
  t.is(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
  t.regex(
    csv.body,
    /"'=1\+1","Confidentiality","E-mail addresses","Members in Lyon","120","120","1"/,
  );
  t.regex((await staff.get('/admin/audit')).body, /Downloaded the register/);
  const entries: Record<string, string> = {};
  for await (const { name, content } of authorityFile(app.scope(), depsOf(app.get('privacy')))) {
    entries[name] = '';
    for await (const text of content) entries[name] += text;
  }
  t.is(entries['breaches.csv'], `\uFEFF${csv.body.replace(/^\uFEFF/, '')}`);
  const [breach] = JSON.parse(entries['breaches.json'] ?? '');
  t.like(breach, { peopleCount: 120, named: 1, dueAt: '2026-11-27T08:00:00.000Z' });
  t.deepEqual(
    breach.history.map((one: { kind: string }) => one.kind),
    ['recorded', 'named'],
  );
  t.notRegex(JSON.stringify(entries), /Anastasia|ana@/);
  const zip = await fetch(`${app.url}/admin/privacy/authority`, {
    method: 'POST',
    headers: { Cookie: `rostra=${staff.cookies.get('rostra')}`, 'Sec-Fetch-Site': 'same-origin' },
  });
  t.true('breaches.json' in unzipped(Buffer.from(await zip.arrayBuffer())));
});

test('only those who may keep the register see it', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const page = (await (await app.staff()).post(`${home}/new`, record)).location ?? '';
  for (const role of ['organiser', 'treasurer', 'web-editor'] as const) {
    const staff = await app.staff(role);
    t.is((await staff.get(home)).status, 403);
    t.is((await staff.get(page)).status, 403);
    t.notRegex((await staff.get('/admin')).body, /Data breaches/);
  }
});

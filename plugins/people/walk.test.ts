import test from 'ava';
import { makeApp } from 'rostra/testing';

const person = {
  givenName: 'Zoé',
  familyName: 'Lefèvre',
  emailAddress: 'zoe@example.org',
  phoneNumber: '06 12 34 56 78',
};

test.serial('two edit at once: the second sees both texts, and may save knowingly', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const page = (await staff.post('/admin/people/new', person)).location ?? '';
  const { body } = await staff.get(`${page}/edit`);
  const version = /name="version" value="(\d+)"/.exec(body)?.[1] ?? '';
  const card = { ...person, phoneNumber: '+33612345678' };
  const first = await staff.post(`${page}/edit`, { ...card, version, familyName: 'Durand' });
  t.is(first.status, 303);
  const second = await staff.post(`${page}/edit`, { ...card, version, familyName: 'Martin' });
  t.is(second.status, 409);
  t.regex(second.body, /<del>Durand<\/del>/);
  t.regex(second.body, /<ins>Martin<\/ins>/);
  const now = /name="version" value="(\d+)"/.exec(second.body)?.[1] ?? '';
  const knowingly = await staff.post(`${page}/edit`, {
    ...card,
    version: now,
    familyName: 'Martin',
  });
  t.is(knowingly.status, 303);
  const history = await staff.get(`${page}/history`);
  t.regex(history.body, /Durand/);
  t.regex(history.body, /Martin/);
  const wrong = await staff.post(`${page}/edit`, { ...card, version: '9', emailAddress: 'no' });
  t.is(wrong.status, 422);
  t.regex(wrong.body, /not an e-mail address/);
});

test.serial(
  'a file is uploaded, looked at, run as a job, and its refused rows taken back',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const staff = await app.staff();
    const upload = (content: string | Buffer) => {
      const form = new FormData();
      form.set('file', new Blob([content as string], { type: 'text/csv' }), 'list.csv');
      return staff.post('/admin/people/import', form);
    };
    const broken = await upload('email,Email\na@example.org,b@example.org\n');
    t.is(broken.status, 422);
    t.regex(broken.body, /Two columns are called/);
    const staged = await upload(
      'first name,last name,email\nZoé,Lefèvre,z@example.org\nAli,Ben,no\n',
    );
    t.is(staged.status, 303, staged.body);
    const page = staged.location ?? '';
    const look = await staff.get(page);
    t.regex(look.body, /Zoé/);
    t.regex(look.body, /value="givenName" selected/);
    t.notRegex((await staff.get('/admin/people')).body, /Lefèvre/, 'nobody is added yet');
    const field = ['givenName', 'familyName', 'emailAddress'];
    const unsaid = await staff.post(`${page}/check`, { field, origin: 'paper' });
    t.is(unsaid.status, 422, 'the origin must be declared lawful');
    const plan = { field, origin: 'paper', lawful: 'true', label: 'spring' };
    t.is((await staff.post(`${page}/check`, plan)).status, 303);
    t.regex((await staff.get(page)).body, /the list is being looked through/);
    await app.drain();
    const look2 = await staff.get(page);
    t.regex(look2.body, /What would happen/);
    t.regex(look2.body, /<ins>Zoé<\/ins>/);
    t.regex(look2.body, /1: This is not an e-mail address/);
    t.notRegex((await staff.get('/admin/people')).body, /Lefèvre/, 'still nobody');
    t.is((await staff.post(`${page}/columns`, {})).status, 303);
    t.regex((await staff.get(page)).body, /name="origin"[^>]*value="paper"/);
    t.is((await staff.post(`${page}/check`, plan)).status, 303);
    await app.drain();
    t.is((await staff.post(`${page}/run`, {})).status, 303);
    t.regex((await staff.get(page)).body, /You can leave this page/);
    await app.drain();
    t.regex((await staff.get(page)).body, /1 new person/);
    const refused = await staff.get(`${page}/refused`);
    t.regex(refused.body, /Ali,Ben,no,This is not an e-mail address/);
    t.regex((await staff.get('/admin/people?q=lefevre')).body, /spring/);
  },
);

test.serial('staff record consent, stop an address, write a note, export, and erase', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr' });
  const staff = await app.staff();
  const page = (await staff.post('/admin/people/new', person)).location ?? '';
  const id = page.split('/').at(-1) ?? '';
  const consent = { deed: 'give', channel: 'email', purpose: 'campaign', wording: 'Yes' };
  t.is((await staff.post(`${page}/consent`, consent)).status, 422, 'without evidence');
  const evidence = 'signed form of 14 May';
  t.is((await staff.post(`${page}/consent`, { ...consent, evidence })).status, 303);
  t.regex((await staff.get(page)).body, /Nothing stands against it/);
  t.regex((await staff.get('/admin/people?consent=email')).body, /Lefèvre/);
  const way = 'email:zoe@example.org';
  t.is((await staff.post(`${page}/suppress`, { way, deed: 'suppress' })).status, 303);
  t.regex((await staff.get(page)).body, /Asked never to be reached there again/);
  t.is(
    (await staff.post(`${page}/suppress`, { way, deed: 'lift' })).status,
    422,
    'not without why',
  );
  t.is((await staff.post(`${page}/notes`, { text: 'Brings cake <b>' })).status, 303);
  t.regex((await staff.get(page)).body, /Brings cake &lt;b&gt;/);
  t.is((await staff.post('/admin/people/newsletters/new', { name: 'Lettre' })).status, 303);
  t.is(
    (await staff.post(`${page}/newsletters`, { newsletter: '1', wording: 'Yes' })).status,
    422,
    'not without what proves it',
  );
  const yes = { newsletter: '1', wording: 'Yes, the letter.', evidence: 'Signed list, 14 May' };
  t.is((await staff.post(`${page}/newsletters`, yes)).status, 303);
  const kept = await app.house.database.db.raw(
    `select c.purpose, d.evidence ->> 'evidence' as evidence from people.consent c
     join people.consent_detail d on d.consent_id = c.id order by c.id desc limit 1`,
  );
  t.deepEqual(kept.rows, [{ purpose: 'newsletter', evidence: yes.evidence }], 'kept as a consent');
  t.is((await staff.post(`${page}/newsletters/end`, { newsletter: '1' })).status, 303);
  t.is((await staff.post(`${page}/newsletters`, yes)).status, 303);
  t.is(
    (await staff.post('/admin/people/bulk', { person: id, act: 'tag', label: 'cake' })).status,
    303,
  );
  t.is(
    (await staff.post('/admin/people/bulk', { all: 'true', act: 'tag', label: 'all' })).status,
    303,
  );
  const columns = ['familyName', 'tags'];
  t.is((await staff.post('/admin/people/export', { columns })).status, 422, 'not without a reason');
  const csv = await staff.post('/admin/people/export', { columns, reason: 'labels' });
  t.regex(csv.body, /Lefèvre,"all, cake"/);
  t.regex((await staff.post(`${page}/copy`, {})).body, /signed form of 14 May/);
  t.is((await staff.post(`${page}/erase`, { typed: 'Zoe' })).status, 422);
  const gone = await staff.post(`${page}/erase`, { typed: 'Zoé Lefèvre', suppress: 'true' });
  t.is(gone.location, '/admin/people');
  t.is((await staff.get(page)).status, 404);
});

test.serial(
  'a volunteer sees and notes, and may do no more; a sister chapter gets 404',
  async (t) => {
    const app = await makeApp(t, { jurisdiction: 'fr' });
    const lyon = await app.chapter('Lyon');
    const lille = await app.chapter('Lille');
    const organiser = await app.staff('organiser', lyon);
    const page = (await organiser.post('/admin/@lyon/people/new', person)).location ?? '';
    t.regex(page, /^\/admin\/@lyon\/people\/\d+$/);
    const volunteer = await app.staff('chapter-volunteer', lyon);
    t.is((await volunteer.get(page)).status, 200);
    t.is((await volunteer.post(`${page}/notes`, { text: 'Hello' })).status, 303);
    t.is((await volunteer.get(`${page}/edit`)).status, 403);
    t.is(
      (await volunteer.post('/admin/@lyon/people/bulk', { all: 'true', act: 'tag' })).status,
      403,
    );
    const other = await app.staff('organiser', lille);
    t.is((await other.get(page.replace('lyon', 'lille'))).status, 404);
    t.notRegex((await other.get('/admin/@lille/people')).body, /Lefèvre/);
    const typed = await other.post('/admin/@lille/people/new', person);
    t.is(typed.status, 422);
    t.regex(typed.body, /known to another part of the party/);
  },
);

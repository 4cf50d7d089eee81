import test, { type ExecutionContext } from 'ava';
import { Consents, Newsletters, People } from 'rostra/people';
import { type App, type AppOptions, makeApp, openBrowser } from 'rostra/testing';

const start = (t: ExecutionContext, options: AppOptions = {}): Promise<App> =>
  makeApp(t, { jurisdiction: 'fr', locale: 'fr', ...options });

/** For the tests that leave the clock alone: one server, one after another. */
const endings: (() => unknown)[] = [];
let running: Promise<App> | undefined;
function shared(): Promise<App> {
  const teardown = (end: () => unknown) => void endings.unshift(end);
  running ??= makeApp({ teardown }, { jurisdiction: 'fr', locale: 'fr' });
  return running;
}
test.after.always(async () => {
  for (const end of endings) await end();
});

async function claimsOf(app: App, email: string): Promise<number> {
  const { db } = app.house.database;
  const found = await db.raw('select count(*)::int as n from website.submission where email = ?', [
    email,
  ]);
  return found.rows[0].n;
}

const someone = { email: 'jeanne@example.org', givenName: 'Jeanne', postcode: '69001' };

async function tokenIn(app: App): Promise<string> {
  const { db } = app.house.database;
  const found = await db.raw('select html from core.outbox order by id desc limit 1');
  return /\/confirm\/([\w-]+)/.exec(found.rows[0].html)?.[1] ?? '';
}

test.serial(
  'a party that wrote nothing yet has a site with news, a form and what the law asks for',
  async (t) => {
    const app = await shared();
    const visitor = app.visitor();
    const home = await visitor.get('/');
    t.is(home.status, 200);
    t.true(home.body.includes('href="/rejoindre"'));
    for (const path of [
      '/rejoindre',
      '/actualites',
      '/donnees-personnelles',
      '/mentions-legales',
    ]) {
      t.is((await visitor.get(path)).status, 200, path);
    }
    t.true((await visitor.get('/mentions-legales')).body.includes('Camille Exemple'));
    t.is((await visitor.get('/nowhere')).status, 404);
  },
);

test.serial(
  'signing up touches nobody until it is confirmed, then keeps each consent in its words',
  async (t) => {
    const app = await shared();
    const visitor = app.visitor();
    const form = (await visitor.get('/rejoindre')).body;
    const wording = /<label for="f-emailConsent-true">([^<]+)/.exec(form)?.[1];
    t.false(/checked/.test(form));
    const sent = await visitor.post('/rejoindre', { ...someone, emailConsent: 'true' });
    t.is(sent.status, 303);
    t.is(sent.location, '/confirm');
    const scope = app.scope();
    const people = app.get('website')(People);
    t.is(await people.findByEmail(scope, someone.email), undefined);

    const token = await tokenIn(app);
    t.is((await visitor.get(`/confirm/${token}`)).status, 200);
    t.is(await people.findByEmail(scope, someone.email), undefined, 'a mail scanner opens links');
    const confirmed = await visitor.post(`/confirm/${token}`, {});
    t.is(confirmed.location, '/confirm/done');

    const person = await people.findByEmail(scope, someone.email);
    t.like(person, { givenName: 'Jeanne', emailAddresses: [someone.email] });
    const consents = await app
      .get('website')(Consents)
      .current(scope, person?.id ?? '');
    t.like(consents[0], { channel: 'email', purpose: 'newsletter', given: true });
    const { rows } = await scope.db.raw('select wording from people.consent_detail');
    t.is(rows[0].wording, wording?.replaceAll('&#39;', "'"));
    const left = await scope.db.raw(
      'select email, given_name, postcode, person_id from website.submission',
    );
    t.deepEqual(left.rows, [
      { email: null, given_name: null, postcode: null, person_id: person?.id },
    ]);

    t.regex((await visitor.get(`/confirm/${token}`)).body, /déjà confirmé/);
    t.is((await visitor.get('/confirm/nonsense')).status, 410);
  },
);

test.serial(
  'a known address is answered as a new one, and nothing of the person changes',
  async (t) => {
    const app = await shared();
    const scope = app.scope();
    const people = app.get('website')(People);
    const email = 'anne@example.org';
    await people.upsert(scope, { emailAddress: email, givenName: 'Anne', source: 'test' });
    const visitor = app.visitor();
    const known = await visitor.post('/rejoindre', { ...someone, email });
    const unknown = await visitor.post('/rejoindre', { ...someone, email: 'new@example.org' });
    t.deepEqual(
      [known.status, known.location, known.body],
      [unknown.status, unknown.location, unknown.body],
    );
    t.is((await people.findByEmail(scope, email))?.givenName, 'Anne');
  },
);

test('a link that nobody used in seven days confirms nothing, and its claim is forgotten', async (t) => {
  const app = await start(t);
  const visitor = app.visitor();
  await visitor.post('/rejoindre', { ...someone, emailConsent: 'true' });
  const token = await tokenIn(app);
  app.clock.set('2026-12-02T10:00:00Z');
  t.is((await visitor.post(`/confirm/${token}`, {})).status, 410);
  t.is(await app.get('website')(People).findByEmail(app.scope(), someone.email), undefined);
  const subject = app.house.registry.find('website')?.contributions.subject;
  t.is(await subject?.forget?.(app.scope()), 1);
  const { rows } = await app.scope().db.raw('select count(*)::int as n from website.submission');
  t.is(rows[0].n, 0);
});

test.serial('whoever fills in what nobody sees is thanked and forgotten', async (t) => {
  const app = await shared();
  const machine = { ...someone, email: 'machine@example.org', homepage: 'http://spam.example' };
  const answer = await app.visitor().post('/rejoindre', machine);
  t.is(answer.location, '/confirm');
  t.is(await claimsOf(app, machine.email), 0);
});

test.serial(
  'what is wrong is said beside the field, and what was typed is still there',
  async (t) => {
    const app = await shared();
    const answer = await app.visitor().post('/rejoindre', { ...someone, email: 'jeanne' });
    t.is(answer.status, 422);
    t.regex(answer.body, /aria-invalid="true"/);
    t.true(answer.body.includes('value="69001"'));
  },
);

test.serial('a box ticked subscribes to the newsletter that the form is for', async (t) => {
  const app = await shared();
  const scope = app.scope();
  const get = app.get('website');
  const [newsletter] = await get(Newsletters).list(scope);
  t.is(newsletter?.name, 'La lettre du parti');
  const email = 'lectrice@example.org';
  await app.visitor().post('/rejoindre', { email, emailConsent: 'true' });
  await app.visitor().post(`/confirm/${await tokenIn(app)}`, {});
  const person = await get(People).findByEmail(scope, email);
  const { rows } = await scope.db.raw(
    'select newsletter_id from people.subscription where person_id = :id',
    { id: person?.id ?? '' },
  );
  t.deepEqual(rows, [{ newsletter_id: newsletter?.id }]);
});

test.serial('staff choose what a form asks, and in which words', async (t) => {
  const app = await shared();
  const staff = await app.staff();
  const list = (await staff.get('/admin/website')).body;
  const id = /\/pages\/(\d+)"[^>]*>\s*Nous rejoindre/.exec(list)?.[1];
  const words = 'Yes, write to me about the buses. I can stop at any time.';
  const saved = await staff.post(`/admin/website/pages/${id}/form`, {
    ...{ givenName: 'true', familyName: 'true', phone: 'true', emailWording: words },
  });
  t.is(saved.status, 303, saved.body);
  const form = (await app.visitor().get('/rejoindre')).body;
  t.true(form.includes(words));
  t.regex(form, /name="familyName"[\s\S]*name="phone"[\s\S]*name="smsConsent"/);
  t.false(form.includes('name="postcode"'));
  const shy = { email: 'shy@example.org', smsConsent: 'true' };
  t.is(
    (await app.visitor().post('/rejoindre', shy)).status,
    422,
    'no text message without a number',
  );
  t.is((await app.visitor().post('/rejoindre', { ...shy, phone: '06 12 34 56 78' })).status, 303);
  await app.visitor().post(`/confirm/${await tokenIn(app)}`, {});
  const person = await app.get('website')(People).findByEmail(app.scope(), shy.email);
  t.deepEqual(person?.phoneNumbers, ['+33612345678']);
});

test('no form is open while the party has not said who it is', async (t) => {
  const app = await start(t, { isAnonymous: true });
  const visitor = app.visitor();
  const page = await visitor.get('/rejoindre');
  t.false(page.body.includes('name="email"'));
  t.regex(page.body, /pas encore ouvert/);
  t.is((await visitor.post('/rejoindre', someone)).status, 409);
  const { rows } = await app.scope().db.raw('select count(*)::int as n from website.submission');
  t.is(rows[0].n, 0);
});

test.serial('the privacy page lists what each plugin that is on keeps', async (t) => {
  const app = await shared();
  const { body } = await app.visitor().get('/donnees-personnelles');
  const all = app.house.registry
    .all()
    .filter(({ manifest }) => app.house.registry.isOn(manifest.id, app.scope().organization))
    .flatMap(({ manifest }) => manifest.dataPractices ?? []);
  t.true(all.length > 3);
  for (const { purpose } of all) {
    const words = app.scope().t(purpose);
    t.not(words, purpose);
    t.true(body.includes(words.replaceAll("'", '&#39;')), words);
  }
});

const page = { title: 'L’énergie', summary: '', body: '<p>Oui.</p>', when: 'now' };

test.serial(
  'an address that belongs to a plugin or to another page is refused beside its field',
  async (t) => {
    const app = await shared();
    const staff = await app.staff();
    await staff.get('/admin/website');
    await app.visitor().get('/');
    for (const slug of ['admin', 'confirm', 'rejoindre']) {
      const answer = await staff.post('/admin/website/pages/new?kind=page', { ...page, slug });
      t.is(answer.status, 422, slug);
      t.regex(answer.body, /id="f-slug-fault"/);
    }
  },
);

test.serial('a page is cleaned, published, moved, and its old address leads on', async (t) => {
  const app = await shared();
  const [staff, visitor] = [await app.staff(), app.visitor()];
  await visitor.get('/');
  const body =
    '<p onclick="x()">Oui <script>alert(1)</script><img src="https://spy.example/x.png"><b>non</b></p>';
  const made = await staff.post('/admin/website/pages/new?kind=page', { ...page, body });
  t.is(made.status, 303, made.body);
  const shown = await visitor.get('/l-energie');
  t.is(shown.status, 200);
  t.false(/onclick|<script>|spy\.example/.test(shown.body));
  const edit = { ...page, slug: 'climat', version: '1' };
  t.is((await staff.post(made.location ?? '', edit)).status, 303);
  t.is((await visitor.get('/l-energie')).location, '/climat');
  t.is((await visitor.get('/climat')).status, 200);
  const again = await staff.post(made.location ?? '', { ...edit, slug: 'l-energie', version: '2' });
  t.is(again.status, 303);
  t.is((await visitor.get('/l-energie')).status, 200);
  t.is((await visitor.get('/climat')).location, '/l-energie');
});

test.serial('who saves over a colleague’s text sees both before it counts', async (t) => {
  const app = await shared();
  const staff = await app.staff();
  await app.visitor().get('/');
  const mine = { ...page, title: 'À deux' };
  const made = await staff.post('/admin/website/pages/new?kind=page', mine);
  const at = made.location ?? '';
  await staff.post(at, { ...mine, body: '<p>Theirs.</p>', version: '1' });
  const late = await staff.post(at, { ...mine, body: '<p>Mine.</p>', version: '1' });
  t.is(late.status, 409);
  t.regex(late.body, /Theirs\.[\s\S]*Mine\./);
  t.regex(late.body, /name="version" value="2"/);
});

test('a draft is seen by its preview alone, and a planned post comes out by itself', async (t) => {
  const app = await start(t);
  const [staff, visitor] = [await app.staff(), app.visitor()];
  await visitor.get('/actualites');
  const made = await staff.post('/admin/website/pages/new?kind=post', {
    ...{ ...page, when: 'at', publishAt: '2026-11-24T11:30' },
  });
  t.is(made.status, 303, made.body);
  t.is((await visitor.get('/actualites/l-energie')).status, 404);
  const key = /\/preview\/([0-9a-f-]+)/.exec((await staff.get(made.location ?? '')).body)?.[1];
  t.is((await visitor.get(`/preview/${key}`)).status, 200);
  t.is((await visitor.get(`/preview/${'-'.repeat(36)}`)).status, 404);
  t.false((await visitor.get('/actualites')).body.includes('L’énergie'));
  app.clock.set('2026-11-24T10:31:00Z');
  t.is((await visitor.get('/actualites/l-energie')).status, 200);
  t.true(
    (await visitor.get('/actualites')).body.includes('L’énergie'),
    'the kept page knew until when',
  );
});

test.serial('feed and sitemap are well-formed, also with signs that XML minds', async (t) => {
  const app = await shared();
  const [staff, visitor] = [await app.staff(), app.visitor()];
  await visitor.get('/');
  const title = 'A & B <c> "d"';
  await staff.post('/admin/website/pages/new?kind=post', {
    ...page,
    title,
    body: '<p>1 &lt; 2 &amp; 3</p>',
  });
  for (const [path, type] of [
    ['/feed.xml', 'application/atom+xml'],
    ['/sitemap.xml', 'application/xml'],
  ] as const) {
    const answer = await visitor.get(path);
    t.true(answer.headers.get('Content-Type')?.startsWith(type));
    t.is(faultOfXml(answer.body), undefined);
    t.true(answer.body.includes('/actualites/a-b-c-d'));
  }
  t.regex((await visitor.get('/robots.txt')).body, /^Sitemap: http/m);
});

/** Tags in pairs, no bare signs: enough to tell a feed that readers refuse. */
function faultOfXml(xml: string): string | undefined {
  const open: string[] = [];
  if (/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(xml)) return 'a bare &';
  for (const [tag, end, name, own] of xml.matchAll(/<(\/?)([a-z:]+)[^<>]*?(\/?)>/gi)) {
    if (own) continue;
    if (!end) open.push(name ?? '');
    else if (open.pop() !== name) return tag;
  }
  return open[0];
}

test.serial('each chapter has its own site and sees no other’s pages or claims', async (t) => {
  const app = await shared();
  const lyon = await app.chapter('Lyon');
  await app.visitor().get('/');
  await app.visitor().post('/rejoindre', { email: 'paris@example.org' });
  const staff = await app.staff('web-editor', lyon);
  const list = await staff.get('/admin/@lyon/website');
  t.is(list.status, 200);
  const { findPages, findPage } = await import('./page.sql.ts');
  const { countSubmissions } = await import('./submission.sql.ts');
  const [first] = await findPages(app.scope());
  t.is(await findPage(app.scope(lyon), first?.id ?? ''), undefined);
  const since = new Date('2026-01-01');
  t.deepEqual(await countSubmissions(app.scope(lyon), since), { waiting: 0, confirmed: 0 });
  t.true((await countSubmissions(app.scope(), since)).waiting > 0);
});

test.serial('an erased person leaves no claim behind', async (t) => {
  const app = await shared();
  const scope = app.scope();
  const email = 'gone@example.org';
  const people = app.get('website')(People);
  const { id } = await people.upsert(scope, { emailAddress: email, source: 'test' });
  await app.visitor().post('/rejoindre', { ...someone, email });
  const subject = app.house.registry.find('website')?.contributions.subject;
  const kept = [];
  for await (const record of subject?.export(scope, id) ?? []) kept.push(record);
  t.like(kept[0]?.row, { email, givenName: 'Jeanne' });
  await scope.write(async (own) => subject?.erase(own, id));
  t.is(await claimsOf(app, email), 0);
});

test.serial('what is written on the sheet is saved as the same clean text', async (t) => {
  const app = await shared();
  const staff = await app.staff();
  const { page: tab, violations } = await openBrowser(t, { width: 390 });
  const cookies = [...staff.cookies].map(([name, value]) => ({ name, value, url: app.url }));
  await tab.context().addCookies(cookies);
  await tab.goto(`${app.url}/admin/website/pages/new?kind=page`);
  await tab.fill('#f-title', 'Written by hand');
  await tab.click('.rich-sheet');
  await tab.keyboard.type('Plain and ');
  await tab.click('.rich-tools button[title="Bold"]');
  await tab.keyboard.type('loud');
  t.deepEqual(await violations(), []);
  await tab.click('.editor .acts button');
  await tab.waitForURL(/pages\/\d+$/);
  t.is(await tab.inputValue('#f-body'), '<p>Plain and <strong>loud</strong></p>');
});

// What came of a send: its links name it and nobody, who signs up by one is counted once, and stays counted when erased.
import test from 'ava';
import type { App } from 'rostra/testing';
import { scene } from './fixture.ts';
import { markedLink, Outreach } from './index.ts';

test('a link to the party’s own pages bears the mark, any other is as it was written', (t) => {
  const of = { site: 'https://parti.example', mark: '9f3a' };
  for (const [href, expected] of [
    ['/agir', '/agir?tracking=9f3a'],
    ['/agir?a=1#haut', '/agir?a=1&tracking=9f3a#haut'],
    ['https://parti.example', 'https://parti.example?tracking=9f3a'],
    ['https://PARTI.example/agir', 'https://PARTI.example/agir?tracking=9f3a'],
    ['/agir?tracking=affiche', '/agir?tracking=affiche'],
    ['/uploads/tract.pdf', '/uploads/tract.pdf'],
    ['https://parti.example.evil.example/', 'https://parti.example.evil.example/'],
    ['http://parti.example/agir', 'http://parti.example/agir'],
    ['//autre.example/', '//autre.example/'],
    ['https://x.example/b', 'https://x.example/b'],
    ['mailto:a@parti.example', 'mailto:a@parti.example'],
    ['tel:+33612345678', 'tel:+33612345678'],
    ['pas un lien', 'pas un lien'],
  ] as const) {
    t.is(markedLink(href, of), expected);
  }
});

async function tokenOf(app: App, email: string): Promise<string> {
  const found = await app.house.database.db.raw(
    'select html from core.outbox where to_address = :email order by id desc limit 1',
    { email },
  );
  return /\/confirm\/([\w-]+)/.exec(found.rows[0]?.html)?.[1] ?? '';
}

test('who signs up by a link of a letter is counted in its results, once, also after a fault of typing and once erased', async (t) => {
  const s = await scene(t, { count: 2 });
  const blocks = [
    { kind: 'paragraph', text: 'Lisez [ailleurs](https://x.example/b) ou [ici](/rejoindre).' },
    { kind: 'button', text: 'Je participe' },
  ].map((one) => ({ ...one, href: one.kind === 'button' ? '/rejoindre' : '' }));
  const id = await s.app
    .get('outreach')(Outreach)
    .create(s.scope, {
      ...{ channel: 'email', name: 'Une lettre', newsletterId: s.newsletterId },
      content: { subject: 'Une lettre', preheader: '', blocks },
    });
  await s.releaseNow(id);
  await s.app.drain();
  const [one, two] = s.sink.taken.map(({ html }) =>
    [...String(html).matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href),
  );
  const marked = (one ?? []).filter((href) => href.includes('tracking='));
  t.is(marked.length, 2);
  t.is(new Set(marked).size, 1, 'one mark in all of them');
  t.deepEqual(
    marked,
    (two ?? []).filter((href) => href.includes('tracking=')),
    'and the same for every reader',
  );
  t.true(one?.includes('https://x.example/b'));
  t.true(s.sink.taken[0]?.text?.includes(marked[0] ?? ''), 'in plain text too');

  const [visitor, email] = [s.app.visitor(), 'noor@example.org'];
  const page = await visitor.get(marked[0] ?? '');
  t.is(page.status, 200);
  t.is(page.headers.get('Set-Cookie'), null);
  const typed = { email: 'pas une adresse', emailConsent: 'true' };
  const fault = await visitor.post('/rejoindre', typed, { Referer: marked[0] ?? '' });
  t.is(fault.status, 422);
  const [, tracking = ''] = /name="tracking" value="(\w+)"/.exec(fault.body) ?? [];
  await visitor.post('/rejoindre', { ...typed, email, tracking });
  const confirm = `/confirm/${await tokenOf(s.app, email)}`;
  t.is((await came(s, id)).join(), 'Inscription confirmée 0');
  await visitor.post(confirm, {});
  await visitor.post(confirm, {});
  t.is((await came(s, id)).join(), 'Inscription confirmée 1');
  await visitor.post('/rejoindre', { ...typed, email: 'autre@example.org' });
  await visitor.post(`/confirm/${await tokenOf(s.app, 'autre@example.org')}`, {});
  t.is((await came(s, id)).join(), 'Inscription confirmée 1', 'by no link of it');
  const { rows } = await s.scope.db.raw(
    'select person_id from people.email_address where address = :email',
    { email },
  );
  await s.app.house.subjects.erase(s.app.scope(), String(rows[0].person_id));
  t.is((await came(s, id)).join(), 'Inscription confirmée 1');
});

/** As the file of its results says it, read by staff of the chapter that sent it. */
async function came(s: Awaited<ReturnType<typeof scene>>, id: string): Promise<string[]> {
  const staff = await s.app.staff('organiser', s.chapter);
  await s.app.house.database.db.raw(`update core.account set locale = 'fr'`);
  const { body } = await staff.get(`/admin/@lyon/outreach/${id}/results`);
  return body.split(/\r?\n/).flatMap((line) => {
    const [what = '', count = ''] = line.split(/[;,]/);
    return /nscription/.test(what) ? [`${what} ${count}`] : [];
  });
}

// The calendar on a whole server: entered by staff, kept by the core, seen in the admin, lifted by itself.
import test from 'ava';
import { type App, type Client, makeApp } from 'rostra/testing';

const answers = {
  name: 'Municipal election',
  kind: 'municipal',
  constituency: 'Lyon',
  country: 'FR',
  place: '69123',
  timeZone: 'Europe/Paris',
  day1: '2026-12-06',
  closes1: '18:00',
};
const eve = '2026-12-04T23:30:00Z';

async function scene(t: Parameters<typeof makeApp>[0]): Promise<{ app: App; staff: Client }> {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2026-12-04T20:00:00Z' });
  return { app, staff: await app.staff('data-protection') };
}
const enter = (staff: Client, more: object = {}) =>
  staff.post('/admin/elections/new', { ...answers, ...more });

test('staff enter an election and see from when until when, by which text, what is stopped', async (t) => {
  const { app, staff } = await scene(t);
  t.regex((await staff.get('/admin/elections')).body, /No election yet/);
  const made = await enter(staff, { day2: '2026-12-13', closes2: '18:00' });
  t.is(made.status, 303);
  const { body } = await staff.get(made.location ?? '');
  t.regex(body, /From December 5, 2026 at 00:00 GMT\+1 to December 6, 2026 at 18:00 GMT\+1/);
  t.regex(body, /From December 12, 2026 at 00:00 GMT\+1 to December 13, 2026 at 18:00 GMT\+1/);
  t.regex(body, /Code électoral, art\. L49/);
  t.regex(body, /new or changed pages of the site/);
  t.regex(body, /Code électoral, art\. L52-1/);
  t.notRegex((await staff.get('/admin')).body, /Election silence until/);
  t.regex((await staff.get('/admin')).body, /Silence is coming/);
  t.is((await (await app.staff('organiser')).get('/admin/elections/new')).status, 403);
});

test('while it is on every page of the admin says so, and then no more', async (t) => {
  const { app, staff } = await scene(t);
  await enter(staff);
  app.clock.set('2026-12-04T22:59:59Z');
  t.notRegex((await staff.get('/admin/outbox')).body, /Election silence until/);
  app.clock.set('2026-12-04T23:00:00Z');
  const page = (await staff.get('/admin/outbox')).body;
  t.regex(page, /Election silence until December 6, 2026 at 18:00/);
  t.regex(page, /Municipal election, since December 5, 2026 at 00:00/);
  t.regex(page, /href="\/admin\/elections\/\d+"/);
  app.clock.set('2026-12-06T17:00:00Z');
  const after = await (await app.staff()).get('/admin/outbox');
  t.is(after.status, 200);
  t.notRegex(after.body, /Election silence until/);
});

test('it concerns the chapters below and the party above, not a sister', async (t) => {
  const { app, staff } = await scene(t);
  const [lyon, nice] = [await app.chapter('Lyon'), await app.chapter('Nice')];
  const ofLyon = await app.staff('administrator', lyon);
  await ofLyon.post('/admin/@lyon/elections/new', answers);
  app.clock.set(eve);
  const isSilent = async (id?: string) =>
    (await app.house.silence.at(app.scope(id), ['message.email'])) !== undefined;
  t.true(await isSilent(lyon));
  t.true(await isSilent());
  t.false(await isSilent(nice));
  t.regex((await ofLyon.get('/admin/@lyon')).body, /href="\/admin\/@lyon\/elections\/\d+"/);
  await enter(staff);
  t.true(await isSilent(nice));
  const ofNice = await app.staff('administrator', nice);
  t.regex((await ofNice.get('/admin/@nice')).body, /Election silence until/);
  t.is((await ofNice.get('/admin/@nice/elections/2')).status, 200);
  t.is((await ofNice.post('/admin/@nice/elections/2/delete', {})).status, 404);
  t.is((await ofNice.get('/admin/@nice/elections/1')).status, 404);
});

test('changed or removed, it is at once as it says now', async (t) => {
  const { app, staff } = await scene(t);
  const at = (await enter(staff)).location;
  app.clock.set(eve);
  const isSilent = async () => (await app.house.silence.at(app.scope())) !== undefined;
  t.true(await isSilent());
  const later = await staff.post(`${at}/edit`, { ...answers, day1: '2026-12-20' });
  t.is(later.status, 303);
  t.false(await isSilent());
  await staff.post(`${at}/edit`, answers);
  t.true(await isSilent());
  await staff.post(`${at}/delete`, {});
  t.false(await isSilent());
});

test('a part that votes on another day has its own clock', async (t) => {
  const { staff } = await scene(t);
  const part = { place3: 'Tahiti', day3: '2026-12-05', closes3: '17:00' };
  const made = await enter(staff, { ...part, timeZone3: 'Pacific/Tahiti' });
  const { body } = await staff.get(made.location ?? '');
  t.regex(body, /From December 4, 2026 at 00:00 GMT−10 to December 5, 2026 at 17:00 GMT−10/);
  t.regex(body, /On your organization’s clock: from December 4, 2026 at 11:00 GMT\+1/);
  const form = (await staff.get(`${made.location}/edit`)).body;
  t.regex(form, /<details class="more" open>/);
  t.regex(form, /value="Tahiti"/);
});

const wrong: [string, object, RegExp][] = [
  ['no day', { day1: '' }, /Give the polling day/],
  ['a day without its hour', { day2: '2026-12-13' }, /last polling station closes\./],
  ['an hour without its day', { closes2: '18:00' }, /Give the polling day/],
  ['a part without a name', { day3: '2026-12-05', closes3: '17:00' }, /Name the place/],
  ['an unknown zone', { timeZone: 'Europe/Atlantis' }, /Choose a time zone/],
  ['an unknown country', { country: 'ZZ' }, /Choose a country/],
  ['a day that is none', { day1: '2026-02-30' }, /class="fault"/],
  ['the same day twice', { day2: '2026-12-06', closes2: '18:00' }, /stands here twice/],
];
test('what does not fit is said beside its field, and nothing is kept', async (t) => {
  const { staff } = await scene(t);
  for (const [what, more, said] of wrong) {
    const { status, body } = await enter(staff, more);
    t.is(status, 422, what);
    t.regex(body, said, what);
    t.regex(body, /value="Lyon"/, what);
  }
  t.regex((await staff.get('/admin/elections')).body, /No election yet/);
});

// When nobody tells of elections: a calendar that failed holds back, one that was switched off on purpose is only missed aloud.
import test from 'ava';
import { type App, makeApp } from './app.ts';
import { outsider } from './outsider.ts';
import { startMailSink } from './silence.ts';

const broken = {
  id: 'votes',
  plugin: "throw new Error('not today');\n",
  manifest: { offers: ['core.ElectionCalendar'] },
  files: {
    'locales/en.json': '{"votes.plugin.name":"The votes"}',
    'locales/fr.json': '{"votes.plugin.name":"Les votes"}',
  },
};
const send = (app: App, to: string, bulk: boolean) =>
  app.house.mail('core').send(app.scope(), { to, bulk, view: 'mail/test', data: {} });
const page = { title: 'Our answer', body: '<p>Words</p>', inMenu: 'false', when: 'now' };

test('while a calendar is faulty nothing goes to many and nothing is published, and the admin says whose fault it is', async (t) => {
  const sink = await startMailSink(t);
  const plugins = [outsider(t, broken)];
  const app = await makeApp(t, { jurisdiction: 'fr', plugins, smtpUrl: sink.url });
  await app.visitor().get('/');
  const staff = await app.staff();
  await send(app, 'many@example.org', true);
  await send(app, 'one@example.org', false);
  await app.drain();
  t.deepEqual(sink.readers, ['one@example.org']);
  for (const path of ['/admin', '/admin/outbox', '/admin/law']) {
    const { status, body } = await staff.get(path);
    t.is(status, 200, path);
    t.regex(body, /“The votes” failed, and nobody knows which elections it holds/, path);
  }
  const refused = await staff.post('/admin/website/pages/new', page);
  t.is(refused.status, 422);
  t.regex(refused.body, /“The votes” failed/);
  t.regex(refused.body, /value="Our answer"/);

  t.is((await staff.post('/admin/plugins/votes/switch', { on: 'false' })).status, 303);
  t.notRegex((await staff.get('/admin')).body, /“The votes” failed/);
  t.is((await staff.post('/admin/website/pages/new', page)).status, 303);
  await send(app, 'one@example.org', false);
  await app.drain();
  t.is(sink.readers.at(-1), 'many@example.org');
});

test('where the law knows no silence nobody waits for a faulty calendar', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us', plugins: [outsider(t, broken)] });
  t.is(await app.house.silence.at(app.scope()), undefined);
  t.notRegex((await (await app.staff()).get('/admin')).body, /“The votes” failed/);
});

test('switched off by the party, home and law say that silence is not watched, and nothing waits', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', now: '2027-04-10T10:00:00Z' });
  const staff = await app.staff();
  await staff.post('/admin/elections/new', {
    ...{ name: 'Presidential', kind: 'presidential', constituency: 'France', country: 'FR' },
    ...{ timeZone: 'Europe/Paris', day1: '2027-04-11', closes1: '20:00' },
  });
  for (const path of ['/admin', '/admin/law'])
    t.notRegex((await staff.get(path)).body, /Nobody watches over election silence/);
  await staff.post('/admin/plugins/elections/switch', { on: 'false' });
  for (const path of ['/admin', '/admin/law'])
    t.regex((await staff.get(path)).body, /Nobody watches over election silence here/, path);
  t.is(await app.house.silence.at(app.scope()), undefined);
});

test('a plugin that tells of elections without saying so in its manifest is refused', async (t) => {
  const plugin = `import { ElectionCalendar } from 'rostra/plugin';
export default { provide(bind) { bind(ElectionCalendar, () => ({ near: async () => [] })); }, contribute: () => ({}) };\n`;
  const app = await makeApp(t, { plugins: [outsider(t, { id: 'votes', plugin })] });
  t.regex(app.house.registry.find('votes')?.fault ?? '', /must stand in offers/);
});

// `rostra plugin check` tells an author of each mistake in a sentence that names its file.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { pluginFaults } from './check.ts';
import { outsider } from './outsider.ts';
import { root } from './sources.ts';

const plugin = `import { permit, router } from 'rostra/plugin';
const admin = router();
admin.get('/', permit('clubs.read'), (ctx) => ctx.render('list', { title: ctx.scope.t('clubs.title') }));
const subject = { async *export() {}, erase: async () => ({ done: true }), merge: async () => {} };
export default { contribute: () => ({ admin, subject }) };
`;
const migration = `export async function up(db) {
  await db.raw('create table clubs.member (id bigint)');
  for (const table of ['member']) await db.raw(\`select core.secure('clubs.\${table}', 'true')\`);
}
`;
const practice = {
  ...{ data: 'user', purpose: 'clubs.why', basis: 'consent', source: 'person', keep: 'P1Y' },
  ...{ tables: ['clubs.member'], processors: [] },
};
const sentences = {
  'clubs.plugin.name': 'Clubs',
  'clubs.plugin.does': 'Keeps clubs.',
  'clubs.may': 'See clubs',
  'clubs.why': 'To know who is in a club',
  'clubs.title': '{count, plural, one {A club} other {# clubs}}',
};
const whole: Record<string, string> = {
  'migrations/0001_member.ts': migration,
  'views/admin/list.eta': '<h1><%= it.title %></h1>',
  'locales/en.json': JSON.stringify(sentences),
  'locales/fr.json': JSON.stringify(sentences),
};

/** What is said of the whole plugin once something in it is changed. */
function faultsWith(t: ExecutionContext, files: Record<string, string>, code = plugin) {
  const manifest = {
    permissions: { 'clubs.read': 'clubs.may' },
    dataPractices: [practice],
  };
  const all = { ...whole, ...files };
  return pluginFaults(outsider(t, { id: 'clubs', plugin: code, manifest, files: all }));
}

test('a plugin that is whole has no faults, and neither has the tutorial’s', async (t) => {
  t.deepEqual(await faultsWith(t, {}), []);
  t.deepEqual(await pluginFaults(join(root, 'plugins', 'example')), []);
});

test('a table that nobody answers for, and one that is open to other chapters, are named', async (t) => {
  const sql =
    "db.raw('create table clubs.member (id bigint); create table clubs.house (id bigint)')";
  const faults = await faultsWith(t, {
    'migrations/0001_member.ts': `export const up = (db) => ${sql};\n`,
  });
  t.is(faults.length, 2);
  t.regex(faults[0] ?? '', /name clubs\.house in dataPractices, or in impersonal/);
  t.regex(faults[1] ?? '', /clubs\.member is personal.*core\.secure/);
});

test('a sentence that is missing in one language, or cannot be formed, is named with who needs it', async (t) => {
  const { 'clubs.title': _, ...rest } = sentences;
  const faults = await faultsWith(t, {
    'locales/en.json': JSON.stringify({ ...sentences, 'clubs.may': '{broken' }),
    'locales/fr.json': JSON.stringify(rest),
  });
  t.deepEqual(faults, [
    'locales/en.json: clubs.may is no ICU message.',
    'locales/fr.json: clubs.title is missing (plugin.ts).',
  ]);
});

test('a view with a typo, one that is not there, and a misspelt permission are named', async (t) => {
  const broken = await faultsWith(t, { 'views/admin/list.eta': '<% if (it.title { %>x<% } %>' });
  t.regex(broken.join(), /list\.eta/);
  const misspelt = plugin.replace("'list'", "'lits'").replace("'clubs.read'", "'clubs.raed'");
  const faults = await faultsWith(t, {}, misspelt);
  t.is(faults.length, 2);
  t.regex(faults[0] ?? '', /plugin\.ts: The permission "clubs\.raed" is not in plugin\.json/);
  t.regex(faults[1] ?? '', /plugin\.ts: there is no view "lits"/);
});

test('a panel or an item for a place that nobody offers is named, and a slot of one’s own', async (t) => {
  const places = `{ admin, subject,
    panels: ['people.persn', 'core.home', 'shop.basket'].map((slot) =>
      ({ slot, view: 'list', data: async () => ({}) })),
    nav: [{ section: 'peopel', label: 'clubs.title', href: '/admin/clubs', permission: 'clubs.read' }] }`;
  const view = "<% it.panels('clubs.club') %>";
  const code = plugin.replace('{ admin, subject }', places);
  const faults = await faultsWith(t, { 'views/admin/more.eta': view }, code);
  t.is(faults.length, 4);
  t.regex(faults[0] ?? '', /the slot "people\.persn"/);
  t.regex(faults[1] ?? '', /the slot "shop\.basket"/);
  t.regex(faults[2] ?? '', /the section "peopel"; there are people, messages/);
  t.regex(faults[3] ?? '', /name the slot "clubs\.club" in slots/);
});

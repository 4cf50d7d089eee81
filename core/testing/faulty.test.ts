// A plugin that throws or hangs is named and takes nothing else down.
import test, { type ExecutionContext } from 'ava';
import { type App, makeApp } from './app.ts';
import { outsider } from './outsider.ts';

const empty = 'export default { contribute: () => ({}) };\n';

function brokenAtLoad(t: ExecutionContext): string[] {
  return [
    outsider(t, { id: 'throws-import', plugin: "throw new Error('not today');\n" }),
    outsider(t, { id: 'hangs-import', plugin: `await new Promise(() => {});\n${empty}` }),
    outsider(t, { id: 'no-plugin', plugin: 'export default {};\n' }),
    outsider(t, {
      id: 'throws-provide',
      plugin: "export default { provide() { throw new Error('no'); }, contribute: () => ({}) };\n",
    }),
    outsider(t, {
      id: 'asks-too-much',
      plugin: `import { token } from 'rostra/plugin';
export default { contribute(get) { get(token('people.People')); return {}; } };\n`,
    }),
    outsider(t, {
      id: 'no-subject',
      plugin: empty,
      manifest: {
        dataPractices: [
          {
            ...{ data: 'user', purpose: 'x', basis: 'consent', source: 'person', keep: 'P1Y' },
            ...{ tables: ['no_subject.thing'], processors: [] },
          },
        ],
      },
    }),
    outsider(t, {
      id: 'throws-migration',
      plugin: empty,
      files: { 'migrations/0001_x.ts': "export async function up() { throw new Error('no'); }\n" },
    }),
    outsider(t, { id: 'ill-timed', plugin: illTimed }),
    outsider(t, { id: 'open-door', plugin: openDoor }),
    outsider(t, { id: 'throws-start', plugin: throwsAtStart }),
    outsider(t, { id: 'needs-broken', requires: ['throws-import'], plugin: empty }),
    outsider(t, { id: 'needs-needing', requires: ['needs-broken'], plugin: empty }),
  ];
}

const throwsAtStart =
  "export default { contribute: () => ({ start: async () => { throw new Error('no'); } }) };\n";

/** Its cron would bring down whoever reads it. */
const illTimed =
  "export default { contribute: () => ({ jobs: [{ name: 'x', cron: 'now', async run() {} }] }) };\n";

const openDoor = `import { permit, router } from 'rostra/plugin';
const [admin, site] = [router(), router()];
admin.get('/list', (ctx) => { ctx.body = 'for everybody'; });
admin.get('/kept', permit('open-door.raed'), (ctx) => { ctx.body = 'kept'; });
site.get('/elsewhere', (ctx) => { ctx.body = 'not mine'; });
export default { contribute: () => ({ admin, site }) };
`;

const well = `import { router } from 'rostra/plugin';
export default {
  contribute() {
    const site = router();
    site.get('/well', (ctx) => { ctx.body = 'well'; });
    return { site };
  },
};
`;

function isNamed(app: App, plugin: string, where: RegExp): boolean {
  return app.house.registry.faults().some((one) => one.plugin === plugin && where.test(one.where));
}

test('one that fails at load goes alone, with those that require it, each named', async (t) => {
  const plugins = [
    outsider(t, { id: 'well', plugin: well, manifest: { paths: ['/well'] } }),
    ...brokenAtLoad(t),
  ];
  const app = await makeApp(t, { plugins });
  t.is((await app.visitor().get('/well')).body, 'well');
  const expected: [string, RegExp][] = [
    ['throws-import', /import/],
    ['hangs-import', /import/],
    ['no-plugin', /import/],
    ['throws-provide', /provide/],
    ['asks-too-much', /contribute/],
    ['no-subject', /contribute/],
    ['throws-migration', /migration/],
    ['ill-timed', /contribute/],
    ['open-door', /contribute/],
    ['throws-start', /start/],
    ['needs-broken', /import/],
    ['needs-needing', /import/],
  ];
  for (const [plugin, where] of expected) {
    t.is(app.house.registry.find(plugin)?.state, 'faulty', plugin);
    t.true(isNamed(app, plugin, where), plugin);
  }
  t.is(app.house.registry.faults().length, expected.length);
  t.regex(app.house.registry.find('needs-broken')?.fault ?? '', /requires "throws-import"/);
  t.regex(app.house.registry.find('ill-timed')?.fault ?? '', /has the cron "now"/);
  const open = app.house.registry.find('open-door')?.fault ?? '';
  t.regex(open, /GET \/list needs permit/);
  t.regex(open, /"open-door.raed" is not in plugin.json/);
  t.regex(open, /needs "\/elsewhere" in paths/);
  const page = await (await app.staff()).get('/admin/plugins');
  for (const [plugin] of expected) t.true(page.body.includes(`id="${plugin}"`), plugin);
  t.regex(page.body, /not today/);
});

const fallsLater = `import { router } from 'rostra/plugin';
const mode = () => globalThis.rostraFalls;
const site = router();
site.get('/falls', () => { throw new Error('fell'); });
site.get('/hangs', () => new Promise(() => {}));
site.get('/stands', (ctx) => { ctx.body = 'stands'; });
export default {
  contribute: () => ({
    site,
    jobs: [{ name: 'fall', maxAttempts: 1, async run() { throw new Error('fell'); } }],
    panels: [{ slot: 'core.home', view: 'none', async data() { throw new Error('fell'); } }],
    before: {
      async 'core.organization.moved'() {
        if (mode() === 'throws') throw new Error('fell');
        if (mode() === 'hangs') await new Promise(() => {});
      },
    },
    on: { async 'core.organization.moved'() { throw new Error('fell'); } },
  }),
};
`;

test('one that fails at work is named, and only what it was asked for fails', async (t) => {
  const mode = globalThis as { rostraFalls?: string };
  const folder = outsider(t, {
    id: 'falls',
    plugin: fallsLater,
    manifest: { paths: ['/falls', '/hangs', '/stands'] },
  });
  const app = await makeApp(t, { plugins: [folder], handlerMs: 2_000 });
  const visitor = app.visitor();
  const hanging = visitor.get('/hangs');
  t.is((await visitor.get('/falls')).status, 500);
  t.true(isNamed(app, 'falls', /GET \/falls/));
  t.is((await visitor.get('/stands')).body, 'stands');

  const staff = await app.staff();
  t.is((await staff.get('/admin')).status, 200);
  t.true(isNamed(app, 'falls', /panel/));

  const { Jobs } = await import('../services.ts');
  await app.scope().write((scope) => app.get('falls')(Jobs).add(scope, 'fall'));
  await app.drain();
  t.true(isNamed(app, 'falls', /job falls\.fall/));

  const move = (jurisdiction: string): Promise<void> =>
    app.house.verbs.updateOrganization(app.scope(), app.scope().organization.id, { jurisdiction });
  for (const how of ['throws', 'hangs']) {
    mode.rostraFalls = how;
    await t.throwsAsync(move('fr'), { message: /unavailable/ }, how);
    t.is(app.scope().organization.jurisdiction, 'us');
  }
  const before = app.house.registry.faults().filter(({ where }) => /^before/.test(where));
  t.is(before.length, 2);
  mode.rostraFalls = undefined;
  await move('fr');
  await app.drain();
  t.true(isNamed(app, 'falls', /on:core\.organization\.moved/));

  t.is((await hanging).status, 503);
  t.true(isNamed(app, 'falls', /GET \/hangs/));
  t.is((await visitor.get('/stands')).body, 'stands');
});

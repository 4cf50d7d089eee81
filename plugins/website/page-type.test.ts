import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { People } from 'rostra/people';
import { PageCache } from 'rostra/plugin';
import { type App, type AppOptions, makeApp, type Test } from 'rostra/testing';
import { SitePages } from './index.ts';

/** With the tutorial's plugin on, which brings a kind of page: how many offers of help are there, of how many wanted. */
async function start(t: Test, options: AppOptions = {}): Promise<App> {
  const app = await makeApp(t, options);
  await switchTo(app, true);
  await app.visitor().get('/');
  return app;
}
const switchTo = (app: App, on: boolean) =>
  app.house.verbs.switchPlugin(app.scope(), 'example', on);

/** One after another on one server. */
let app: App;
const ends: (() => unknown)[] = [];
test.before(async () => {
  app = await start({ teardown: (end) => void ends.unshift(end) });
});
test.after.always(async () => {
  for (const end of ends) await end();
});

const newPage = '/admin/website/pages/new?type=example.offers';
const given = {
  ...{ body: '<p>We start at seven.</p>', when: 'now' },
  ...{ 'settings.goal': '20', 'settings.wanted': 'Drivers' },
};

/** Where staff edit it. */
async function makePage(title: string, more: Record<string, string> = {}): Promise<string> {
  const editor = await app.staff('web-editor');
  const made = await editor.post(newPage, { ...given, title, ...more });
  return made.location ?? '';
}

test.serial(
  'an editor chooses a kind that a plugin brings, fills it in, and a visitor sees its part',
  async (t) => {
    const editor = await app.staff('web-editor');
    const choice = await editor.get('/admin/website/pages/new');
    t.regex(
      choice.body,
      /kind=page"[\s\S]*kind=post"[\s\S]*kind=sign_up"[\s\S]*type=example\.offers"/,
    );
    t.regex(choice.body, /Offers page[\s\S]*People read how much help was offered/);
    const form = await editor.get(newPage);
    t.regex(form.body, /name="settings\.goal"[^>]*value="20"/, 'as it is usual');
    t.regex(form.body, /Offers wanted[\s\S]*What is needed most/);

    const made = await editor.post(newPage, { ...given, title: 'A hand for Saturday' });
    t.is(made.status, 303, made.body);
    const shown = await app.visitor().get('/a-hand-for-saturday');
    t.is(shown.status, 200);
    t.regex(shown.body, /<h1>A hand for Saturday<\/h1>[\s\S]*We start at seven/);
    t.regex(shown.body, /we look for 20\.[\s\S]*<p>Drivers<\/p>[\s\S]*<footer/);
    t.regex((await editor.get('/admin/website')).body, /A hand for Saturday[\s\S]*Offers page/);
    t.regex((await editor.get(made.location ?? '')).body, /settings\.wanted"[^>]*>\s*Drivers/);
  },
);

test.serial(
  'what is wrong with a setting stands beside it, told by the schema or by the type',
  async (t) => {
    const editor = await app.staff('web-editor');
    for (const goal of ['', 'many', '0']) {
      const answer = await editor.post(newPage, {
        ...given,
        title: 'Wrong settings',
        'settings.goal': goal,
      });
      t.is(answer.status, 422, goal);
      t.regex(answer.body, /id="f-settings\.goal-fault"/, goal);
      t.regex(answer.body, /We start at seven/, 'what was typed is still there');
    }
    const fields = { emailAddress: 'bo@example.org', source: 'test' };
    const { id } = await app.get('website')(People).upsert(app.scope(), fields);
    await app.scope().db.raw(
      `insert into example.offer (organization_id, person_id, reference, text, made_at)
       values (:organization, :id, 'x', 'Baking', :now)`,
      { id, organization: app.scope().organization.id, now: app.clock.now() },
    );
    const reached = await editor.post(newPage, {
      ...given,
      title: 'Wrong settings',
      'settings.goal': '1',
    });
    t.is(reached.status, 422);
    t.regex(
      reached.body,
      /id="f-settings\.goal-fault"[\s\S]*One offer is open already: aim higher/,
    );
    t.is((await app.visitor().get('/wrong-settings')).status, 404);
  },
);

test.serial('a draft is seen by its preview alone, with its part', async (t) => {
  const editor = await app.staff('web-editor');
  const at = await makePage('Not yet', { when: 'draft' });
  t.is((await app.visitor().get('/not-yet')).status, 404);
  const key = /\/preview\/([0-9a-f-]+)/.exec((await editor.get(at)).body)?.[1];
  const preview = await app.visitor().get(`/preview/${key}`);
  t.is(preview.status, 200);
  t.regex(preview.body, /we look for 20/);
  t.is(preview.headers.get('Cache-Control'), 'no-store');
});

test.serial(
  'off, the page is 404, in no menu and no map, and staff read why; on, it is there again',
  async (t) => {
    const [visitor, editor] = [app.visitor(), await app.staff('web-editor')];
    const at = await makePage('Off and on', { inMenu: 'true' });
    t.is((await visitor.get('/off-and-on')).status, 200);
    t.true((await visitor.get('/')).body.includes('href="/off-and-on"'));

    const key = /\/preview\/([0-9a-f-]+)/.exec((await editor.get(at)).body)?.[1];

    await switchTo(app, false);
    t.is((await visitor.get('/off-and-on')).status, 404, 'nor is it answered from what was kept');
    t.false((await visitor.get('/')).body.includes('href="/off-and-on"'));
    t.false((await visitor.get('/sitemap.xml')).body.includes('/off-and-on'));
    const list = (await editor.get('/admin/website')).body;
    t.regex(list, /do not see: [^<]*Off and on[\s\S]*The plugin “Offers of help” is off here/);
    t.regex(list, /Not shown/);
    t.is((await editor.get(newPage)).status, 404);
    const page = await editor.get(at);
    t.regex(page.body, /Visitors do not see this page/);
    t.false(page.body.includes('settings.goal'));
    t.false(page.body.includes(`/preview/${key}`), 'nothing is offered that leads nowhere');
    t.is((await visitor.get(`/preview/${key}`)).status, 404);
    const title = 'Two hands';
    const saved = await editor.post(at, { ...given, title, slug: 'two-hands', version: '1' });
    t.is(saved.status, 303, saved.body);

    await switchTo(app, true);
    const again = await visitor.get('/two-hands');
    t.regex(
      again.body,
      /<h1>Two hands<\/h1>[\s\S]*we look for 20\.[\s\S]*Drivers/,
      'nothing was lost',
    );
    t.is((await visitor.get('/off-and-on')).location, '/two-hands');
  },
);

test.serial(
  'its settings stand in the history and are brought back with the text, unless the type refuses them',
  async (t) => {
    const editor = await app.staff('web-editor');
    const at = await makePage('History');
    const edit = {
      ...given,
      title: 'History',
      'settings.goal': '50',
      'settings.wanted': '',
      version: '1',
    };
    t.is((await editor.post(at, edit)).status, 303);
    t.regex((await app.visitor().get('/history')).body, /we look for 50/);
    const first = /\/history\/(\d+)"/.exec((await editor.get(`${at}/history`)).body)?.[1];
    const then = await editor.get(`${at}/history/${first}`);
    t.regex(then.body, /Offers wanted[\s\S]*20[\s\S]*50[\s\S]*What is needed most[\s\S]*Drivers/);
    t.is((await editor.post(`${at}/history/${first}`, {})).status, 303);
    const back = (await app.visitor().get('/history')).body;
    t.regex(back, /we look for 20\.[\s\S]*Drivers/);

    const { db } = app.house.database;
    await db.raw(`update website.revision set settings = '{"goal": 0}' where id = ?`, [
      first ?? '',
    ]);
    const refused = await editor.post(`${at}/history/${first}`, {});
    t.is(refused.status, 422);
    t.regex(refused.body, /This cannot be brought back as it was/);
    t.is((await app.visitor().get('/history')).body, back);
  },
);

test.serial('who saves over a colleague’s settings sees both', async (t) => {
  const editor = await app.staff('web-editor');
  const at = await makePage('Two editors');
  await editor.post(at, { ...given, title: 'Two editors', 'settings.goal': '30', version: '1' });
  const late = await editor.post(at, {
    ...given,
    title: 'Two editors',
    'settings.goal': '40',
    version: '1',
  });
  t.is(late.status, 409);
  t.regex(late.body, /Offers wanted[\s\S]*30[\s\S]*40[\s\S]*name="settings\.goal"[^>]*value="40"/);
});

test.serial(
  'a page below another, and another below it, keep their addresses in step',
  async (t) => {
    const editor = await app.staff('web-editor');
    const at = await makePage('Parent');
    const parentId = at.split('/').at(-1) ?? '';
    const below = { title: 'Tents', when: 'now', parentId };
    await editor.post('/admin/website/pages/new?kind=page', below);
    t.is((await app.visitor().get('/parent/tents')).status, 200);
    await editor.post(at, { ...given, title: 'Parent', slug: 'saturday', version: '1' });
    t.is((await app.visitor().get('/parent/tents')).location, '/saturday/tents');
    t.is((await app.visitor().get('/saturday/tents')).status, 200);
  },
);

test.serial('the part is kept until its plugin drops it', async (t) => {
  await makePage('Kept');
  const visitor = app.visitor();
  t.regex((await visitor.get('/kept')).body, /we look for 20/);
  const { db } = app.house.database;
  await db.raw(`update website.page set settings = '{"goal": 99}' where type is not null`);
  t.regex((await visitor.get('/kept')).body, /we look for 20/);
  await app.scope().write((own) => app.get('example')(PageCache).drop(own));
  t.regex((await visitor.get('/kept')).body, /we look for 99/);
});

test.serial('a theme lays out the part and the page around it, as any view', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-theme-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    'theme.json': JSON.stringify({ id: 'marsh', name: 'Marsh', version: '1.0.0', core: '^1' }),
    'views/example/goal.eta': '<p>Marsh wants <%= it.goal %>.</p>',
    'views/website/typed.eta': '<h1><%= it.page.title %>!</h1><%= it.piece %><%= it.content %>',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const other = await start(t, { themes: [folder] });
  await other.house.settings.service('core').write(other.scope(), { theme: 'marsh' });
  const editor = await other.staff('web-editor');
  await editor.post(newPage, { ...given, title: 'Theme' });
  const { body } = await other.visitor().get('/theme');
  t.regex(body, /Theme!<\/h1><p>Marsh wants 20\.<\/p>\s*<p>We start at seven/);
});

test.serial(
  'a plugin finds the pages of its type, a chapter its own, a visitor those of the site',
  async (t) => {
    const [lyon, lille] = [await app.chapter('Lyon'), await app.chapter('Lille')];
    const editor = await app.staff('web-editor', lyon);
    const at = await editor.post(`/admin/@lyon${newPage.slice('/admin'.length)}`, {
      ...{ ...given, title: 'Found', when: 'draft' },
    });
    const id = at.location?.split('/').at(-1) ?? '';
    const pages = app.get('website')(SitePages);
    const found = await pages.find(app.scope(lyon), id);
    t.deepEqual(found, {
      ...{ id, organizationId: lyon, type: 'example.offers', path: '/found', title: 'Found' },
      ...{ settings: { goal: 20, wanted: 'Drivers' }, isPublic: false },
    });
    t.deepEqual(await pages.find(app.scope(), id), found);
    t.true((await pages.ofType(app.scope(), 'example.offers')).length > 1);
    t.deepEqual(await pages.ofType(app.scope(lyon), 'example.other'), []);
    const visitor = { kind: 'visitor' } as const;
    t.deepEqual(await pages.ofType(app.scope(lyon, visitor), 'example.offers'), [found]);
    t.is(await pages.find(app.scope(undefined, visitor), id), undefined);
    t.is(await pages.find(app.scope(lille), id), undefined);
    t.deepEqual(await pages.ofType(app.scope(lille), 'example.offers'), []);
    const sister = await app.staff('web-editor', lille);
    t.is((await sister.get(`/admin/@lille/website/pages/${id}`)).status, 404);
  },
);

test.serial(
  'a part that fails leaves title and text standing, and is told of in its plugin’s name',
  async (t) => {
    await makePage('Failing');
    const { db } = app.house.database;
    await db.raw('alter table example.offer rename to away');
    const { status, body, headers } = await app.visitor().get('/failing');
    t.is(status, 503);
    t.truthy(headers.get('Retry-After'));
    t.regex(body, /We start at seven[\s\S]*This part of the page is not available/);
    t.like(app.house.registry.faults().at(-1), {
      ...{ plugin: 'example', where: 'page type example.offers' },
    });
    await db.raw('alter table example.away rename to offer');
    t.is((await app.visitor().get('/failing')).status, 200);
  },
);

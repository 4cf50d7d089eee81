// Where the law says no to a plugin: absent, off at once, dormant, purged.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { purgePlugin } from '../plugin-purge.ts';
import { type App, makeApp } from './app.ts';
import { outsider } from './outsider.ts';

const id = 'social-match';
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const addresses = [
  `/admin/${id}`,
  `/admin/${id}/people/12/anything?q=1`,
  `/api/v1/${id}`,
  `/api/v1/${id}/candidates`,
  `/hooks/${id}/x`,
];

async function hasSchema(app: App): Promise<boolean> {
  const { db } = app.house.database;
  const { rows } = await db.raw(`select to_regnamespace('social_match') is not null as there`);
  return rows[0].there;
}

/** Told to whoever asks: what is off, by which rule, written where and when, and what is lawful instead. */
async function assertBlocked(t: ExecutionContext, app: App, path: string): Promise<void> {
  for (const method of methods) {
    const answer = await app.visitor().ask(method, path);
    t.is(answer.status, 451, `${method} ${path}`);
    t.regex(answer.headers.get('Cache-Control') ?? '', /no-store/, `${method} ${path}`);
    t.regex(answer.headers.get('Link') ?? '', /^<https?:[^>]+>; rel="blocked-by"$/, path);
    if (method === 'HEAD') continue;
    t.regex(answer.body, /capabilities\.enrich\.social/);
    t.regex(answer.body, /CNIL, communiqué du 8 novembre 2016/);
  }
}

async function told(app: App, personId: string): Promise<string[]> {
  const tables: string[] = [];
  for await (const { plugin, table } of app.house.subjects.export(app.scope(), personId)) {
    if (plugin === id) tables.push(table);
  }
  return tables;
}

async function makePersonWithCandidate(app: App): Promise<string> {
  const { db } = app.house.database;
  const now = app.clock.now();
  const { rows } = await db.raw(
    `with p as (
       insert into people.person (key, source, created_at, changed_at)
       values (gen_random_uuid(), 'test', :now, :now) returning id),
     s as (
       insert into social_match.search (organization_id, person_id, handle, state, asked_at)
       select :organizationId, id, 'a@b.example', 'waiting', :now from p)
     select id from p`,
    { now, organizationId: app.scope().organization.id },
  );
  return rows[0].id;
}

test.serial('under fr it is never imported, has no table and no place in the admin', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', isFresh: true, locale: 'en' });
  t.is(app.house.registry.find(id)?.state, 'absent');
  t.deepEqual(app.house.registry.find(id)?.contributions, {});
  t.false(await hasSchema(app));
  const staff = await app.staff();
  t.notRegex((await staff.get('/admin')).body, new RegExp(`href="/admin/${id}`));
  t.is((await staff.get(`/admin/${id}`)).status, 451);
});

test.serial('under fr its addresses say to anybody what is off, why, and what to do', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', isFresh: true, locale: 'en' });
  for (const path of addresses) await assertBlocked(t, app, path);
  const page = await app.visitor().get(`/admin/${id}`, { accept: 'text/html' });
  t.regex(page.body, /Matching with social profiles/);
  t.regex(page.body, /November 8, 2016|8 November 2016/);
  t.regex(page.body, /Ask people on the sign-up form/);
  const problem = JSON.parse((await app.visitor().get(`/api/v1/${id}`)).body);
  t.is(problem.plugin, id);
  t.is(problem.reasons.find((one: { pack: string }) => one.pack === 'fr')?.asOf, '2016-11-08');
});

test.serial('a plugin that the law denies is not evaluated, one that it allows is', async (t) => {
  const mark = (name: string): string => `globalThis.rostraEvaluated = '${name}';\n`;
  const evaluated = () => (globalThis as { rostraEvaluated?: string }).rostraEvaluated;
  const denied = outsider(t, {
    id: 'denied-one',
    needs: ['enrich.social'],
    plugin: `${mark('denied')}export default { contribute: () => ({}) };\n`,
  });
  await makeApp(t, { jurisdiction: 'fr', isFresh: true, plugins: [denied] });
  t.is(evaluated(), undefined);
  await makeApp(t, { jurisdiction: 'us', plugins: [denied] });
  t.is(evaluated(), 'denied');
});

test.serial('under us it is there', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us', isFresh: true });
  t.is(app.house.registry.find(id)?.state, 'loaded');
  t.true(await hasSchema(app));
  const staff = await app.staff();
  t.regex((await staff.get('/admin')).body, new RegExp(`href="/admin/${id}"`));
  t.is((await staff.get(`/admin/${id}`)).status, 200);
  t.is((await app.visitor().get(`/admin/${id}`)).status, 303);
});

test.serial(
  'moved from us to fr it is off at once, answers for its data, and is purged',
  async (t) => {
    const before = await makeApp(t, { jurisdiction: 'us', isFresh: true });
    const personId = await makePersonWithCandidate(before);
    const staff = await before.staff();
    t.is((await staff.get(`/admin/${id}`)).status, 200);
    const root = before.scope().organization.id;
    const jobs = before.get(id)((await import('../services.ts')).Jobs);
    await before.scope().write((scope) => jobs.add(scope, 'find', { personId }));

    await before.house.verbs.updateOrganization(before.scope(), root, { jurisdiction: 'fr' });
    t.is((await staff.get(`/admin/${id}`)).status, 451);
    t.notRegex((await staff.get('/admin')).body, new RegExp(`href="/admin/${id}`));
    t.deepEqual(await told(before, personId), ['social_match.search']);
    await before.drain();
    const skipped = await before.house.database.db.raw(
      `select act, subject_id from core.audit where act = 'core.job.skipped'`,
    );
    t.like(skipped.rows, [{ subject_id: `${id}.find` }]);
    const databaseUrl = before.house.config.databaseUrl;
    await before.stop();

    const app = await makeApp(t, { databaseUrl });
    t.is(app.house.registry.find(id)?.state, 'dormant');
    await assertBlocked(t, app, `/admin/${id}`);
    t.deepEqual(await told(app, personId), ['social_match.search']);

    const { file, rows } = await purgePlugin(app.house, app.scope(), id);
    t.is(rows, 1);
    t.is(statSync(file).mode & 0o777, 0o600);
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    t.like(JSON.parse(line), { table: 'social_match.search', row: { handle: 'a@b.example' } });
    t.false(await hasSchema(app));
    t.is(app.house.registry.find(id)?.state, 'absent');
    t.deepEqual(await told(app, personId), []);
    const { db } = app.house.database;
    const audit = await db.raw(
      `select subject_id from core.audit where act = 'core.plugin.purged'`,
    );
    t.deepEqual(audit.rows, [{ subject_id: id }]);
    await assertBlocked(t, app, `/admin/${id}`);
    await t.throwsAsync(purgePlugin(app.house, app.scope(), id), { message: /not-found/ });

    await app.house.verbs.updateOrganization(app.scope(), root, { jurisdiction: 'us' });
    await app.house.loadPlugins();
    t.is(app.house.registry.find(id)?.state, 'loaded');
    t.true(await hasSchema(app));
  },
);

test.serial('what is in use, or built upon, is not purged', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'us' });
  await t.throwsAsync(purgePlugin(app.house, app.scope(), id), { message: /core.plugin-on/ });
  for (const plugin of ['people', id]) {
    await app.house.verbs.switchPlugin(app.scope(), plugin, false);
  }
  await t.throwsAsync(purgePlugin(app.house, app.scope(), 'people'), { message: /referred-to/ });
  t.true(await hasSchema(app));
  t.deepEqual(readdirSync(join(app.house.config.data, 'purged')), []);
});

test.serial('a party under fr with a chapter under us has it there alone', async (t) => {
  const app = await makeApp(t, { jurisdiction: 'fr', isFresh: true });
  const chapter = await app.chapter('Ohio', 'us');
  await app.house.loadPlugins();
  t.is(app.house.registry.find(id)?.state, 'loaded');
  const staff = await app.staff();
  t.is((await staff.get(`/admin/@ohio/${id}`)).status, 200);
  t.is((await staff.get(`/admin/${id}`)).status, 451);
  t.false(app.house.registry.isOn(id, app.scope().organization));
  t.true(app.house.registry.isOn(id, app.scope(chapter).organization));
});

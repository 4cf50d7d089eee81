// The files of an outside plugin that uses all of the contract, and its own check of itself.
import type { Outsider } from './outsider.ts';

export function ridesFiles(): Omit<Outsider, 'id'> {
  return {
    manifest: {
      paths: ['/rides'],
      dataPractices: [
        {
          data: 'user.location',
          purpose: 'rides.purpose',
          basis: 'consent',
          source: 'person',
          keep: 'P1Y',
          tables: ['rides.ride'],
          processors: [],
        },
      ],
      permissions: { 'rides.ride.read': 'rides.may.read' },
      roles: { organiser: ['rides.ride.read'] },
      settings: {
        type: 'object',
        properties: { greeting: { type: 'string', minLength: 1, default: 'Hop in' } },
      },
    },
    plugin,
    files: {
      'ride.sql.ts': sql,
      'migrations/0001_ride.ts': migration,
      'views/site/rides.eta': '<p><%= it.line %></p>',
      'views/admin/list.eta': "<h1><%= it.t('rides.title') %></h1>",
      'views/admin/person.eta': "<p><%= it.t('rides.panel', { count: it.count }) %></p>",
      'locales/en.json': words('Rides', 'Offers {count} rides'),
      'locales/fr.json': words('Trajets', 'Propose {count} trajets'),
      'node_modules/shouter/package.json':
        '{"name":"shouter","version":"1.0.0","main":"index.cjs"}',
      'node_modules/shouter/index.cjs': 'exports.shout = (text) => text.toUpperCase();\n',
      'check.ts': check,
    },
  };
}

function words(title: string, panel: string): string {
  const keys = {
    'rides.plugin.name': title,
    'rides.title': title,
    'rides.panel': panel,
    'rides.purpose': title,
    'rides.may.read': title,
    'rides.settings.greeting': title,
  };
  return JSON.stringify(keys);
}

const plugin = `
import { Jobs, type Plugin, type Scope, Settings, permit, refused, router } from 'rostra/plugin';
import { shout } from 'shouter';
import * as rides from './ride.sql.ts';

const plugin: Plugin = {
  contribute(get) {
    const settings = get(Settings);
    const jobs = get(Jobs);
    const site = router();
    site.get('/rides', async (ctx) => {
      const { greeting } = await settings.read<{ greeting: string }>(ctx.scope);
      const count = await rides.countRides(ctx.scope);
      await ctx.render('rides', { title: 'Rides', line: shout(greeting) + ', ' + count + ' rides' });
    });
    const admin = router();
    admin.get('/', permit('rides.ride.read'), (ctx) => ctx.render('list', { title: 'Rides' }));
    const hooks = router();
    hooks.post('/', async (ctx) => {
      const body = await ctx.raw();
      if (ctx.get('X-Word') !== 'open') throw refused('rides.word', { status: 401 });
      await ctx.scope.write(async (scope) => {
        await rides.insertRide(scope, String(JSON.parse(body.toString()).personId));
        await jobs.add(scope, 'depart', {}, { key: 'depart' });
      });
      ctx.status = 204;
    });
    return {
      site,
      admin,
      hooks,
      jobs: [{ name: 'depart', run: (scope) => scope.write(rides.departAll) }],
      panels: [
        {
          slot: 'people.person',
          view: 'person',
          permission: 'rides.ride.read',
          data: async (scope: Scope, personId: string) => ({ count: await rides.countRides(scope, personId) }),
        },
      ],
      subject: {
        async *export(scope, personId) {
          for (const row of await rides.findRides(scope, personId)) yield { table: 'rides.ride', row };
        },
        async erase(scope, personId) {
          await rides.deleteRides(scope, personId);
          return { done: true };
        },
        merge: (scope, from, into) => rides.moveRides(scope, from, into),
      },
    };
  },
};
export default plugin;
`;

const sql = `
import type { Scope } from 'rostra/plugin';

export async function insertRide(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw(
    'insert into rides.ride (organization_id, person_id, at) values (:organizationId, :personId, :now)',
    { personId, organizationId: scope.organization.id, now: scope.now() },
  );
}
export async function countRides(scope: Scope, personId?: string): Promise<number> {
  const { rows } = await scope.db.raw(
    'select count(*) as count from rides.ride where left_at is null and (cast(:personId as bigint) is null or person_id = :personId)',
    { personId: personId ?? null },
  );
  return Number(rows[0].count);
}
export async function findRides(scope: Scope, personId: string) {
  return (await scope.db.raw('select at, left_at from rides.ride where person_id = :personId', { personId })).rows;
}
export async function departAll(scope: Scope): Promise<void> {
  await scope.db.raw('update rides.ride set left_at = :now', { now: scope.now() });
}
export async function deleteRides(scope: Scope, personId: string): Promise<void> {
  await scope.db.raw('delete from rides.ride where person_id = :personId', { personId });
}
export async function moveRides(scope: Scope, from: string, into: string): Promise<void> {
  await scope.db.raw('update rides.ride set person_id = :into where person_id = :from', { from, into });
}
`;

const migration = `
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(\`
    create table rides.ride (
      id bigint generated always as identity primary key,
      organization_id bigint not null references core.organization on delete restrict,
      person_id bigint not null references people.person on delete restrict,
      at timestamptz not null,
      left_at timestamptz
    );
    select core.secure('rides.ride', 'organization_id = any ((select core.visible())::bigint[])')\`);
}
export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table rides.ride');
}
`;

/** Names nothing of the core but what the contract offers. */
const check = `
import { Settings, Subjects, type Service, token, type Scope } from 'rostra/plugin';
import { makeApp, type Test } from 'rostra/testing';

interface People { upsert(scope: Scope, fields: object): Promise<{ id: string }> }
const People = token<People>('people.People');

export async function seen(t: Test): Promise<Record<string, unknown>> {
  const app = await makeApp(t, { plugins: [import.meta.dirname] });
  const get = app.get('rides');
  const scope = app.scope();
  const visitor = app.visitor();
  const staff = await app.staff('organiser');
  const line = async () => /<p>(.*)<\\/p>/.exec((await visitor.get('/rides')).body)?.[1];
  const person = await get(People).upsert(scope, { givenName: 'Ada', emailAddress: 'a@example.org', source: 'test' });
  const hook = (word: string) =>
    visitor.ask('POST', '/hooks/rides', {
      headers: { 'x-word': word, 'content-type': 'application/json' },
      body: JSON.stringify({ personId: person.id }),
    });
  const told = async (plugin: (id: string) => boolean) => {
    const tables = [];
    for await (const one of get(Subjects).export(scope, person.id)) if (plugin(one.plugin)) tables.push(one.table);
    return tables;
  };
  const result: Record<string, unknown> = {
    state: app.house.registry.find('rides')?.state,
    page: (await visitor.get('/rides')).status,
    greeting: await line(),
    unsigned: (await hook('shut')).status,
    hook: (await hook('open')).status,
    staff: (await staff.get('/admin/rides')).status,
    visitorAtStaffPage: (await visitor.get('/admin/rides')).status,
    chapterless: (await (await app.staff('treasurer')).get('/admin/rides')).status,
    panel: (await staff.get('/admin/people/' + person.id)).body.includes('Offers 1 rides'),
  };
  await get(Settings).write(scope, { greeting: 'All aboard' });
  result.setting = await line();
  result.settingsPage = (await (await app.staff()).get('/admin/settings')).status;
  result.story = await told((id) => id === 'rides');
  result.other = (await told((id) => id === 'social-match'));
  await app.drain();
  result.afterJob = await line();
  await get(Subjects).erase(scope, person.id);
  result.afterErase = await told((id) => id === 'rides');
  result.faults = app.house.registry.faults();
  return result;
}
`;

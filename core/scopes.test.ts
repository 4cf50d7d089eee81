import test from 'ava';
import { isAppError } from './errors.ts';
import { makeApp } from './testing/app.ts';

test.serial(
  'a write of a plugin that another process switched off is refused, unheard of here',
  async (t) => {
    const app = await makeApp(t);
    const root = app.house.organizations.root();
    if (!root) return t.fail();
    const request = { organizationId: root.id, actor: { kind: 'system', name: 'test' } as const };
    const { plugin } = {
      plugin: app.house.found.find(({ manifest }) => !manifest.requires)?.manifest.id,
    };
    const scope = app.house.scopes.make({ ...request, plugin });
    t.is(await scope.write(async () => 'written'), 'written');
    await app.house.database.db.transaction(async (db) => {
      await db.raw(
        `insert into core.plugin_switch (organization_id, plugin, is_on, changed_at)
       values (:id, :plugin, false, :now)`,
        { id: root.id, plugin, now: app.clock.now() },
      );
      await db.raw(`update core.version set version = version + 1 where name = 'house'`);
    });
    const error = await t.throwsAsync(scope.write(async () => 'written'));
    t.true(isAppError(error) && error.code === 'core.plugin-off');
  },
);

test.serial('a failed piece of a page does not spoil a chapter’s reads', async (t) => {
  const app = await makeApp(t);
  const lyon = await app.chapter('Lyon');
  const actor = {
    kind: 'staff',
    accountId: '1',
    name: 'Léa',
    permissions: new Set<string>(),
  } as const;
  await app.house.scopes.with({ organizationId: lyon, actor }, async (scope) => {
    await t.throwsAsync(scope.db.raw('select 1 from nowhere').then());
    await t.throwsAsync(scope.db.raw('select 1').then());
    await app.house.scopes.revive(scope);
    const { rows } = await scope.db.raw('select current_user as name');
    t.is(rows[0].name, 'rostra_chapter');
  });
});

test.serial(
  'a chapter’s staff can read only, and only what is theirs, between writes too',
  async (t) => {
    const app = await makeApp(t);
    const lyon = await app.chapter('Lyon');
    const lille = await app.chapter('Lille');
    const actor = {
      kind: 'staff',
      accountId: '1',
      name: 'Léa',
      permissions: new Set<string>(),
    } as const;
    await app.house.scopes.with({ organizationId: lyon, actor }, async (scope) => {
      const seen = async () =>
        (await scope.db('core.organization').select('id')).map(({ id }) => id);
      t.deepEqual(await seen(), [lyon]);
      await t.throwsAsync(scope.db('core.organization').update({ name: 'X' }).then());
      await app.house.scopes.revive(scope);
      await scope.write(async (own) =>
        own.db('core.organization').where({ id: lyon }).update({ name: 'Lyon 2' }),
      );
      t.deepEqual(await seen(), [lyon]);
      t.false((await seen()).includes(lille));
    });
  },
);

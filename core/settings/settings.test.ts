import test from 'ava';
import { makeTestHouse, type TestPlugin } from '../jobs/fixture.ts';

const plugin: TestPlugin = {
  manifest: {
    settings: {
      type: 'object',
      properties: {
        title: { type: 'string', minLength: 2, default: 'Hello' },
        rate: { type: 'integer', minimum: 1 },
        open: { type: 'boolean', default: true },
        apiKey: { type: 'string', 'x-secret': true },
      },
      required: ['title'],
    },
  },
  contributions: {},
};
const secret = 'sk-live-very-secret';

test('settings fall back to their defaults, and what a chapter does not change it inherits', async (t) => {
  const house = await makeTestHouse(t, { shop: plugin });
  const own = house.settings.service('shop');
  t.deepEqual(await own.read(house.scope(house.lyon)), { title: 'Hello', open: true });
  await own.write(house.scope(), { title: 'Party', rate: 3 });
  await own.write(house.scope(house.lyon), { title: 'Lyon' });
  const lyon = await own.read(house.scope(house.lyon));
  t.deepEqual(lyon, { title: 'Lyon', rate: 3, open: true });
  t.deepEqual(await own.read(house.scope(house.nice)), { title: 'Party', rate: 3, open: true });
  // What Lyon did not change still follows the party.
  await own.write(house.scope(), { rate: 5 });
  t.like(await own.read(house.scope(house.lyon)), { title: 'Lyon', rate: 5 });
});

test('what does not fit the schema is refused, field by field', async (t) => {
  const house = await makeTestHouse(t, { shop: plugin });
  const own = house.settings.service('shop');
  const error = await t.throwsAsync(own.write(house.scope(), { title: 'x', rate: 0, other: 1 }));
  const { faults } = (error as unknown as { details: { faults: { path: string }[] } }).details;
  t.deepEqual(faults.map(({ path }) => path).sort(), ['/other', '/rate', '/title']);
});

test('a secret is never in a row in clear and never shown again', async (t) => {
  const house = await makeTestHouse(t, { shop: plugin });
  const own = house.settings.service('shop');
  await own.write(house.scope(), { apiKey: secret });
  t.like(await own.read(house.scope(house.lyon)), { apiKey: secret });
  const { rows } = await house.database.db.raw(
    `select count(*) from (select to_jsonb(setting)::text as line from core.setting setting
       union all select to_jsonb(detail)::text from core.audit_detail detail) lines
     where line like :secret`,
    { secret: `%${secret}%` },
  );
  t.is(rows[0].count, '0');
  const view = await house.settings.view(house.scope(), 'shop');
  t.false(JSON.stringify(view).includes(secret));
  t.deepEqual(view?.secretsSet, ['apiKey']);

  await own.write(house.scope(), { title: 'Still there' });
  t.like(await own.read(house.scope()), { apiKey: secret });
  await house.settings.change(house.scope(), 'shop', {
    values: { title: 'Gone' },
    removeSecrets: ['apiKey'],
  });
  t.is((await own.read<{ apiKey?: string }>(house.scope())).apiKey, undefined);
});

test('who saves over what somebody else saved meanwhile is told', async (t) => {
  const house = await makeTestHouse(t, { shop: plugin });
  const before = await house.settings.view(house.scope(), 'shop');
  const revision = before?.revision;
  await house.settings.change(house.scope(), 'shop', { values: { title: 'One' }, revision });
  const late = house.settings.change(house.scope(), 'shop', { values: { title: 'Two' }, revision });
  await t.throwsAsync(late, { message: /core\.edited-meanwhile.*One/ });
});

test('the core’s own are in memory, and a change drops the pages of the sites below', async (t) => {
  const house = await makeTestHouse(t);
  await house.settings.reload();
  const party = house.organizations.find(house.party);
  const lyon = house.organizations.find(house.lyon);
  if (!party || !lyon) return t.fail();
  t.is(house.settings.coreOf(party).theme, 'plain');
  const version = house.versions.current(`site:${house.lyon}`);
  await house.settings.service('core').write(house.scope(), { theme: 'marsh' });
  t.is(house.settings.coreOf(lyon).theme, 'marsh');
  await house.versions.poll();
  t.not(house.versions.current(`site:${house.lyon}`), version);
});

test('a chapter names a public mail server only, the party one of its own house too', async (t) => {
  const house = await makeTestHouse(t, {});
  const set = (mailServer: string, organization?: string) =>
    house.settings.change(house.scope(organization), 'core', { values: { mailServer } });
  const inside = ['127.0.0.1', 'localhost:25', '[::1]', '10.0.0.7', '[::ffff:10.0.0.7]', '127.1'];
  for (const host of [...inside, 'nowhere.invalid', '9.9.9.9?proxy=http://10.0.0.7']) {
    const error = await t.throwsAsync(set(`smtp://${host}`, house.lyon), undefined, host);
    t.like(error, { code: 'core.invalid' }, host);
  }
  await t.notThrowsAsync(set('smtps://user:password@9.9.9.9:465', house.lyon));
  await t.notThrowsAsync(set('smtp://10.0.0.7'));
});

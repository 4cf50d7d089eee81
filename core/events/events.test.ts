import test from 'ava';
import { refused } from '../errors.ts';
import { makeTestHouse, type TestHouse, type TestPlugin } from '../jobs/fixture.ts';
import { makeJobs } from '../jobs/jobs.ts';
import type { EventInfo, Listeners } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import { makeEvents } from './events.ts';

const event = 'core.organization.moved';
type Listener = (scope: Scope, payload: object, event: EventInfo) => Promise<void>;

const before = (listener: Listener, requires: string[] = []): TestPlugin => ({
  manifest: { requires },
  contributions: { before: { [event]: listener } as Listeners },
});

function emit(house: TestHouse, note = 'done') {
  const events = makeEvents({ ...house, patience: 300 })('core');
  return house.scope().write(async (scope) => {
    await scope.db.raw(`select set_config('rostra.note', :note, true)`, { note });
    await events.emit(scope, event, { organizationId: house.party });
    const { rows } = await scope.db.raw(`select current_setting('rostra.note') as note`);
    return rows[0].note;
  });
}

test('listeners are asked before the act, in order of requires', async (t) => {
  const asked: string[] = [];
  const note = (name: string) => async () => void asked.push(name);
  const house = await makeTestHouse(t, {
    aa: before(note('aa'), ['zz']),
    zz: before(note('zz')),
  });
  await emit(house);
  t.deepEqual(asked, ['zz', 'aa']);
});

test('a listener that refuses stops the act, and its refusal is what the reader sees', async (t) => {
  const house = await makeTestHouse(t, {
    strict: before(async () => {
      throw refused('strict.not-today', {});
    }),
  });
  await t.throwsAsync(emit(house), { message: /strict\.not-today/ });
  t.deepEqual(house.registry.faults(), []);
});

test('a listener that throws stops the act too, and is named', async (t) => {
  const house = await makeTestHouse(t, {
    broken: before(async (scope) => {
      await scope.db.raw('select 1/0');
    }),
  });
  await t.throwsAsync(emit(house), { message: /core\.unavailable.*broken/ });
  t.is(house.registry.faults()[0]?.plugin, 'broken');
});

test('a listener that hangs stops the act, and is named', async (t) => {
  const house = await makeTestHouse(t, { sleepy: before(() => new Promise(() => {})) });
  await t.throwsAsync(emit(house), { message: /core\.unavailable.*sleepy/ });
  t.is(house.registry.faults()[0]?.plugin, 'sleepy');
});

test('who catches a refusal goes on in a transaction that is whole, without what the listener wrote', async (t) => {
  const house = await makeTestHouse(t, {
    strict: before(async (scope) => {
      await scope.db.raw(`select set_config('rostra.note', 'written by the listener', true)`);
      throw refused('strict.not-today', {});
    }),
  });
  const events = makeEvents(house)('core');
  const note = await house.scope().write(async (scope) => {
    await scope.db.raw(`select set_config('rostra.note', 'first', true)`);
    await events.emit(scope, event, { organizationId: house.party }).catch(() => {});
    const { rows } = await scope.db.raw(`select current_setting('rostra.note') as note`);
    return rows[0].note;
  });
  t.is(note, 'first');
});

test('a plugin that is off is not asked, and one may not emit what belongs to another', async (t) => {
  let asked = 0;
  const house = await makeTestHouse(t, {
    quiet: before(async () => {
      asked += 1;
    }),
  });
  await house.database.db.raw(
    `insert into core.plugin_switch values (:party, 'quiet', false, '2026-01-01')`,
    { party: house.party },
  );
  await house.organizations.reload();
  await emit(house);
  t.is(asked, 0);
  const events = makeEvents(house)('quiet');
  await t.throwsAsync(events.emit(house.scope(), event, { organizationId: '1' }), {
    message: /belongs to another/,
  });
});

test('each listener hears once the act is committed, each in a job of its own, with the event’s id', async (t) => {
  const heard: { name: string; id: string; payload: object }[] = [];
  const listener =
    (name: string): Listener =>
    async (_scope, payload, { id, at }) => {
      t.true(at instanceof Date);
      heard.push({ name, id, payload });
    };
  const on = (name: string): TestPlugin => ({
    contributions: { on: { [event]: listener(name) } as Listeners },
  });
  const house = await makeTestHouse(t, { one: on('one'), two: on('two') });
  const own = () => ({ jobs: [], on: {} });
  const runner = makeJobs({ ...house, audit: house.audit('core'), own });
  t.teardown(() => runner.stop());
  await t.throwsAsync(
    house.scope().write(async (scope) => {
      await makeEvents(house)('core').emit(scope, event, { organizationId: 'lost' });
      throw new Error('rolled back');
    }),
  );
  await emit(house);
  t.deepEqual(heard, []);
  await runner.drain();
  t.deepEqual(heard.map(({ name }) => name).sort(), ['one', 'two']);
  t.is(new Set(heard.map(({ id }) => id)).size, 1);
  t.deepEqual(heard[0]?.payload, { organizationId: house.party });
});

test('what concerns several organizations is heard in the scope of each, where the listener is on', async (t) => {
  const heard: string[] = [];
  const listener: Listener = async (scope) => void heard.push(scope.organization.name);
  const house = await makeTestHouse(t, {
    one: { contributions: { on: { [event]: listener } as Listeners } },
  });
  const { party, lyon, nice } = house;
  const own = () => ({ jobs: [], on: {} });
  const runner = makeJobs({ ...house, audit: house.audit('core'), own });
  t.teardown(() => runner.stop());
  await house.database.db.raw(
    `insert into core.plugin_switch values (:nice, 'one', false, '2026-01-01')`,
    { nice },
  );
  await house.organizations.reload();
  const concerned = [party, lyon, nice];
  await makeEvents(house)('core').emit(house.scope(), event, { organizationId: '1' }, concerned);
  await runner.drain();
  t.deepEqual(heard.sort(), ['Lyon', house.scope().organization.name]);
});

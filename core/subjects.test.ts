import test from 'ava';
import { makeTestHouse, type TestPlugin } from './jobs/fixture.ts';
import type { Erased, SubjectRights } from './plugin.ts';
import { forgetJob, makeSubjects } from './subjects.ts';

function keeper(name: string, calls: string[], more: Partial<SubjectRights> = {}): SubjectRights {
  return {
    async *export(_scope, personId) {
      yield { table: `${name}.thing`, row: { personId } };
    },
    async erase() {
      calls.push(`erase ${name}`);
      return { done: true } as Erased;
    },
    async merge(_scope, from, into) {
      calls.push(`merge ${name} ${from} ${into}`);
    },
    ...more,
  };
}

const plugin = (subject: SubjectRights, requires: string[] = []): TestPlugin => ({
  manifest: { requires },
  contributions: { subject },
});

test('export and merge go in order of requires, erasure the other way round', async (t) => {
  const calls: string[] = [];
  const house = await makeTestHouse(t, {
    above: plugin(keeper('above', calls), ['below']),
    below: plugin(keeper('below', calls)),
  });
  const subjects = makeSubjects(house)('core');
  const tables: string[] = [];
  for await (const { plugin, table } of subjects.export(house.scope(), '7')) {
    tables.push(`${plugin}: ${table}`);
  }
  t.deepEqual(tables, ['below: below.thing', 'above: above.thing']);
  await subjects.merge(house.scope(), '1', '2');
  await subjects.erase(house.scope(), '7');
  t.deepEqual(calls, ['merge below 1 2', 'merge above 1 2', 'erase above', 'erase below']);
});

test('erasure is whole or not at all, and says whom it waits for', async (t) => {
  const calls: string[] = [];
  const waits = async (): Promise<Erased> => ({ done: false, waitingFor: 'Processor' });
  const house = await makeTestHouse(t, {
    waiting: plugin(keeper('waiting', calls, { erase: waits })),
  });
  const subjects = makeSubjects(house)('core');
  t.deepEqual(await subjects.erase(house.scope(), '7'), { waitingFor: ['Processor'] });

  const fails = async (): Promise<Erased> => {
    throw new Error('broken');
  };
  const broken = await makeTestHouse(t, {
    broken: plugin(keeper('broken', calls, { erase: fails })),
  });
  const scope = broken.scope();
  await broken.audit('plugin').record(scope, { act: 'thing.made', personId: '7' });
  await t.throwsAsync(makeSubjects(broken)('core').erase(scope, '7'), { message: 'broken' });
  const { rows } = await broken.database.db.raw('select person_id from core.audit_detail');
  t.deepEqual(rows, [{ person_id: '7' }]);
  t.is(broken.registry.faults()[0]?.plugin, 'broken');
});

test('what the core keeps on a person is exported, merged and erased', async (t) => {
  const house = await makeTestHouse(t);
  const subjects = makeSubjects(house)('core');
  await house.audit('plugin').record(house.scope(), {
    act: 'person.seen',
    subject: { type: 'person', id: '7' },
    details: { email: 'anna@example.org' },
  });
  await subjects.merge(house.scope(), '7', '8');
  const tables: string[] = [];
  for await (const { table } of subjects.export(house.scope(), '8')) tables.push(table);
  t.deepEqual(tables, ['core.audit']);
  await subjects.erase(house.scope(), '8');
  const { rows } = await house.database.db.raw('select count(*) from core.audit_detail');
  t.is(rows[0].count, '0');
});

test('each night what may no longer be kept goes, and a plugin that fails holds up nobody', async (t) => {
  const broken = async () => {
    throw new Error('broken');
  };
  const house = await makeTestHouse(t, {
    aa: plugin(keeper('aa', [], { forget: broken })),
    bb: plugin(keeper('bb', [], { forget: async () => 3 })),
  });
  await forgetJob(house, house.audit('core')).run(house.scope(), {});
  t.is(house.registry.faults()[0]?.plugin, 'aa');
  const { rows } = await house.database.db.raw(
    `select subject_id, details from core.audit join core.audit_detail on audit_id = audit.id`,
  );
  t.deepEqual(rows, [{ subject_id: 'bb', details: { count: 3 } }]);
});

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { fixedClock } from '../clock.ts';
import { refused, unavailable } from '../errors.ts';
import type { Contributions } from '../plugin.ts';
import { makeTestHouse, type TestHouse } from './fixture.ts';
import { findJobs, retryJob } from './jobs.sql.ts';
import { type JobRunner, type JobsDeps, makeJobs } from './jobs.ts';

function makeRunner(
  t: { teardown(fn: () => unknown): void },
  house: TestHouse,
  more: Partial<JobsDeps> = {},
): JobRunner {
  const runner = makeJobs({
    ...house,
    audit: house.audit('core'),
    own: () => ({ jobs: [], on: {} }),
    ...more,
  });
  t.teardown(() => runner.stop());
  return runner;
}

function counting(ran: unknown[], run: (payload: unknown) => void = () => {}): Contributions {
  return {
    jobs: [
      {
        name: 'count',
        async run(scope, payload) {
          ran.push({ organization: scope.organization.slug, payload });
          run(payload);
        },
      },
    ],
  };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await isTrue()); i += 1) await sleep(50);
}

const all = (house: TestHouse) =>
  findJobs(house.database.db, { bound: undefined, now: house.clock.now(), limit: 100 });

test('a job runs once its transaction is committed, and is taken back with it', async (t) => {
  const ran: unknown[] = [];
  const house = await makeTestHouse(t, { counter: { contributions: counting(ran) } });
  const runner = makeRunner(t, house);
  const jobs = runner.service('counter');
  await runner.start();
  await t.throwsAsync(
    house.scope().write(async (scope) => {
      await jobs.add(scope, 'count', { id: 'lost' });
      throw new Error('rolled back');
    }),
  );
  await house.scope(house.lyon).write((scope) => jobs.add(scope, 'count', { id: 'kept' }));
  await until(() => ran.length > 0);
  t.deepEqual(ran, [{ organization: 'lyon', payload: { id: 'kept' } }]);
});

test('a plugin can add no job that it does not contribute', async (t) => {
  const house = await makeTestHouse(t, { counter: { contributions: counting([]) } });
  const jobs = makeRunner(t, house).service('counter');
  await t.throwsAsync(jobs.add(house.scope(), 'other'), { message: /no job called "other"/ });
});

test('a job of a plugin that is off is finished as skipped, with an audit row', async (t) => {
  const ran: unknown[] = [];
  const house = await makeTestHouse(t, { counter: { contributions: counting(ran) } });
  const runner = makeRunner(t, house);
  await runner.service('counter').add(house.scope(), 'count');
  await house.database.db.raw(
    `insert into core.plugin_switch values (:party, 'counter', false, '2026-01-01')`,
    { party: house.party },
  );
  await house.organizations.reload();
  await runner.drain();
  t.deepEqual(ran, []);
  t.deepEqual(await all(house), []);
  const { rows } = await house.database.db.raw('select act, subject_id from core.audit');
  t.deepEqual(rows, [{ act: 'core.job.skipped', subject_id: 'counter.count' }]);
});

test('what waits for a plugin that is no longer there is skipped too', async (t) => {
  const house = await makeTestHouse(t);
  await house.database.db.raw(
    `select graphile_worker.add_job('gone.deliver', json_build_object('organizationId', :party::text))`,
    { party: house.party },
  );
  await makeRunner(t, house).drain();
  t.deepEqual(await all(house), []);
});

test('a job that throws is named, tried again, and its error is kept without its words', async (t) => {
  const ran: unknown[] = [];
  const contributions = counting(ran, () => {
    throw new Error('Key (email)=(anna@example.org) already exists');
  });
  const house = await makeTestHouse(t, { counter: { contributions } });
  const runner = makeRunner(t, house);
  await runner.service('counter').add(house.scope(), 'count');
  await runner.drain();
  const [job] = await all(house);
  t.is(job?.state, 'retrying');
  t.false(job?.lastError?.includes('anna'));
  t.regex(job?.lastError ?? '', /^Error at core\/jobs\/jobs\.test\.ts:\d+$/);
  t.is(house.registry.faults()[0]?.plugin, 'counter');
  t.true(await retryJob(house.database.db, job?.id ?? '', undefined));
  await runner.drain();
  t.is(ran.length, 2);
});

test('a job that hangs is named and given up, and others go on', async (t) => {
  const ran: unknown[] = [];
  const hanging: Contributions = {
    jobs: [{ name: 'hang', run: () => new Promise(() => {}), maxAttempts: 1 }],
  };
  const house = await makeTestHouse(t, {
    counter: { contributions: counting(ran) },
    hanger: { contributions: hanging },
  });
  const runner = makeRunner(t, house, { patience: { name: 50, end: 300 }, concurrency: 1 });
  await runner.service('hanger').add(house.scope(), 'hang');
  await runner.service('counter').add(house.scope(), 'count');
  await runner.start();
  await until(() => ran.length > 0);
  t.is(ran.length, 1);
  t.is(house.registry.faults()[0]?.plugin, 'hanger');
  t.is((await all(house))[0]?.state, 'failed');
});

test('a job for later waits for the clock, whatever the machine says', async (t) => {
  const ran: unknown[] = [];
  const clock = fixedClock('2020-01-01T00:00:00Z');
  const house = await makeTestHouse(t, { counter: { contributions: counting(ran) } }, clock);
  const runner = makeRunner(t, house);
  await runner
    .service('counter')
    .add(house.scope(), 'count', {}, { runAt: new Date('2020-01-02') });
  await runner.drain();
  t.is(ran.length, 0);
  clock.set('2020-01-03');
  await runner.drain();
  t.is(ran.length, 1);
});

test('a timed job runs once an organization that has its plugin on', async (t) => {
  const ran: unknown[] = [];
  const house = await makeTestHouse(t, { counter: { contributions: counting(ran) } });
  await house.database.db.raw(
    `insert into core.plugin_switch values (:nice, 'counter', false, '2026-01-01')`,
    { nice: house.nice },
  );
  await house.organizations.reload();
  await house.database.db.raw(
    `select graphile_worker.add_job('counter.count', '{"_cron":{"ts":"2026-01-01"}}'::json)`,
  );
  await makeRunner(t, house).drain();
  const slugs = ran.map((one) => (one as { organization: string }).organization);
  t.deepEqual(slugs.sort(), ['lyon', 'party']);
});

test('a job whose worker was killed runs again when another starts', async (t) => {
  const ran: unknown[] = [];
  const house = await makeTestHouse(t, { counter: { contributions: counting(ran) } });
  const runner = makeRunner(t, house);
  await runner.service('counter').add(house.scope(), 'count');
  const child = spawn(
    process.execPath,
    [
      '--import=./core/typescript.mjs',
      fileURLToPath(new URL('./killed-worker.ts', import.meta.url)),
    ],
    { env: { ...process.env, KILLED_WORKER_DATABASE: house.database.url }, stdio: 'inherit' },
  );
  await until(async () => (await all(house))[0]?.state === 'running');
  // While it lives its job is its own.
  await runner.start();
  await sleep(300);
  t.is(ran.length, 0);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  await runner.stop();
  await runner.start();
  await until(() => ran.length > 0);
  t.is(ran.length, 1);
  await until(async () => (await all(house)).length === 0);
  t.deepEqual(await all(house), []);
});

test('the queue of a sister chapter is not shown and not touched', async (t) => {
  const house = await makeTestHouse(t, { counter: { contributions: counting([]) } });
  const runner = makeRunner(t, house);
  await runner.service('counter').add(house.scope(house.lyon), 'count');
  const [job] = await all(house);
  const now = house.clock.now();
  t.deepEqual(await findJobs(house.database.db, { bound: [house.nice], now, limit: 9 }), []);
  t.false(await retryJob(house.database.db, job?.id ?? '', [house.nice]));
});

test('an error that is one of the five keeps its code', async (t) => {
  const house = await makeTestHouse(t, {
    counter: {
      contributions: counting([], () => {
        throw unavailable('gateway', refused('x.y', {}));
      }),
    },
  });
  const runner = makeRunner(t, house);
  await runner.service('counter').add(house.scope(), 'count');
  await runner.drain();
  t.regex((await all(house))[0]?.lastError ?? '', /^core\.unavailable at /);
});

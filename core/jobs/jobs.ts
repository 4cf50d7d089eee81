// Jobs: queued in the caller's transaction, run by every process that is a worker, each in a scope of its own.

import type { Runner, TaskList } from 'graphile-worker';
import {
  type CronItem,
  Logger,
  parseCronItems,
  run,
  runMigrations,
  runOnce,
} from 'graphile-worker';
import pg from 'pg';
import { within } from '../bounded.ts';
import type { Core } from '../core.ts';
import { withoutWaiting } from '../database/connect.ts';
import type { Job, Listeners } from '../plugin.ts';
import type { Audit, Jobs } from '../services.ts';
import {
  addJob,
  findHolders,
  findWaitingTasks,
  laterFlag,
  releaseDue,
  unlockHolders,
} from './jobs.sql.ts';
import { type Lease, takeLease } from './lease.ts';
import { makeTasks } from './run.ts';
import { jobTask } from './task.ts';

/** A job of the core's own; `once`: its cron runs once for the party, not once an organization. */
export type OwnJob = Job & { once?: boolean };

export interface JobsDeps
  extends Pick<
    Core,
    'registry' | 'scopes' | 'database' | 'organizations' | 'clock' | 'log' | 'config' | 'versions'
  > {
  /** The core's audit: what was skipped is written there. */
  audit: Audit;
  /** Asked at each start, so that parts made later are heard too. */
  own: () => { jobs: OwnJob[]; on: Listeners };
  /** Milliseconds after which a running job is named as hanging, and after which it is given up. */
  patience?: { name: number; end: number };
  /** Jobs at a time; 5 if left out. */
  concurrency?: number;
}

export interface JobRunner {
  service: (plugin: string) => Jobs;
  /** Does nothing on a process that serves the web alone. */
  start(): Promise<void>;
  /** Takes up the jobs of plugins that were loaded since. */
  reload(): Promise<void>;
  /** Runs what is due by the clock until nothing is: for tests and commands, without a runner. */
  drain(): Promise<void>;
  /** Waits eight seconds for running jobs; those that go on are run again by another worker. */
  stop(): Promise<void>;
  /** The lock by which others know that this process lives. */
  lease(): Promise<Lease>;
}

const graceful = 8_000;
const lookForDeadEvery = 60_000;
const defaultPatience = { name: 5 * 60_000, end: 60 * 60_000 };

/** The queue's own tables; part of every migration. */
export async function migrateJobs({
  database,
  log,
}: Pick<Core, 'database' | 'log'>): Promise<void> {
  const pgPool = makePool({ database, log }, withoutWaiting);
  try {
    await runMigrations({ pgPool, logger: loggerOf(log) });
  } finally {
    await pgPool.end();
  }
}

export function makeJobs(deps: JobsDeps): JobRunner {
  const { database, log } = deps;
  let runner: Runner | undefined;
  let pool: pg.Pool | undefined;
  let watch: NodeJS.Timeout | undefined;
  let lease: Promise<Lease> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  const leaseOnce = (): Promise<Lease> => {
    lease ??= takeLease(deps);
    return lease;
  };

  async function tasks(): Promise<{ taskList: TaskList; cron: CronItem[] }> {
    const waiting = await findWaitingTasks(database.db);
    return makeTasks({ ...deps, patience: deps.patience ?? defaultPatience }, waiting);
  }

  async function launch(): Promise<void> {
    const held = await leaseOnce();
    await unlockDead(deps, held);
    watch = setInterval(() => void unlockDead(deps, held).catch(() => {}), lookForDeadEvery);
    watch.unref();
    const { taskList, cron } = await tasks();
    pool ??= makePool(deps);
    runner = await run({
      pgPool: pool,
      taskList,
      parsedCronItems: parseCronItems(cron),
      concurrency: deps.concurrency ?? 5,
      pollInterval: 2000,
      noHandleSignals: true,
      logger: loggerOf(log),
      preset: { plugins: [holdPoolName(held)] },
    });
    runner.promise.catch((error: unknown) => {
      log.error({ error: (error as Error).name }, 'the worker ended by itself');
    });
  }

  async function halt(): Promise<void> {
    const halting = runner;
    runner = undefined;
    clearInterval(watch);
    if (!halting) return;
    await within(graceful, 'jobs still run', () => halting.stop()).catch(() =>
      within(2_000, 'jobs still run', () => halting.kill()).catch(() => {
        log.warn('the worker was stopped while jobs were running; they will run again');
      }),
    );
  }

  /** One change at a time: a reload during a start waits for it. */
  function inTurn(change: () => Promise<void>): Promise<void> {
    const turn = changing.then(change);
    changing = turn.catch(() => {});
    return turn;
  }

  return {
    service: (plugin) => serviceOf(deps, plugin),
    lease: leaseOnce,
    start: () =>
      inTurn(async () => {
        if (deps.config.role !== 'web' && !runner) await launch();
      }),
    reload: () =>
      inTurn(async () => {
        if (!runner) return;
        await halt();
        await launch();
      }),
    async drain() {
      await unlockDead(deps, await leaseOnce());
      await releaseDue(database.db, deps.clock.now());
      const { taskList } = await tasks();
      const forbiddenFlags = [laterFlag];
      pool ??= makePool(deps);
      await runOnce({
        pgPool: pool,
        taskList,
        forbiddenFlags,
        noHandleSignals: true,
        logger: loggerOf(log),
      });
    },
    stop: () =>
      inTurn(async () => {
        await halt();
        await pool?.end();
        pool = undefined;
        await (await lease)?.end();
        lease = undefined;
      }),
  };
}

function makePool({ database, log }: Pick<Core, 'database' | 'log'>, options?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: database.directUrl,
    application_name: 'rostra worker',
    max: 6,
    options,
  });
  // The pool has ended before its connections have: PostgreSQL may stop in between.
  const lost = (error: Error) => {
    if (!pool.ending) log.warn({ error: error.message }, 'the worker lost a connection');
  };
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

function serviceOf({ registry, own }: JobsDeps, plugin: string): Jobs {
  const jobsOf = (): readonly Job[] =>
    plugin === 'core' ? own().jobs : (registry.find(plugin)?.contributions.jobs ?? []);
  return {
    async add(scope, job, data = {}, options = {}) {
      const known = jobsOf().find(({ name }) => name === job);
      if (!known) throw new Error(`Plugin "${plugin}" contributes no job called "${job}".`);
      const organizationId = scope.organization.id;
      await addJob(
        scope.db,
        jobTask(plugin, job),
        { organizationId, data },
        {
          ...options,
          key: options.key && `${jobTask(plugin, job)}:${options.key}`,
          maxAttempts: known.maxAttempts,
        },
      );
    },
  };
}

/** A killed worker's jobs would stay locked for four hours. */
async function unlockDead({ database, log }: JobsDeps, lease: Lease): Promise<void> {
  const dead = await lease.dead(await findHolders(database.db));
  if (dead.length === 0) return;
  await unlockHolders(database.db, dead);
  log.info({ workers: dead.length }, 'gave back the jobs of workers that are no more');
}

/** Before it takes its first job, a pool's name is held: that is what jobs are locked under. */
export function holdPoolName(lease: Lease): GraphileConfig.Plugin {
  return {
    name: 'RostraLeasePlugin',
    version: '1.0.0',
    worker: {
      hooks: {
        startWorker: async (_context, event) => {
          const name = event.worker.workerPool.id;
          await lease.hold(name);
        },
      },
    },
  };
}

/** The library's own words hold messages of errors; ours are redacted before they reach it. */
function loggerOf(log: Core['log']): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error(message);
    else if (level === 'warning') log.warn(message);
    else log.trace(message);
  });
}

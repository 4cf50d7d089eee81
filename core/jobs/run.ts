// The tasks: each wraps a job or listener in its scope, its plugin's switch, a bound in time and a redacted error.
import type { CronItem, JobHelpers, TaskList } from 'graphile-worker';
import { within } from '../bounded.ts';
import type { EventInfo, EventPayloads, Job } from '../plugin.ts';
import type { Scope } from '../scope.ts';
import { addJob } from './jobs.sql.ts';
import type { JobsDeps, OwnJob } from './jobs.ts';
import { describe, redact } from './redact.ts';
import { jobTask, onTask, pluginOf, type TaskPayload } from './task.ts';

type Deps = JobsDeps & { patience: { name: number; end: number } };

interface Runnable {
  plugin: string;
  task: string;
  maxAttempts?: number;
  once?: boolean;
  run(scope: Scope, payload: TaskPayload): Promise<void>;
}

/** All that the plugins that are here contribute; what waits for one that is not is skipped. */
export function makeTasks(deps: Deps, waiting: string[]): { taskList: TaskList; cron: CronItem[] } {
  const taskList: TaskList = {};
  const runnables = [...jobsOf(deps), ...listenersOf(deps)];
  for (const runnable of runnables) taskList[runnable.task] = taskOf(deps, runnable);
  for (const task of waiting) {
    if (taskList[task] || deps.registry.find(pluginOf(task))?.state === 'faulty') continue;
    taskList[task] = async (payload) => skip(deps, task, payload as TaskPayload);
  }
  return { taskList, cron: cronOf(deps) };
}

function* contributed(deps: Deps): Iterable<{ plugin: string; jobs: readonly OwnJob[] }> {
  yield { plugin: 'core', jobs: deps.own().jobs };
  for (const { manifest, contributions } of deps.registry.all()) {
    yield { plugin: manifest.id, jobs: contributions.jobs ?? [] };
  }
}

function* jobsOf(deps: Deps): Iterable<Runnable> {
  for (const { plugin, jobs } of contributed(deps)) {
    for (const job of jobs) {
      yield {
        plugin,
        task: jobTask(plugin, job.name),
        maxAttempts: job.maxAttempts,
        once: job.once,
        run: (scope, payload) => job.run(scope, payload.data ?? {}),
      };
    }
  }
}

type Listener = (scope: Scope, payload: EventPayloads[never], event: EventInfo) => Promise<void>;

function* listenersOf(deps: Deps): Iterable<Runnable> {
  const core = { plugin: 'core', on: deps.own().on };
  const plugins = deps.registry.all().map(({ manifest, contributions }) => ({
    plugin: manifest.id,
    on: contributions.on ?? {},
  }));
  for (const { plugin, on } of [core, ...plugins]) {
    for (const [event, listener] of Object.entries(on) as [string, Listener][]) {
      yield {
        plugin,
        task: onTask(plugin, event),
        run: (scope, { event: info, data }) =>
          listener(scope, data as EventPayloads[never], {
            id: info?.id ?? '',
            at: new Date(info?.at ?? 0),
          }),
      };
    }
  }
}

function cronOf(deps: Deps): CronItem[] {
  const items: CronItem[] = [];
  for (const { plugin, jobs } of contributed(deps)) {
    for (const job of jobs.filter(isTimed)) {
      const task = jobTask(plugin, job.name);
      items.push({ task, match: job.cron, identifier: task });
    }
  }
  return items;
}

function isTimed(job: Job): job is Job & { cron: string } {
  return job.cron !== undefined;
}

function taskOf(deps: Deps, runnable: Runnable) {
  return async (input: unknown, helpers: JobHelpers): Promise<void> => {
    const payload = input as TaskPayload & { _cron?: { ts: string } };
    if (payload._cron) return fanOut(deps, runnable, payload._cron.ts);
    // A switch that another process committed counts from now on.
    await deps.versions.poll();
    const organization = deps.organizations.find(payload.organizationId);
    const isOn =
      organization &&
      (runnable.plugin === 'core' || deps.registry.isOn(runnable.plugin, organization));
    if (!isOn) return skip(deps, runnable.task, payload);
    try {
      await runBounded(deps, runnable, payload);
    } catch (error) {
      const safe = redact(error);
      deps.registry.report(runnable.plugin, `job ${runnable.task}`, safe);
      deps.log.warn({ task: runnable.task, job: helpers.job.id }, `job failed: ${safe.message}`);
      throw safe;
    }
  };
}

/** One job an organization that has the plugin on; their key keeps two workers from adding it twice. */
async function fanOut(deps: Deps, { plugin, task, once, maxAttempts }: Runnable, ts: string) {
  const root = deps.organizations.root();
  const all = once ? [root].filter((one) => one !== undefined) : deps.organizations.all();
  for (const organization of all) {
    if (plugin !== 'core' && !deps.registry.isOn(plugin, organization)) continue;
    const key = `${task}:cron:${organization.id}:${ts}`;
    await addJob(deps.database.db, task, { organizationId: organization.id }, { key, maxAttempts });
  }
}

async function runBounded(deps: Deps, runnable: Runnable, payload: TaskPayload): Promise<void> {
  const { patience, registry, scopes } = deps;
  const request = {
    organizationId: payload.organizationId,
    actor: { kind: 'system', name: runnable.task } as const,
    plugin: runnable.plugin === 'core' ? undefined : runnable.plugin,
  };
  const hanging = setTimeout(() => {
    registry.report(runnable.plugin, `job ${runnable.task}`, new Error('The job hangs.'));
  }, patience.name);
  try {
    await within(patience.end, 'The job did not end.', () =>
      scopes.with(request, (scope) => runnable.run(scope, payload)),
    );
  } finally {
    clearTimeout(hanging);
  }
}

/** Finished without having run, and said so; never kept until the plugin comes back. */
async function skip(deps: Deps, task: string, payload: TaskPayload): Promise<void> {
  const { organizationId } = payload;
  deps.log.info({ task, organizationId }, 'job skipped: its plugin is off');
  if (!organizationId || !deps.organizations.find(organizationId)) return;
  try {
    const scope = deps.scopes.make({ organizationId, actor: { kind: 'system', name: task } });
    await deps.audit.record(scope, { act: 'job.skipped', subject: { type: 'job', id: task } });
  } catch (error) {
    throw new Error(describe(error));
  }
}

// The queue's rows: adding in the caller's transaction, and what the admin shows and mends.
import type { Db } from '../database/connect.ts';
import { prepared } from '../database/prepared.ts';
import type { AddJob, TaskPayload } from './task.ts';

/** Ours, not the library's 25 over days. */
const attemptsByDefault = 5;
/** Marks what waits for a time, so that a test with a clock of its own can tell. */
export const laterFlag = 'later';

export const addJob: AddJob = async (db, task, payload, options = {}) => {
  await prepared(
    db,
    `select from graphile_worker.add_job(:task, :payload::json, queue_name => :queue, run_at => :runAt::timestamptz,
       max_attempts => :maxAttempts::int, job_key => :key, flags => :flags::text[])`,
    {
      task,
      payload: JSON.stringify(payload),
      queue: options.queue ?? null,
      runAt: options.runAt ?? null,
      maxAttempts: options.maxAttempts ?? attemptsByDefault,
      key: options.key ?? null,
      flags: options.runAt ? [laterFlag] : null,
    },
  );
};

/** As many as there are, in one breath; each as soon as may be. */
export async function addJobs(
  db: Db,
  jobs: readonly { task: string; payload: TaskPayload }[],
): Promise<void> {
  if (jobs.length === 0) return;
  await prepared(
    db,
    `select from graphile_worker.add_jobs(array(
       select row(job.task, job.payload, null, null, cast(:maxAttempts as smallint), null, null, null)::graphile_worker.job_spec
       from jsonb_to_recordset(cast(:jobs as jsonb)) as job (task text, payload json)))`,
    { jobs: JSON.stringify(jobs), maxAttempts: attemptsByDefault },
  );
}

/** Names of tasks of which jobs wait, whether or not anybody runs them. */
export async function findWaitingTasks(db: Db): Promise<string[]> {
  const { rows } = await db.raw(
    `select identifier from graphile_worker._private_tasks tasks
     where exists (select from graphile_worker._private_jobs jobs where jobs.task_id = tasks.id)`,
  );
  return rows.map((row: { identifier: string }) => row.identifier);
}

/** Ids under which jobs or queues are locked. */
export async function findHolders(db: Db): Promise<string[]> {
  const { rows } = await db.raw(
    `select locked_by from graphile_worker._private_jobs where locked_by is not null
     union select locked_by from graphile_worker._private_job_queues where locked_by is not null`,
  );
  return rows.map((row: { locked_by: string }) => row.locked_by);
}

/** Gives back the jobs of workers that are no more. */
export async function unlockHolders(db: Db, holders: string[]): Promise<void> {
  await db.raw('select graphile_worker.force_unlock_workers(:holders::text[])', { holders });
}

/** What waits for a time that has come by the given clock may run. */
export async function releaseDue(db: Db, now: Date): Promise<void> {
  await db.raw(
    `update graphile_worker._private_jobs
     set flags = nullif(flags - :flag, '{}'), run_at = least(run_at, created_at)
     where jsonb_exists(flags, :flag) and run_at <= :now`,
    { flag: laterFlag, now },
  );
}

export interface JobRow {
  id: string;
  task: string;
  organizationId: string | null;
  state: 'running' | 'failed' | 'retrying' | 'later' | 'waiting';
  attempts: number;
  maxAttempts: number;
  runAt: Date;
  createdAt: Date;
  lockedAt: Date | null;
  lastError: string | null;
}

/** What is in the queue of these organizations (`undefined`: of all), the newest first, below the id `before`. */
export async function findJobs(
  db: Db,
  filter: {
    bound: readonly string[] | undefined;
    state?: string;
    before?: string;
    now: Date;
    limit: number;
  },
): Promise<JobRow[]> {
  const { rows } = await db.raw(
    `select * from (
       select jobs.id, tasks.identifier as task, jobs.payload->>'organizationId' as "organizationId",
         case when locked_at is not null then 'running' when attempts >= max_attempts then 'failed'
           when attempts > 0 then 'retrying' when run_at > :now then 'later' else 'waiting' end as state,
         attempts, max_attempts as "maxAttempts", run_at as "runAt", created_at as "createdAt",
         locked_at as "lockedAt", last_error as "lastError"
       from graphile_worker._private_jobs jobs join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id
       where :bound::text[] is null or jobs.payload->>'organizationId' = any (:bound::text[])
     ) queue
     where (:state::text is null or state = :state) and (:before::bigint is null or id < :before::bigint)
     order by id desc limit :limit`,
    {
      bound: filter.bound ?? null,
      state: filter.state ?? null,
      before: filter.before ?? null,
      now: filter.now,
      limit: filter.limit,
    },
  );
  return rows;
}

/** A job that failed or waits runs at once, with all its attempts again; answers whether there was one. */
export async function retryJob(
  db: Db,
  id: string,
  bound: readonly string[] | undefined,
): Promise<boolean> {
  const { rows } = await db.raw(
    `with retried as (
       update graphile_worker._private_jobs
       set attempts = 0, run_at = least(run_at, created_at), last_error = null
       where id = :id and locked_at is null
         and (:bound::text[] is null or payload->>'organizationId' = any (:bound::text[]))
       returning id
     )
     select id, pg_notify('jobs:insert', '{"r":0,"count":1}') from retried`,
    { id, bound: bound ?? null },
  );
  return rows.length > 0;
}

/** Drops a job that is not running; answers whether there was one. */
export async function deleteJob(
  db: Db,
  id: string,
  bound: readonly string[] | undefined,
): Promise<boolean> {
  const { rows } = await db.raw(
    `delete from graphile_worker._private_jobs
     where id = :id and locked_at is null
       and (:bound::text[] is null or payload->>'organizationId' = any (:bound::text[]))
     returning id`,
    { id, bound: bound ?? null },
  );
  return rows.length > 0;
}

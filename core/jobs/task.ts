// What a job is called in the queue, and how it gets there.
import type { Db } from '../database/connect.ts';

/** What lies in the queue: ids only. */
export interface TaskPayload {
  organizationId: string;
  data?: Record<string, unknown>;
  /** Of a listener's job. */
  event?: { id: string; at: string };
}

export interface TaskOptions {
  /** As soon as may be if left out. */
  runAt?: Date;
  /** A job that waits under the same key is replaced. */
  key?: string;
  /** Jobs of one queue run one after another. */
  queue?: string;
  maxAttempts?: number;
}

/** Adds to the queue in the transaction of `db`. */
export type AddJob = (
  db: Db,
  task: string,
  payload: TaskPayload,
  options?: TaskOptions,
) => Promise<void>;

export function jobTask(plugin: string, job: string): string {
  return `${plugin}.${job}`;
}

export function onTask(plugin: string, event: string): string {
  return `${plugin}.on:${event}`;
}

export function pluginOf(task: string): string {
  return task.slice(0, task.indexOf('.'));
}

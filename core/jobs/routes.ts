// /admin/jobs: what waits, runs and failed, and trying again.

import type { Core } from '../core.ts';
import { notFound } from '../errors.ts';
import { permit, type Router, router } from '../http/context.ts';
import { Type } from '../type.ts';
import { deleteJob, findJobs, retryJob } from './jobs.sql.ts';

export type JobsPageDeps = Pick<Core, 'database' | 'organizations' | 'registry'>;

const states = ['failed', 'retrying', 'running', 'waiting', 'later'] as const;
const Filters = Type.Object({
  state: Type.Optional(Type.Union(states.map((state) => Type.Literal(state)))),
  before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
});
const pageSize = 50;

/** The queue is no chapter's to read in SQL, so it is asked from the pool, bounded by the scope. */
export function jobsRoutes({ database, organizations, registry }: JobsPageDeps): Router {
  const routes = router();

  routes.get('/', permit('core.jobs.read'), async (ctx) => {
    const { state, before } = ctx.filters(Filters);
    const { bound } = ctx.scope;
    const found = await findJobs(database.db, {
      bound,
      state,
      before,
      now: ctx.scope.now(),
      limit: pageSize + 1,
    });
    const jobs = found.slice(0, pageSize).map((job) => ({
      ...job,
      place: organizations.find(job.organizationId ?? '')?.name,
    }));
    const next = found.length > pageSize ? jobs.at(-1)?.id : undefined;
    // A plugin's faults tell of the whole install: only who sees the whole party reads them.
    const faults = bound ? [] : [...registry.faults()].reverse().slice(0, 10);
    await ctx.render('jobs/jobs', { jobs, states, state, next, faults });
  });

  routes.post('/:id/retry', permit('core.jobs.read'), async (ctx) => {
    const id = idOf(ctx.params.id);
    if (!(await retryJob(database.db, id, ctx.scope.bound))) throw notFound('job', id);
    ctx.done('/admin/jobs', 'jobs.retried');
  });

  routes.post('/:id/delete', permit('core.jobs.read'), async (ctx) => {
    const id = idOf(ctx.params.id);
    if (!(await deleteJob(database.db, id, ctx.scope.bound))) throw notFound('job', id);
    ctx.done('/admin/jobs', 'jobs.deleted');
  });

  return routes;
}

function idOf(text: string | undefined): string {
  if (!text || !/^\d{1,18}$/.test(text)) throw notFound('job', text);
  return text;
}

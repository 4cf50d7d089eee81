// /admin/backups: when the last good one was made, where each lies, and making one now.
import type { Core } from '../core.ts';
import { forbidden } from '../errors.ts';
import { permit, type Router, router } from '../http/context.ts';
import { addJob } from '../jobs/jobs.sql.ts';
import { jobTask } from '../jobs/task.ts';
import type { Scope } from '../scope.ts';
import type { Audit } from '../services.ts';
import type { SettingsParts } from '../settings/settings.ts';
import { findBackups } from './backup.sql.ts';
import { backupHealth, backupJob } from './nightly.ts';

export interface BackupPageDeps extends Pick<Core, 'config' | 'database' | 'clock'> {
  settings: Pick<SettingsParts, 'coreOf'>;
  /** The core's audit. */
  audit: Audit;
}

const shown = 60;

export function backupRoutes(deps: BackupPageDeps): Router {
  const routes = router();

  routes.get('/', permit('core.settings.manage'), async (ctx) => {
    const isParty = ctx.scope.bound === undefined;
    await ctx.render(
      'backup/backups',
      isParty ? await listOf(deps, ctx.scope) : { isChapter: true },
    );
  });

  routes.post('/', permit('core.settings.manage'), async (ctx) => {
    if (ctx.scope.bound) throw forbidden('core.settings.manage');
    await ctx.scope.write(async (own) => {
      const task = jobTask('core', backupJob);
      await addJob(own.db, task, { organizationId: own.organization.id }, { key: task });
      await deps.audit.record(own, { act: 'backup.asked' });
    });
    ctx.done('/admin/backups', 'backup.asked');
  });

  return routes;
}

async function listOf(deps: BackupPageDeps, scope: Scope) {
  const { backupDays: days = 14 } = deps.settings.coreOf(scope.organization);
  const found = await findBackups(deps.database.db, shown);
  const backups = found.map((one) => ({ ...one, megabytes: megabytes(one.bytes) }));
  return { ...(await backupHealth(deps)), backups, days };
}

function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes === null ? undefined : Math.ceil(bytes / 1e5) / 10;
}

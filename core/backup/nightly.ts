// The backup that is made by itself each night, what is kept of them, and whether all is well.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '../core.ts';
import { StartError } from '../database/start-error.ts';
import type { OwnJob } from '../jobs/jobs.ts';
import type { SettingsParts } from '../settings/settings.ts';
import { deleteBackupsBefore, findLastBackups } from './backup.sql.ts';
import { erasuresJob, writeErasures } from './erasures.ts';
import { fileNames, prepareFolder } from './folder.ts';

export const backupJob = 'backup';

type Deps = Pick<Core, 'config' | 'database' | 'log'> & {
  settings: Pick<SettingsParts, 'coreOf'>;
};

const day = 24 * 60 * 60 * 1000;

export function backupJobs({ config, database, log, settings }: Deps): OwnJob[] {
  return [
    {
      name: backupJob,
      cron: '7 1 * * *',
      once: true,
      maxAttempts: 3,
      async run(scope) {
        const { backUp } = await import('./backup.ts');
        try {
          await backUp({ config, database, clock: { now: () => scope.now() } });
        } catch (error) {
          // Its row in the list says so; tried again in a while.
          if (error instanceof StartError) log.error(error.message);
          throw error;
        }
        const { backupDays = 14 } = settings.coreOf(scope.organization);
        const before = new Date(scope.now().getTime() - backupDays * day);
        await removeOld(config.backups, before);
        await scope.write((own) => deleteBackupsBefore(own.db, before));
      },
    },
    {
      name: erasuresJob,
      async run(scope) {
        await prepareFolder(config.backups);
        await writeErasures(scope.db, config.backups);
      },
    },
  ];
}

/** By the time in their names; the newest stays whatever its age. */
export async function removeOld(folder: string, before: Date): Promise<void> {
  const names = (await readdir(folder)).filter((name) => fileNames.test(name)).sort();
  for (const name of names.slice(0, -1)) {
    const time = name.replace(fileNames, '$1T$2:$3:$4Z');
    if (new Date(time) < before) await rm(join(folder, name), { force: true });
  }
}

export interface BackupHealth {
  good: { at: Date; host: string; file: string } | undefined;
  state: 'well' | 'none' | 'old' | 'failed';
}

/** Old: a night was left out. */
export async function backupHealth({ database, clock }: Pick<Core, 'database' | 'clock'>) {
  const { good, last } = await findLastBackups(database.db);
  const isOld = good && clock.now().getTime() - good.at.getTime() > 2 * day;
  const state = last?.fault ? 'failed' : !good ? 'none' : isOld ? 'old' : 'well';
  return { good, state } satisfies BackupHealth;
}

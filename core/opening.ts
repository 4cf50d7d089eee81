// The database, opened, with the core's own tables up to date: begun while the rest of the program is still read.
import type { Config } from './config.ts';
import { connectAtOnce, type OpenedDatabase, type OpenOptions } from './database/open.ts';

export interface OpeningOptions extends OpenOptions {
  /** This is the restore itself: the database is not whole yet. */
  restoring?: boolean;
}

/** Throws StartError with one sentence. */
export async function openMigrated(
  config: Config,
  options: OpeningOptions,
): Promise<OpenedDatabase> {
  const opening = connectAtOnce(config, options);
  // Read while PostgreSQL comes up.
  const [opened, { migrate }, { coreSource }, { refuseHalfRestored }] = await Promise.all([
    opening,
    import('./database/migrate.ts'),
    import('./migration-sources.ts'),
    import('./backup/target.ts'),
  ]);
  let queue: Promise<void> | undefined;
  try {
    await migrate({
      ...{ ...opened, sources: [coreSource], log: options.log },
      async before(client) {
        if (!options.restoring) await refuseHalfRestored(client);
        // The queue's own tables lean on none of ours: both are made at once.
        queue = migrateQueue(opened, options);
        queue.catch(() => {});
      },
    });
    await queue;
    await opened.onDisk;
    return opened;
  } catch (error) {
    await queue?.catch(() => {});
    await opened.closeDatabase();
    throw error;
  }
}

async function migrateQueue({ database }: OpenedDatabase, { log }: OpeningOptions): Promise<void> {
  const { migrateJobs } = await import('./jobs/jobs.ts');
  await migrateJobs({ database, log });
}

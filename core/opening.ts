// The database, opened, with the core's own tables up to date: begun while the rest of the program is still read.
import type { Config } from './config.ts';
import { connect, type OpenedDatabase, type OpenOptions } from './database/open.ts';

export interface OpeningOptions extends OpenOptions {
  /** This is the restore itself: the database is not whole yet. */
  restoring?: boolean;
}

/** Throws StartError with one sentence. */
export async function openMigrated(
  config: Config,
  options: OpeningOptions,
): Promise<OpenedDatabase> {
  const opening = connect(config, options);
  // Read while PostgreSQL comes up.
  const [opened, { migrate }, { coreSource }, { refuseHalfRestored }] = await Promise.all([
    opening,
    import('./database/migrate.ts'),
    import('./migration-sources.ts'),
    import('./backup/target.ts'),
  ]);
  try {
    const before = options.restoring ? undefined : refuseHalfRestored;
    await migrate({ ...opened, sources: [coreSource], log: options.log, before });
    return opened;
  } catch (error) {
    await opened.closeDatabase();
    throw error;
  }
}

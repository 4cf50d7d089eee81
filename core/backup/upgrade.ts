// An upgrade of the database: what it will change, the backup before it, and the way back.
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { coreId, pluginsWithTables } from '../database/ledger.ts';
import { takeLock } from '../database/lock.ts';
import { type MigrationSource, pendingSteps } from '../database/migrate.ts';
import { connect } from '../database/open.ts';
import { StartError } from '../database/start-error.ts';
import type { Log } from '../log.ts';
import { contractVersion } from '../manifests.ts';
import { findRelease } from './backup.sql.ts';
import { isThere } from './catalogue.sql.ts';
import { writeErasures } from './erasures.ts';
import { fileNames, prepareFolder, timeName } from './folder.ts';
import { type Restored, restore, sourcesOf } from './restore.ts';

export const occasion = 'before-upgrade';

export interface Plan {
  from: string;
  to: string;
  /** Steps that will run, `<plugin>/<name>`. */
  steps: string[];
}

/** `undefined`: everything is as this program wants it. */
export async function planUpgrade(database: Database, config: Config): Promise<Plan | undefined> {
  const client = await database.direct();
  try {
    if (!(await isThere(client, 'core.migration'))) {
      throw new StartError('There is no database to upgrade yet: start Rostra.');
    }
    const from = (await findRelease(client)) ?? 'an older version';
    const kept = await pluginsWithTables(database.db);
    const isKept = ({ plugin }: MigrationSource) => plugin === coreId || kept.has(plugin);
    const steps = await pendingSteps(database.db, sourcesOf(config).filter(isKept));
    return steps.length > 0 || from !== contractVersion
      ? { from, to: contractVersion, steps }
      : undefined;
  } finally {
    await client.end();
  }
}

/** The archive that the last upgrade began with. */
export async function findWayBack({ backups }: Config): Promise<string> {
  const names = await readdir(backups).catch((): string[] => []);
  const before = names.filter((name) => fileNames.test(name) && name.includes(`-${occasion}.`));
  const last = before.sort().at(-1);
  if (last) return join(backups, last);
  throw new StartError(`There is no backup of an upgrade in ${backups}.`);
}

interface Back {
  config: Config;
  log: Log;
  clock: Clock;
  file: string;
  journals: () => string[];
}

/** The database as it is now is set aside, not deleted; answers where it lies. */
export async function goBack(request: Back): Promise<Restored & { aside: string }> {
  const { config, log, clock, file } = request;
  await endRunning(config, log);
  const lock = takeLock(config.data);
  if (typeof lock === 'number') throw new StartError('Rostra was started just now: stop it first.');
  try {
    const draft = join(config.data, 'restoring');
    const restored = await restore({
      config: { ...config, data: draft },
      data: config.data,
      erasures: request.journals(),
      ...{ log, clock, file },
    });
    const current = join(config.data, 'postgres');
    const aside = `${current}.${timeName(clock.now())}`;
    if (existsSync(current)) await rename(current, aside);
    await rename(join(draft, 'postgres'), current);
    await rm(draft, { recursive: true, force: true });
    return { ...restored, aside };
  } finally {
    lock.release();
  }
}

/** A PostgreSQL that a killed server left is taken over and stopped; what it knows of erasures is written down. */
async function endRunning(config: Config, log: Log): Promise<void> {
  const { database, closeDatabase } = await connect(config, { log, owner: true });
  try {
    const client = await database.direct();
    const hasErasures = await isThere(client, 'core.erasure').finally(() => client.end());
    await prepareFolder(config.backups);
    if (hasErasures) await writeErasures(database.db, config.backups);
  } finally {
    await closeDatabase();
  }
}

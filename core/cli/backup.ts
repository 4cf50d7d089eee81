// `rostra backup` and `rostra restore`.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { backUp } from '../backup/backup.ts';
import { journalName } from '../backup/erasures.ts';
import { type Restored, restore } from '../backup/restore.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { checkServer } from '../database/connect.ts';
import { connect } from '../database/open.ts';
import { StartError } from '../database/start-error.ts';
import { makeLog } from '../log.ts';
import { quietConfig, say } from './terminal.ts';

export function addBackupCommands(program: Command): void {
  program
    .command('backup [file]')
    .description('write every table and upload into one archive, beside a running server too')
    .action(async (file?: string) => {
      const config = quietConfig();
      // Nothing is migrated: a backup is also what comes before an upgrade.
      const connected = await connect(config, { log: makeLog(config.logLevel), owner: false });
      const { database } = connected;
      try {
        await checkServer(database);
        const target = file && resolve(file);
        const made = await backUp({ config, database, clock: systemClock, file: target });
        say(`${figure(made.rows)} rows, ${size(made.bytes)}: ${made.file}`);
      } finally {
        await connected.closeDatabase();
      }
    });

  program
    .command('restore <file>')
    .description('bring an archive back into an empty server, of the same or a newer version')
    .option('--erasures <file>', 'one more journal of erasures, to be done again')
    .option('--move', 'the old server was stopped before the backup: messages that wait are sent')
    .action(async (file: string, options: { erasures?: string; move?: boolean }) => {
      const config = quietConfig();
      const archive = resolve(file);
      const restored = await restore({
        config,
        log: makeLog(config.logLevel),
        clock: systemClock,
        file: archive,
        erasures: journals(config, archive, options.erasures),
        isMove: options.move,
      });
      tell(restored);
      say('Check it with `rostra doctor`, then start Rostra.');
    });
}

/** Beside the archive and in our own folder, and the one that is named. */
export function journals(config: Config, archive: string, named?: string): string[] {
  if (named && !existsSync(named)) throw new StartError(`There is no file ${named}.`);
  const known = [dirname(archive), config.backups].map((folder) => join(folder, journalName));
  const all = [...known.filter((file) => existsSync(file)), ...(named ? [resolve(named)] : [])];
  return [...new Set(all)];
}

export function tell({ manifest, rows, erased, noes, held, remarks }: Restored): void {
  const of = manifest.organization ?? 'a party that was never set up';
  say(`Restored ${of} as of ${manifest.takenAt}: ${figure(rows)} rows.`);
  if (erased > 0) say(`Erased again, since they were erased after the backup: ${figure(erased)}.`);
  if (noes > 0)
    say(`Withdrawn, objected or unsubscribed after the backup, and again: ${figure(noes)}.`);
  if (held > 0) say(`Messages that may have been sent since, held in the outbox: ${figure(held)}.`);
  for (const remark of remarks) say(remark);
}

function figure(count: number): string {
  return count.toLocaleString('en');
}

export function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${figure(Math.round(bytes / 1e6))} MB`;
}

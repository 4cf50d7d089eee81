// `rostra upgrade`: after the new version is in place and before it is started, and the way back.
import type { Command } from 'commander';
import { readManifest } from '../backup/archive.ts';
import { backUp } from '../backup/backup.ts';
import { findWayBack, goBack, occasion, type Plan, planUpgrade } from '../backup/upgrade.ts';
import { systemClock } from '../clock.ts';
import { checkServer } from '../database/connect.ts';
import { connect } from '../database/open.ts';
import { StartError } from '../database/start-error.ts';
import { makeLog } from '../log.ts';
import { journals, size, tell } from './backup.ts';
import { migrateAll } from './serve.ts';
import { quietConfig, say } from './terminal.ts';

const clock = systemClock;

interface Options {
  plan?: boolean;
  back?: boolean;
  yes?: boolean;
}

export function addUpgradeCommand(program: Command): void {
  program
    .command('upgrade')
    .description('say what this version changes in the database, back it up, and change it')
    .option('--plan', 'only say it')
    .option('--back', 'put the database back as it was before the last upgrade')
    .option('--yes', 'with --back: what was written since is set aside')
    .action((options: Options) => (options.back ? back(options) : forth(options)));
}

async function forth({ plan: onlyPlan }: Options): Promise<void> {
  const config = quietConfig();
  const log = makeLog(config.logLevel);
  const connected = await connect(config, { log, owner: true });
  try {
    const { database } = connected;
    await checkServer(database);
    const plan = await planUpgrade(database, config);
    if (!plan) return say('The database is up to date: there is nothing to do.');
    for (const line of inWords(plan)) say(line);
    if (onlyPlan) return;
    const made = await backUp({ config, database, clock, occasion });
    say(`Backed up, ${size(made.bytes)}: ${made.file}`);
    await migrateAll();
    say(`To go back: put Rostra ${plan.from} in place again, then \`rostra upgrade --back\`.`);
  } finally {
    await connected.closeDatabase();
  }
}

function inWords({ from, to, steps }: Plan): string[] {
  const plugins = [...new Set(steps.map((step) => step.split('/')[0]))];
  const lines = plugins.map((plugin) => {
    const own = steps.filter((step) => step.startsWith(`${plugin}/`));
    return `  ${plugin}: ${own.map((step) => step.split('/')[1]).join(', ')}`;
  });
  const what = steps.length > 0 ? 'what changes in the database:' : 'the database stays as it is.';
  return [`From Rostra ${from} to ${to}; ${what}`, ...lines];
}

async function back({ yes }: Options): Promise<void> {
  const config = quietConfig();
  const file = await findWayBack(config);
  const { takenAt } = await readManifest(file);
  if (config.databaseUrl) {
    throw new StartError(
      `The backup before the upgrade is ${file}. Make an empty database, name it in DATABASE_URL, and run \`rostra restore\` with it: the one that is there stays as it is.`,
    );
  }
  if (!yes) {
    say(`This puts back ${file}, and sets aside what was written since ${takenAt}.`);
    say('Say so with --yes.');
    process.exitCode = 1;
    return;
  }
  const log = makeLog(config.logLevel);
  const gone = await goBack({ config, log, clock, file, journals: () => journals(config, file) });
  tell(gone);
  say(`What was there is in ${gone.aside}: remove it once you do not need it any more.`);
}

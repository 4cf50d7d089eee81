// `rostra start`, `worker`, `migrate`, `setup`.
import type { Command } from 'commander';
import { createSetupLink } from '../accounts/link.ts';
import { StartError } from '../database/start-error.ts';
import { run } from '../run.ts';
import { answersFrom, setUp } from '../setup/setup.ts';
import { say, withHouse } from './terminal.ts';

export function addServerCommands(program: Command): void {
  program
    .command('start')
    .description('start web and worker, with PostgreSQL if DATABASE_URL does not name one')
    .action(async () => {
      program.setOptionValue('stays', true);
      await run(process.env);
    });

  program
    .command('worker')
    .description('start a worker alone, beside web processes on the same database')
    .action(async () => {
      program.setOptionValue('stays', true);
      await run({ ...process.env, ROSTRA_ROLE: 'worker' });
    });

  program
    .command('migrate')
    .description('bring the database up to date and end')
    .action(migrateAll);

  program
    .command('setup')
    .description('make a new setup link, or set up from ROSTRA_JURISDICTION and its kin')
    .action(() =>
      withHouse(async (house) => {
        const root = house.organizations.root();
        if (root) throw new StartError(`${root.name} is set up already.`);
        const answers = answersFrom(house.config.setup, house.packs);
        if (!answers) return say(await createSetupLink(house));
        await setUp(house, answers);
        say(`${answers.party} is set up; log in at ${house.config.url}/admin.`);
      }),
    );
}

/** A house that is opened migrates; what a plugin’s fault left undone is told. */
export function migrateAll(): Promise<void> {
  return withHouse(async (house) => {
    const faulty = house.registry.all().filter(({ state }) => state === 'faulty');
    for (const { manifest, fault } of faulty) say(`${manifest.id}: ${fault}`);
    say(faulty.length > 0 ? 'The rest is up to date.' : 'The database is up to date.');
    process.exitCode = faulty.length > 0 ? 1 : 0;
  });
}

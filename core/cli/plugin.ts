// `rostra plugin`.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createPlugin } from '../plugin-create.ts';
import { purgePlugin } from '../plugin-purge.ts';
import { operator, say, table, withHouse } from './terminal.ts';

export function addPluginCommands(program: Command): void {
  const plugin = program.command('plugin').description('what is installed, and making more');

  plugin
    .command('list')
    .description('every plugin, its state, and whether it is on for the party')
    .action(() =>
      withHouse(async (house) => {
        const root = house.organizations.root();
        const rows = house.registry.all().map(({ manifest, state, fault }) => {
          const standing = root && house.registry.standing(manifest.id, root);
          const word = standing && (standing.on ? 'on' : `off (${standing.by})`);
          return [manifest.id, manifest.version, state, word ?? '', fault ?? ''];
        });
        say(table(rows));
      }),
    );

  plugin
    .command('check <folder>')
    .description('all that is wrong with a plugin, without starting it')
    .action(async (folder: string) => {
      const { pluginFaults } = await import('../testing/check.ts');
      const faults = await pluginFaults(resolve(folder));
      for (const fault of faults) say(fault);
      if (faults.length === 0) say(`${resolve(folder)} is sound.`);
      process.exitCode = faults.length > 0 ? 1 : 0;
    });

  plugin
    .command('create <id>')
    .description('a new plugin, made from the tutorial’s')
    .option('--folder <folder>', 'where; ./<id> if left out')
    .action(async (id: string, options: { folder?: string }) => {
      const folder = resolve(options.folder ?? id);
      await createPlugin(id, folder);
      say(`Made ${folder}. Try it with ROSTRA_PLUGINS=${folder} npm start`);
      say('It is off at first: switch it on at Settings > Plugins.');
    });

  plugin
    .command('purge <id>')
    .description('export what a plugin keeps, then drop its tables')
    .option('--yes', 'do not ask')
    .option('--out <folder>', 'where the export is written; the data folder if left out')
    .action((id: string, options: { yes?: boolean; out?: string }) =>
      withHouse(async (house) => {
        if (!options.yes) {
          say(`This drops every table of "${id}" after an export. Say so with --yes.`);
          process.exitCode = 1;
          return;
        }
        const { file, rows } = await purgePlugin(house, operator(house), id, options.out);
        say(`${rows} rows were written to ${file}; the tables of "${id}" are gone.`);
      }),
    );
}

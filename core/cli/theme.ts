// `rostra theme`: what there is, what is wrong with one, and the bench to make one at.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { StartError } from '../database/start-error.ts';
import { root } from '../manifests.ts';
import { checkTheme, type Finding } from '../theme/check.ts';
import { checkSamples } from '../theme/check-samples.ts';
import { readTheme, type Theme, themeFolders } from '../theme/theme.ts';
import { say, withHouse } from './terminal.ts';

export function addThemeCommands(program: Command): void {
  const theme = program.command('theme').description('how sites are dressed');

  theme
    .command('list')
    .description('every theme with what is wrong with it')
    .action(() =>
      withHouse(async (house) => {
        for (const { id, folder, parent, fault, findings } of house.themes.list()) {
          say(`${id}  ${parent ? `from ${parent}  ` : ''}${folder}${fault ? `  (${fault})` : ''}`);
          for (const finding of findings) say(`  ${sentence(finding)}`);
        }
      }),
    );

  theme
    .command('check <folder>')
    .description('all that is wrong with a theme; draws every view and mail with sample data')
    .action(async (folder: string) => {
      const findings = await findingsOf(resolve(folder));
      for (const finding of findings) say(sentence(finding));
      if (findings.length === 0) say(`${resolve(folder)} is sound.`);
      process.exitCode = findings.some(({ level }) => level === 'error') ? 1 : 0;
    });

  theme
    .command('dev [theme]')
    .description(
      'the site and every view in a theme (a folder or an id), loaded anew at each change',
    )
    .option('--port <port>', 'where it listens', '4400')
    .action(async (wanted: string | undefined, options: { port: string }) => {
      program.setOptionValue('stays', true);
      const { startBench } = await import('./theme-dev.ts');
      const { stopOnSignal } = await import('../run.ts');
      const bench = await startBench(process.env, Number(options.port), wanted);
      say(`Every view: ${bench.url}${bench.base}/`);
      say(`The site:   ${bench.url}/`);
      say(`A change in ${bench.watched.join(', ')} shows at once. Stop it with Ctrl-C.`);
      stopOnSignal(bench.stop);
    });
}

function sentence({ level, code, where, message, mend }: Finding): string {
  return `${level} ${code} ${where}: ${message}; ${mend}`;
}

/** Nothing is drawn of a theme that cannot be used. */
async function findingsOf(folder: string): Promise<Finding[]> {
  const { themes, plugins } = readConfig(process.env);
  const others = themeFolders([join(root, 'themes'), ...themes])
    .filter((each) => resolve(each) !== folder)
    .map(readTheme)
    .filter((each): each is Theme => 'id' in each);
  const findings = checkTheme(folder, others);
  const own = readTheme(folder);
  if ('wrong' in own || findings.some(({ level }) => level === 'error')) return findings;
  const elsewhere = themes.filter((each) => resolve(each) !== folder);
  return [...findings, ...(await checkSamples(own.id, folder, { themes: elsewhere, plugins }))];
}

/** The folder of a theme, if that is what was named. */
export function folderOf(wanted: string): string | undefined {
  const folder = resolve(wanted);
  if (existsSync(join(folder, 'theme.json'))) return folder;
  if (!/[\\/]/.test(wanted)) return undefined;
  throw new StartError(`There is no theme.json in ${folder}.`);
}

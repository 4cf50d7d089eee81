// The `rostra` command.
import { Command } from 'commander';
import { addAccountCommands } from './cli/account.ts';
import { addBackupCommands } from './cli/backup.ts';
import { addContributedCommands } from './cli/contributed.ts';
import { addDemoCommand } from './cli/demo.ts';
import { addDoctorCommand } from './cli/doctor.ts';
import { addLawCommands } from './cli/law.ts';
import { addPluginCommands } from './cli/plugin.ts';
import { addServerCommands } from './cli/serve.ts';
import { say } from './cli/terminal.ts';
import { addThemeCommands } from './cli/theme.ts';
import { addUpgradeCommand } from './cli/upgrade.ts';
import { StartError } from './database/start-error.ts';
import { isAppError } from './errors.ts';
import { contractVersion } from './manifests.ts';

const program = new Command('rostra')
  .description('A self-hosted server that a political party runs its campaign with.')
  .version(contractVersion)
  .showHelpAfterError();
addServerCommands(program);
addAccountCommands(program);
addPluginCommands(program);
addThemeCommands(program);
addLawCommands(program);
addDemoCommand(program);
addDoctorCommand(program);
addBackupCommands(program);
addUpgradeCommand(program);

try {
  await addContributedCommands(program, process.argv.slice(2));
  await program.parseAsync();
  // Pools and timers of a command that is done would hold the process.
  if (!program.getOptionValue('stays')) process.exit(process.exitCode ?? 0);
} catch (error) {
  if (!(error instanceof StartError) && !isAppError(error)) throw error;
  say(error.message, process.stderr);
  process.exit(1);
}

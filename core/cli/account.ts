// `rostra account`: staff made and helped from the machine itself.
import type { Command } from 'commander';
import {
  createAccountByCommand,
  listAccounts,
  resetSecondFactor,
  setPassword,
} from '../accounts/cli.ts';
import { say, table, withHouse } from './terminal.ts';

export function addAccountCommands(program: Command): void {
  const account = program.command('account').description('staff who can log in');

  account
    .command('list')
    .description('who can log in, and with which roles')
    .action(() =>
      withHouse(async (house) => {
        const rows = await listAccounts(house.accounts);
        say(
          table(rows.map((one) => [one.email, one.name, one.roles.map((r) => r.role).join(', ')])),
        );
      }),
    );

  account
    .command('create <email>')
    .description('add somebody; without a password, prints a link to choose one')
    .option('--name <name>', 'as others see it')
    .option('--role <role>', 'one of the ready roles', 'administrator')
    .option('--organization <slug>', 'a chapter; the party if left out')
    .action((email: string, options: { name?: string; role: string; organization?: string }) =>
      withHouse(async (house) => {
        const name = options.name ?? email.split('@')[0] ?? email;
        const made = await createAccountByCommand(house.accounts, { ...options, email, name });
        say(made.href ?? `${email} can log in.`);
      }),
    );

  account
    .command('password <email>')
    .description('print a link, good for a quarter of an hour, to choose a new password')
    .action((email: string) =>
      withHouse(async (house) => say((await setPassword(house.accounts, email)) ?? '')),
    );

  account
    .command('reset-second-factor <email>')
    .description('for somebody who lost the telephone: log in anew and enrol again')
    .action((email: string) =>
      withHouse(async (house) => {
        await resetSecondFactor(house.accounts, email);
        say(`${email} enrols a second factor at the next log-in.`);
      }),
    );
}

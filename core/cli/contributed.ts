// Commands that plugins contribute: they are there once the house is put together.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { House } from '../assemble.ts';
import { StartError } from '../database/start-error.ts';
import type { Command as Contributed } from '../plugin.ts';
import { operator, say, terminal, withHouse } from './terminal.ts';

/** Only for a command that the core does not have itself, and for help, since it costs a second. */
export async function addContributedCommands(program: Command, words: string[]): Promise<void> {
  const wanted = words.find((word) => !word.startsWith('-'));
  const isOwn = program.commands.some((command) => command.name() === wanted);
  if (isOwn || words.includes('--version') || words.includes('-V')) return;
  if (!hasHouse(process.env)) return;
  try {
    const commands = await withHouse(async (house) => commandsOf(house));
    for (const command of commands) addOne(program, command);
  } catch (error) {
    if (wanted || !(error instanceof StartError)) throw error;
    say(`Commands of plugins are not listed. ${error.message}`, process.stderr);
  }
}

/** Who merely asks for help, or mistypes, is not given a database. */
function hasHouse({ DATABASE_URL, ROSTRA_DATA }: NodeJS.ProcessEnv): boolean {
  return Boolean(DATABASE_URL) || existsSync(join(ROSTRA_DATA || './data', 'postgres'));
}

type Owned = Contributed & { plugin: string; words: string; optionWords: string[] };

function commandsOf(house: House): Owned[] {
  const root = house.organizations.root();
  if (!root) return [];
  const scope = operator(house);
  return house.registry
    .all()
    .filter(({ manifest }) => house.registry.isOn(manifest.id, root))
    .flatMap(({ manifest, contributions }) =>
      (contributions.commands ?? []).map((command) => ({
        ...command,
        plugin: manifest.id,
        words: scope.t(command.summary),
        optionWords: (command.options ?? []).map((option) => scope.t(option.summary)),
      })),
    );
}

function addOne(program: Command, contributed: Owned): void {
  const command = program.command(contributed.usage).description(contributed.words);
  for (const [index, option] of (contributed.options ?? []).entries()) {
    command.option(option.flags, contributed.optionWords[index]);
  }
  command.option('--organization <slug>', 'a chapter; the party if left out');
  command.action((...given: unknown[]) =>
    withHouse(async (house) => {
      const args = given.slice(0, -2).filter((one): one is string => typeof one === 'string');
      const options = given.at(-2) as Record<string, string | boolean | undefined>;
      const own = house.registry
        .find(contributed.plugin)
        ?.contributions.commands?.find(({ usage }) => usage === contributed.usage);
      const scope = operator(house, options.organization as string | undefined);
      await own?.run(scope, args, options, terminal);
    }),
  );
}

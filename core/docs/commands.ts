// The commands of `rostra` as the reference lists them, with those that plugins bring.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { root } from '../manifests.ts';
import { code, note, table } from './markdown.ts';
import type { Bundled, Words } from './plugins.ts';

export async function commandsPage(plugins: Bundled[], words: Words): Promise<string> {
  const own = leavesOf(await loadProgram(), '').map(({ usage, words, options }) => [
    code(usage),
    words,
    options,
  ]);
  const theirs = plugins.flatMap(({ contributions }) =>
    (contributions.commands ?? []).map(({ usage, summary, options = [] }) => [
      code(`rostra ${usage}`),
      words(summary),
      options.map((one) => `\`${one.flags}\` ${words(one.summary)}`).join('; '),
    ]),
  );
  const heads = ['command', 'what it does', 'options'];
  return [
    '# The `rostra` command',
    note,
    'In a checkout: `npm run rostra -- <command>`. It works beside a running server and reads the same environment.',
    table(heads, own),
    '## Brought by plugins',
    'Each also takes `--organization <slug>`: a chapter; the party if left out.',
    table(heads, theirs),
  ].join('\n\n');
}

/** Every file of the command line adds its own. */
async function loadProgram(): Promise<Command> {
  const program = new Command('rostra');
  const folder = join(root, 'core/cli');
  for (const file of readdirSync(folder)
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .sort()) {
    const found: Record<string, unknown> = await import(join(folder, file));
    for (const [name, add] of Object.entries(found)) {
      const isAdder = /^add\w+Commands?$/.test(name) && !name.includes('Contributed');
      if (isAdder && typeof add === 'function') add(program);
    }
  }
  return program;
}

interface Leaf {
  usage: string;
  words: string;
  options: string;
}

function leavesOf(command: Command, before: string): Leaf[] {
  const name = `${before}${command.name()}`;
  if (command.commands.length > 0) {
    return command.commands.flatMap((one) => leavesOf(one, `${name} `));
  }
  const args = command.registeredArguments.map((one) =>
    one.required ? `<${one.name()}>` : `[${one.name()}]`,
  );
  const options = command.options.map(({ flags, description }) => `\`${flags}\` ${description}`);
  return [
    { usage: [name, ...args].join(' '), words: command.description(), options: options.join('; ') },
  ];
}

// `rostra import` and `rostra export`: the same files as in the admin, from the operator's terminal.
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'rostra/plugin';
import { fields, guessFields } from './csv.ts';
import type { Deps } from './deps.ts';
import { exportPeople } from './export.ts';
import { findImport } from './import.sql.ts';
import { runImport, startImport } from './import.ts';
import { stageFile } from './stage.ts';

export function commandsOf(deps: Deps): Command[] {
  return [importCommand(deps), exportCommand(deps)];
}

function importCommand(deps: Deps): Command {
  return {
    usage: 'import <file>',
    summary: 'people.command.import',
    options: [
      { flags: '--origin <words>', summary: 'people.command.origin' },
      { flags: '--tag <name>', summary: 'people.command.tag' },
    ],
    async run(scope, [path = ''], options, terminal) {
      const origin = typeof options['origin'] === 'string' ? options['origin'] : '';
      if (!origin) return terminal.print(scope.t('people.command.origin-missing'));
      const id = await stageFile(scope, { path, name: basename(path) });
      const staged = await findImport(scope, id);
      const guessed = guessFields(staged?.columns ?? []);
      const tag = typeof options['tag'] === 'string' ? options['tag'] : undefined;
      await startImport(scope, deps, id, { fields: guessed, origin, tag });
      await runImport(scope, deps, id, (done, of) =>
        terminal.progress(scope.t('people.command.progress', { done, of })),
      );
      const ended = await findImport(scope, id);
      terminal.print(scope.t('people.import.result', { ...ended }));
    },
  };
}

function exportCommand(deps: Deps): Command {
  return {
    usage: 'export <file>',
    summary: 'people.command.export',
    async run(scope, [path = ''], _options, terminal) {
      await deps.audit.record(scope, { act: 'people.exported', details: { columns: fields } });
      const rows = exportPeople(scope, { columns: fields, filters: {}, ids: [] });
      await pipeline(Readable.from(rows), createWriteStream(path, { mode: 0o600 }));
      terminal.print(scope.t('people.command.exported', { file: path }));
    },
  };
}

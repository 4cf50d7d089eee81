// `rostra import` and `rostra export`: the same files as in the admin, from the operator's terminal; `rostra ledger` beside them.
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, type Fault, isAppError, type Scope, type Terminal } from 'rostra/plugin';
import { ledgerCommand } from './consent-ledger.ts';
import { fields } from './csv.ts';
import type { Deps } from './deps.ts';
import { exportPeople } from './export.ts';
import { findImport } from './import.sql.ts';
import {
  checkImport,
  discardImport,
  type ImportCounts,
  planImport,
  runImport,
  startImport,
} from './import.ts';
import { dateOrdersOf, orderInWords } from './import-dates.ts';
import { guessFields, isNationBuilder } from './import-fields.ts';
import { refusedCsv } from './import-refused.ts';

export function commandsOf(deps: Deps): Command[] {
  return [importCommand(deps), exportCommand(deps), ledgerCommand()];
}

type Options = Record<string, string | boolean | undefined>;
const wordOf = (value: string | boolean | undefined) =>
  typeof value === 'string' && value !== '' ? value : undefined;

function importCommand(deps: Deps): Command {
  return {
    usage: 'import <file>',
    summary: 'people.command.import',
    options: [
      { flags: '--origin <words>', summary: 'people.command.origin' },
      { flags: '--tag <name>', summary: 'people.command.tag' },
      { flags: '--dry-run', summary: 'people.import.command.dry-run' },
      { flags: '--refused <file>', summary: 'people.import.command.refused' },
    ],
    run: (scope, [path = ''], options, terminal) =>
      inWords(scope, terminal, () => importFile(scope, deps, path, options, terminal)),
  };
}

async function importFile(
  scope: Scope,
  deps: Deps,
  path: string,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const isDry = options['dryRun'] === true;
  const origin = wordOf(options['origin']) ?? (isDry ? basename(path) : undefined);
  if (!origin) return terminal.print(scope.t('people.command.origin-missing'));
  const { stageFile } = await import('./stage.ts');
  const id = await stageFile(scope, { path, name: basename(path) });
  const tell = (done: number, of: number) =>
    terminal.progress(scope.t('people.command.progress', { done, of }));
  const fields = await guess(scope, id, terminal);
  const plan = { fields, origin, tag: wordOf(options['tag']) };
  await planImport(scope, deps, id, plan, { isQueued: false });
  const counts = await checkImport(scope, id, tell);
  for (const line of countLines(scope, counts)) terminal.print(line);
  await keepRefused(scope, id, wordOf(options['refused']));
  if (isDry) {
    await discardImport(scope, id);
    return terminal.print(scope.t('people.import.command.dry'));
  }
  await startImport(scope, deps, id);
  await runImport(scope, deps, id, tell);
  const ended = await findImport(scope, id);
  if (ended?.state === 'done') terminal.print(scope.t('people.import.result', { ...ended }));
  else terminal.print(scope.t(ended?.fault ?? 'people.import.fault.broke-off'));
  await keepRefused(scope, id, wordOf(options['refused']));
}

/** Says which columns are taken and which are not. */
async function guess(scope: Scope, id: string, terminal: Terminal): Promise<string[]> {
  const columns = (await findImport(scope, id))?.columns ?? [];
  const chosen = guessFields(columns);
  if (isNationBuilder(columns)) terminal.print(scope.t('people.import.nationbuilder'));
  const lost = columns.filter((name, index) => name && !chosen[index]);
  if (lost.length > 0) {
    terminal.print(scope.t('people.import.not-taken', { columns: lost.join(', ') }));
  }
  const orders = await dateOrdersOf(scope, { id, columns, fields: chosen });
  for (const [field, order] of Object.entries(orders)) {
    const name = columns[chosen.indexOf(field)] ?? '';
    terminal.print(`${name}: ${orderInWords(scope, order)}`);
  }
  return chosen;
}

/** What the dry run found, a line each; the nothings are left out. */
function countLines(scope: Scope, counts: ImportCounts): string[] {
  const names = ['rows', 'created', 'changed', 'unchanged', 'twins', 'refusedRows'] as const;
  const wishes = [
    'unsubscribed',
    'doNotContact',
    'doNotCall',
    'dead',
    'stopped',
    'stoppedBefore',
    'optIns',
  ] as const;
  const told = [...names, ...wishes].filter((name) => name === 'rows' || counts[name] > 0);
  const reasons = Object.entries(counts.refused).map(
    ([reason, count]) =>
      `  ${scope.t('people.import.refused-for', { count, why: scope.t(reason) })}`,
  );
  return told.flatMap((name) => [
    scope.t(`people.import.count.${name}`, { count: counts[name] }),
    ...(name === 'refusedRows' ? reasons : []),
  ]);
}

async function keepRefused(scope: Scope, id: string, path: string | undefined): Promise<void> {
  const found = path ? await findImport(scope, id) : undefined;
  if (!path || !found) return;
  await pipeline(Readable.from(refusedCsv(scope, found)), createWriteStream(path, { mode: 0o600 }));
}

/** What does not fit is said in a sentence, not as a fault of the program. */
async function inWords(scope: Scope, terminal: Terminal, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isAppError(error) || error.code !== 'core.invalid') throw error;
    for (const { message, params } of error.details['faults'] as Fault[]) {
      terminal.print(scope.t(message, params));
    }
    process.exitCode = 1;
  }
}

function exportCommand(deps: Deps): Command {
  return {
    usage: 'export <file>',
    summary: 'people.command.export',
    options: [{ flags: '--reason <words>', summary: 'people.export.command.reason' }],
    async run(scope, [path = ''], options, terminal) {
      const reason = wordOf(options['reason']) ?? 'rostra export';
      await deps.audit.record(scope, {
        act: 'people.exported',
        details: { reason, columns: fields },
      });
      const rows = exportPeople(scope, { columns: fields, filters: {}, ids: [] });
      try {
        await pipeline(Readable.from(rows), createWriteStream(path, { mode: 0o600 }));
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      terminal.print(scope.t('people.command.exported', { file: path }));
    },
  };
}

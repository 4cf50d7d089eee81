// Reads a CSV of gifts as it streams by, into the database a few hundred rows at a time.
import type { CsvRow } from 'rostra/people';
import { type Fault, invalid, isAppError, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { type HistoryRow, insertHistory, insertRows } from './history.sql.ts';

const batch = 500;
const columnsMost = 300;
/** Signs of one row; a quotation mark that nobody closed would swallow the rest of the file. */
const rowMost = 200_000;

/** In the caller's transaction. Answers the history's id; a broken file leaves nothing. */
export async function stageHistory(
  scope: Scope,
  deps: Deps,
  recipientId: string,
  file: { path: string; name: string },
): Promise<string> {
  try {
    const parts = deps.csvFiles.read(scope, file.path, { rowMost });
    return await keep(scope, recipientId, file.name, parts);
  } catch (error) {
    throw inWords(error);
  }
}

async function keep(
  scope: Scope,
  recipientId: string,
  fileName: string,
  parts: AsyncIterable<CsvRow[]>,
): Promise<string> {
  let id = '';
  let width = 0;
  let rows: HistoryRow[] = [];
  let hasRows = false;
  for await (const part of parts) {
    for (const { line, cells } of part) {
      if (id === '') {
        const columns = headerOf(cells);
        width = columns.length;
        id = await insertHistory(scope, { recipientId, fileName: fileName.slice(-200), columns });
        continue;
      }
      // Spreadsheets write empty cells beyond the last column.
      const isLonger = cells.slice(width).some((cell) => cell !== '');
      rows.push({ line, cells: isLonger ? cells : cells.slice(0, width) });
      hasRows = true;
      if (rows.length < batch) continue;
      await insertRows(scope, id, rows);
      rows = [];
    }
  }
  if (rows.length > 0) await insertRows(scope, id, rows);
  if (!hasRows) throw fault('empty');
  return id;
}

function headerOf(record: string[]): string[] {
  const columns = record.map((cell) => cell.trim());
  while (columns.at(-1) === '') columns.pop();
  if (columns.length === 0) throw fault('empty');
  if (columns.length > columnsMost) throw fault('columns');
  return columns;
}

function inWords(error: unknown): unknown {
  if (!isAppError(error) || error.code !== 'people.no-csv') return error;
  const { reason, lines } = error.details as { reason: string; lines: Fault['params'] };
  if (reason === 'nul') return fault('csv');
  return fault(reason === 'mixed' ? 'mixed' : 'csv.line', lines);
}

function fault(name: string, params?: Fault['params']): Error {
  const message = `fundraising.history.fault.${name}`;
  return invalid([{ path: '/file', message, ...(params && { params }) }]);
}

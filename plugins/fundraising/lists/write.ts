// A list as a text file: CSV for spreadsheets, TSV where an authority asks for it.
import { byteOrderMark, makeLine, type Scope, toCell } from 'rostra/plugin';
import { digitsOf } from '../money.ts';
import { plainAmount } from './amount.ts';
import type { Cell, Column, Sheet } from './sheet.ts';

/** As spreadsheets in the scope's language read it; what somebody typed is never a formula. */
export async function* asCsv(scope: Scope, sheet: Sheet): AsyncIterable<string> {
  const line = await makeLine(scope.locale);
  const write = writerOf(scope, sheet, scope.locale.startsWith('en') ? '.' : ',', toCell);
  yield byteOrderMark + line(sheet.columns.map(({ label }) => scope.t(label)));
  for await (const row of sheet.rows) yield line(write(row));
}

/** No cell can hold a tab or the end of a line: they become spaces. Decimals have a comma. */
export async function* asTsv(scope: Scope, sheet: Sheet): AsyncIterable<string> {
  const line = (cells: string[]) => `${cells.join('\t')}\r\n`;
  const write = writerOf(scope, sheet, ',', (text) =>
    safe(text.replace(/[\t\r\n\v\f\u2028\u2029]+/g, ' ')),
  );
  yield line(sheet.columns.map(({ label }) => scope.t(label)));
  for await (const row of sheet.rows) yield line(write(row));
}

/** No authority takes a mark off again: what a spreadsheet would run loses its first signs; a telephone number is none. */
function safe(text: string): string {
  return /^\+?[\d ().-]+$/.test(text) ? text : text.replace(/^[=+\-@\s]+/, '');
}

function writerOf(
  scope: Scope,
  { columns, currency }: Sheet,
  mark: '.' | ',',
  clean: (typed: string) => string,
): (row: readonly Cell[]) => string[] {
  const digits = digitsOf(currency);
  const write = (cell: Cell, column: Column | undefined): string => {
    if (cell === undefined) return '';
    if (typeof cell === 'object') return scope.t(cell.word);
    if (typeof cell === 'string') return clean(cell);
    return column?.kind === 'amount' ? plainAmount(cell, digits, mark) : String(cell);
  };
  return (row) => row.map((cell, at) => write(cell, columns[at]));
}

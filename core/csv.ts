// CSV as spreadsheets read it: in their language, and with nothing in it that they would run.

/** A cell that begins so is a formula to a spreadsheet (or is already marked): OWASP, CSV injection. */
const dangerous = /^['=+\-@\t\r]/;

/** For text that somebody typed; a number of our own making is written as it is. */
export function toCell(value: string): string {
  return dangerous.test(value) ? `'${value}` : value;
}

/** Where commas stand in numbers, spreadsheets read semicolons. */
function delimiterFor(locale: string): ',' | ';' {
  return locale.startsWith('en') ? ',' : ';';
}

/** Spreadsheets take a file for UTF-8 by it. */
export const byteOrderMark = '\uFEFF';

/** Writes a row as spreadsheets in this language read it. The writer is read with the first file: a start does without. */
export async function makeLine(locale: string): Promise<(cells: readonly string[]) => string> {
  const { stringify } = await import('csv-stringify/sync');
  const options = { delimiter: delimiterFor(locale), record_delimiter: '\r\n' };
  return (cells) => stringify([[...cells]], options);
}

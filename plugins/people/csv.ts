// Our CSV: what a spreadsheet would run as a formula is marked on the way out and unmarked on the way in.

/** A cell that begins so is a formula to a spreadsheet (or is already marked): OWASP, CSV injection. */
const dangerous = /^['=+\-@\t\r]/;

export function toCell(value: string): string {
  return dangerous.test(value) ? `'${value}` : value;
}

/** NationBuilder and others mark numbers too, so that Excel leaves their zeros alone. */
const marked = /^'['=+\-@\t\r\d(]/;

/** Undoes `toCell` and the mark before a number, and leaves alone what only looks like it: `'t Hart`. */
export function fromCell(cell: string): string {
  return marked.test(cell) ? cell.slice(1) : cell;
}

/** Tags of a cell: between commas, and one with a comma of its own in quotation marks. */
export function splitTags(cell: string): string[] {
  if (!cell.includes('"'))
    return cell
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean);
  return [...cell.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]+))\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? '').trim())
    .filter(Boolean);
}

/** Where commas stand in numbers, spreadsheets read semicolons. */
function delimiterFor(locale: string): ',' | ';' {
  return locale.startsWith('en') ? ',' : ';';
}

/** Spreadsheets take a file for UTF-8 by it. */
export const byteOrderMark = '\uFEFF';

/** Writes a row as spreadsheets in this language read it. The writer is read with the first file: a start does without. */
export async function makeLine(locale: string): Promise<(cells: string[]) => string> {
  const { stringify } = await import('csv-stringify/sync');
  const options = { delimiter: delimiterFor(locale), record_delimiter: '\r\n' };
  return (cells) => stringify([cells], options);
}

/** What a file can say of a person: our own columns, in the order in which we write them. */
export const fields = [
  'givenName',
  'familyName',
  'emailAddress',
  'phoneNumber',
  'birthDate',
  'line1',
  'line2',
  'postcode',
  'locality',
  'region',
  'country',
  'relation',
  'tags',
] as const;
export type Field = (typeof fields)[number];

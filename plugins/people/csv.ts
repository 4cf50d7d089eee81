// Our CSV: what a spreadsheet would run as a formula is marked on the way out and unmarked on the way in.
export { byteOrderMark, makeLine, toCell } from 'rostra/plugin';

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

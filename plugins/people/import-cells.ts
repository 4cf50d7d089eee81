// The cells of a row by what their columns are, without the marks and words that say nothing.
import { fromCell } from './csv.ts';
import type { ImportField } from './import-fields.ts';

/** The text of a column in the row at hand; of several columns, each that has one. */
export interface Cells {
  value(field: ImportField): string | undefined;
  all(field: ImportField): string[];
}

/** Given the field of each cell, in order; what it answers holds until the next row is given. */
export function makeCells(fields: readonly string[]) {
  const placesOf = new Map<string, number[]>();
  for (const [at, field] of fields.entries()) {
    placesOf.set(field, [...(placesOf.get(field) ?? []), at]);
  }
  const none: number[] = [];
  let cells: readonly (string | null)[] = [];
  const textAt = (at: number): string | undefined => {
    const text = fromCell((cells[at] ?? '').trim());
    return text && !isNothing(text) ? text : undefined;
  };
  const all = (field: ImportField) =>
    (placesOf.get(field) ?? none).map(textAt).filter((text) => text !== undefined);
  const value = (field: ImportField) => {
    for (const at of placesOf.get(field) ?? none) {
      const text = textAt(at);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const reader: Cells = { all, value };
  return (row: readonly (string | null)[]): Cells => {
    cells = row;
    return reader;
  };
}

/** How forms and other programs write that they know nothing. */
const nothing = new Set(['n/a', 'null', 'none', '-', '--', '?', 'inconnu', 'unknown', '(blank)']);
const isNothing = (text: string) => text.length < 10 && nothing.has(text.toLowerCase());

export const yes = new Set(['true', 't', 'yes', 'y', '1', 'oui', 'o', 'vrai', 'v', 'x']);
export const no = new Set(['false', 'f', 'no', 'n', '0', 'non', 'faux']);

/** A word or a date says yes: better one too many left alone than one written to. */
export function isSaid(cells: Cells, field: ImportField): boolean {
  return (
    cells.value(field) !== undefined && cells.all(field).some((text) => !no.has(text.toLowerCase()))
  );
}

// Writes people as CSV, a batch at a time, whatever their number.
import { stringify } from 'csv-stringify/sync';
import type { Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import { delimiterFor, type Field, fields, toCell } from './csv.ts';
import { findExportRows } from './export.sql.ts';
import { findListIds, type ListFilters } from './list.sql.ts';

const batch = 1_000;
const byteOrderMark = '\uFEFF';

export interface Wanted {
  columns: readonly string[];
  filters: ListFilters;
  /** These alone, if any are named. */
  ids: readonly string[];
}

/** Spreadsheets take it for UTF-8 by its mark; our import knows the same columns again. */
export async function* exportPeople(scope: Scope, wanted: Wanted): AsyncIterable<string> {
  const chosen = fields.filter((field) => wanted.columns.includes(field));
  const delimiter = delimiterFor(scope.locale);
  const line = (cells: string[]) => stringify([cells], { delimiter, record_delimiter: '\r\n' });
  yield byteOrderMark + line(chosen.map((field) => scope.t(`people.field.${field}`)));
  for await (const ids of batchesOf(scope, wanted)) {
    const rows = await findExportRows(scope, ids, chosen);
    yield rows.map((row) => line(chosen.map((field) => cellOf(scope, field, row[field])))).join('');
  }
}

function cellOf(scope: Scope, field: Field, value: string): string {
  if (field === 'relation' && value) return scope.t(`people.relation.${value}`);
  return toCell(value);
}

async function* batchesOf(scope: Scope, wanted: Wanted): AsyncIterable<string[]> {
  const ids = wanted.ids.filter(isId);
  if (ids.length > 0) return yield ids;
  for (let after = '0'; ; ) {
    const found = await findListIds(scope, wanted.filters, after, batch);
    if (found.length > 0) yield found;
    if (found.length < batch) return;
    after = found.at(-1) ?? after;
  }
}

// Writes people as CSV, a batch at a time, whatever their number.
import type { Scope } from 'rostra/plugin';
import { isId } from './bound.ts';
import { byteOrderMark, type Field, fields, makeLine, toCell } from './csv.ts';
import { type ExportRow, findExportRows } from './export.sql.ts';
import { findListIds, type ListFilters } from './list.sql.ts';

const batch = 1_000;

export interface Wanted {
  columns: readonly string[];
  filters: ListFilters;
  /** These alone, if any are named. */
  ids: readonly string[];
}

/** Spreadsheets take it for UTF-8 by its mark; our import knows the same columns again. */
export async function* exportPeople(scope: Scope, wanted: Wanted): AsyncIterable<string> {
  const chosen = fields.filter((field) => wanted.columns.includes(field));
  const line = await makeLine(scope.locale);
  const marks = chosen.some((field) => reaching.has(field)) ? stopFields : [];
  yield byteOrderMark +
    line([...chosen, ...marks].map((field) => scope.t(`people.field.${field}`)));
  for await (const ids of batchesOf(scope, wanted)) {
    const rows = await findExportRows(scope, ids, chosen);
    const cells = (row: ExportRow) => [
      ...chosen.map((field) => cellOf(scope, field, row[field])),
      ...marks.map((field) => markOf(scope, field, row)),
    ];
    yield rows.map((row) => line(cells(row))).join('');
  }
}

/** No address leaves the house without the word that it is not to be used: the names are those that the import reads. */
const reaching: ReadonlySet<string> = new Set<Field>(['emailAddress', 'phoneNumber']);
const stopFields = ['doNotContact', 'doNotCall', 'unsubscribed', 'mobileOptIn'] as const;

function markOf(
  scope: Scope,
  field: (typeof stopFields)[number],
  { emailStop, phoneStop, phoneNumber }: ExportRow,
): string {
  if (field === 'mobileOptIn') return phoneStop === 1 ? scope.t('people.export.no') : '';
  const isSaid = {
    // It would stop the telephone too.
    doNotContact: emailStop === 2 && (phoneStop === 2 || phoneNumber === ''),
    doNotCall: phoneStop === 2,
    unsubscribed: emailStop > 0,
  };
  return isSaid[field] ? scope.t('people.export.yes') : '';
}

function cellOf(scope: Scope, field: Field, value: string): string {
  if (field === 'relation' && value) return scope.t(`people.relation.${value}`);
  return toCell(value);
}

async function* batchesOf(scope: Scope, wanted: Wanted): AsyncIterable<string[]> {
  if (wanted.ids.length > 0) return yield wanted.ids.filter(isId);
  for (let after = '0'; ; ) {
    const found = await findListIds(scope, wanted.filters, after, batch);
    if (found.length > 0) yield found;
    if (found.length < batch) return;
    after = found.at(-1) ?? after;
  }
}

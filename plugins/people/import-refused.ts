// The rows that were refused, as a file: mended there, it can be brought in again.
import type { Scope } from 'rostra/plugin';
import { byteOrderMark, fromCell, makeLine, toCell } from './csv.ts';
import { findRefused, type ImportRow } from './import.sql.ts';

const batch = 1_000;

/** As they came, with the reason in a last column; one that a file brings from an earlier time is replaced. */
export async function* refusedCsv(scope: Scope, found: ImportRow): AsyncIterable<string> {
  const line = await makeLine(scope.locale);
  const word = scope.t('people.import.reason');
  const kept = found.columns.map((name, index) => (name === word ? -1 : index)).filter(isPlace);
  yield byteOrderMark + line([...kept.map((index) => found.columns[index] ?? ''), word]);
  for (let after = 0; ; ) {
    const rows = await findRefused(scope, found.id, after, batch);
    yield rows
      .map(({ cells, reason }) => {
        const own =
          cells.length === found.columns.length ? kept.map((at) => cells[at] ?? '') : cells;
        const padded = [...own, ...Array.from({ length: kept.length - own.length }, () => '')];
        return line([...padded.map((cell) => toCell(fromCell(cell))), scope.t(reason)]);
      })
      .join('');
    if (rows.length < batch) return;
    after = rows.at(-1)?.line ?? after;
  }
}

const isPlace = (index: number): boolean => index >= 0;

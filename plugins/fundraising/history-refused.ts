// The rows that were refused, as a file: mended there, it can be brought in again.
import { byteOrderMark, makeLine, type Scope, toCell } from 'rostra/plugin';
import type { History } from './history.sql.ts';
import { findRows } from './history-row.sql.ts';

const batch = 500;

/** As they came, with the reason in a last column; one that a file brings from an earlier time is replaced. */
export async function* refusedCsv(scope: Scope, history: History): AsyncIterable<string> {
  const { id, columns } = history;
  const line = await makeLine(scope.locale);
  const word = scope.t('fundraising.history.reason');
  const isKept = (_: string, index: number) => columns[index] !== word;
  const kept = columns.filter(isKept);
  yield byteOrderMark + line([...kept.map(toCell), word]);
  for (let after = 0; ; ) {
    const rows = await findRows(scope, id, { state: 'refused', after, most: batch });
    yield rows
      .map(({ cells, reason }) => {
        const own = cells.filter(isKept).map((cell) => toCell(cell.replace(marked, '')));
        const short = Array.from({ length: kept.length - own.length }, () => '');
        return line([...own, ...short, scope.t(reason ?? '')]);
      })
      .join('');
    if (rows.length < batch) return;
    after = rows.at(-1)?.line ?? after;
  }
}

/** Put there by us or by another program, and put again where it is needed. */
const marked = /^'(?=[=+\-@\t\r\d(])/;

// Files of gifts from before: kept row by row on their way in, with what the dry run says of each.
import type { Scope } from 'rostra/plugin';
import type { Method } from './index.ts';
import { held, heldBy } from './office.sql.ts';
import { fromRow } from './row.ts';

export type HistoryState = 'staged' | 'checking' | 'checked' | 'running' | 'done';
/** rows = fresh + known + refusedRows. */
export interface HistoryCounts {
  fresh: number;
  /** There already, from an earlier file or row. */
  known: number;
  refusedRows: number;
  /** How many for each reason, a key in the locales. */
  refused: Record<string, number>;
  /** Of those that are fresh. */
  minor: number;
  /** Donors who passed a cap with these, as far as the file and the books know them. */
  overCap: number;
}
export interface HistoryPlan {
  /** What each column is, by place; an empty text: not taken. */
  fields: readonly string[];
  /** Of gifts of which the file says none. */
  method: Method;
  dateOrder: 'day' | 'month';
}
export interface History {
  id: string;
  recipientId: string;
  fileName: string;
  columns: string[];
  fields: string[] | undefined;
  method: Method | undefined;
  dateOrder: 'day' | 'month' | undefined;
  state: HistoryState;
  rows: number;
  doneRows: number;
  counts: HistoryCounts | undefined;
  author: string;
  createdAt: Date;
  touchedAt: Date;
  endedAt: Date | undefined;
}
export interface HistoryRow {
  line: number;
  cells: string[];
}

const columns = `h.id, h.recipient_id as "recipientId", h.file_name as "fileName", h.columns, h.fields, h.method,
  h.date_order as "dateOrder", h.state, h.rows, h.done_rows as "doneRows", h.counts, h.author,
  h.created_at as "createdAt", h.touched_at as "touchedAt", h.ended_at as "endedAt"`;

export async function findHistory(scope: Scope, id: string): Promise<History | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from fundraising.history h where h.id = :id and ${held(scope, 'h.recipient_id')}`,
    { id, ...heldBy(scope) },
  );
  return found.rows[0] && historyOf(found.rows[0]);
}

export async function findHistories(
  scope: Scope,
  recipientId: string,
  most: number,
): Promise<History[]> {
  const found = await scope.db.raw(
    `select ${columns} from fundraising.history h
     where h.recipient_id = :recipientId and ${held(scope, 'h.recipient_id')}
     order by h.id desc limit :most`,
    { recipientId, most, ...heldBy(scope) },
  );
  return found.rows.map(historyOf);
}

export async function insertHistory(
  scope: Scope,
  file: { recipientId: string; fileName: string; columns: string[] },
): Promise<string> {
  const author = scope.actor.kind === 'staff' ? scope.actor.name : scope.actor.kind;
  const made = await scope.db.raw(
    `insert into fundraising.history (recipient_id, file_name, columns, author, created_at, touched_at)
     values (:recipientId, :fileName, :columns, :author, :now, :now) returning id`,
    { ...file, author, now: scope.now() },
  );
  return made.rows[0].id;
}

/** Each once; the history's count grows with them. */
export async function insertRows(
  scope: Scope,
  historyId: string,
  rows: readonly HistoryRow[],
): Promise<void> {
  await scope.db.raw(
    `insert into fundraising.history_row (history_id, line, cells)
     select h.id, r.line, array(select jsonb_array_elements_text(r.cells))
     from jsonb_to_recordset(cast(:rows as jsonb)) as r (line int, cells jsonb)
       join fundraising.history h on h.id = :historyId and ${held(scope, 'h.recipient_id')}`,
    { historyId, rows: JSON.stringify(rows), ...heldBy(scope) },
  );
  await scope.db.raw(
    `update fundraising.history h set rows = h.rows + :count
     where h.id = :historyId and ${held(scope, 'h.recipient_id')}`,
    { historyId, count: rows.length, ...heldBy(scope) },
  );
}

/** Answers whether it was in one of the states before. */
export async function moveHistory(
  scope: Scope,
  id: string,
  from: readonly HistoryState[],
  to: HistoryState,
): Promise<boolean> {
  const moved = await scope.db.raw(
    `update fundraising.history h set state = :to, done_rows = 0, touched_at = :now,
       ended_at = case when :to = 'done' then cast(:now as timestamptz) end
     where h.id = :id and h.state = any (:from) and ${held(scope, 'h.recipient_id')}`,
    { id, to, from: [...from], now: scope.now(), ...heldBy(scope) },
  );
  return moved.rowCount > 0;
}

export async function updatePlan(scope: Scope, id: string, plan: HistoryPlan): Promise<void> {
  await scope.db.raw(
    `update fundraising.history h set fields = :fields, method = :method, date_order = :dateOrder
     where h.id = :id and ${held(scope, 'h.recipient_id')}`,
    { id, ...plan, fields: [...plan.fields], ...heldBy(scope) },
  );
}

export async function updateCounts(scope: Scope, id: string, counts: HistoryCounts): Promise<void> {
  await scope.db.raw(
    `update fundraising.history h set counts = cast(:counts as jsonb), touched_at = :now
     where h.id = :id and ${held(scope, 'h.recipient_id')}`,
    { id, counts: JSON.stringify(counts), now: scope.now(), ...heldBy(scope) },
  );
}

/** So many more are done: whoever waits sees it move. */
export async function tellDone(scope: Scope, id: string, count: number): Promise<void> {
  await scope.db.raw(
    `update fundraising.history h set done_rows = h.done_rows + :count, touched_at = :now
     where h.id = :id and ${held(scope, 'h.recipient_id')}`,
    { id, count, now: scope.now(), ...heldBy(scope) },
  );
}

export async function deleteHistory(scope: Scope, id: string): Promise<void> {
  await scope.db.raw(
    `delete from fundraising.history h
     where h.id = :id and h.state <> 'running' and ${held(scope, 'h.recipient_id')}`,
    { id, ...heldBy(scope) },
  );
}

/** A month after it came, whatever became of it. Answers how many files went. */
export async function deleteOldHistories(scope: Scope, before: Date): Promise<number> {
  const gone = await scope.db.raw('delete from fundraising.history where created_at < :before', {
    before,
  });
  return gone.rowCount;
}

function historyOf(row: Record<string, unknown>): History {
  return fromRow<History>(row);
}

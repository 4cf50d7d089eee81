// Imports: what is known of each, how far it is, and the rows that were refused.
import type { Scope } from 'rostra/plugin';
import { bounds, isId, ofOwn } from './bound.ts';
import type { ImportCounts } from './import.ts';
import { author } from './story.sql.ts';

export interface ImportRow {
  id: string;
  fileName: string;
  columns: string[];
  fields: string[] | null;
  encoding: string | null;
  rows: number;
  origin: string | null;
  relation: string | null;
  tag: string | null;
  state: 'staged' | 'checking' | 'checked' | 'running' | 'done' | 'failed';
  /** Moves with each plan. */
  version: number;
  /** Runs as soon as it is checked. */
  isWanted: boolean;
  checkedRows: number;
  /** What the dry run found. */
  counts: ImportCounts | null;
  readyRows: number;
  /** Line of the file up to which the run has committed. */
  atLine: number;
  doneRows: number;
  createdPeople: number;
  updatedPeople: number;
  unchangedPeople: number;
  twinRows: number;
  refusedRows: number;
  /** Why it failed, a key in the locales. */
  fault: string | null;
  byName: string;
  createdAt: Date;
  /** When it last moved. */
  touchedAt: Date | null;
  endedAt: Date | null;
}
export interface StagedRow {
  line: number;
  cells: string[];
}
export interface RefusedRow extends StagedRow {
  /** Key in the locales. */
  reason: string;
}

const columns = `i.id, i.file_name as "fileName", i.columns, i.fields, i.encoding, i.rows, i.origin, i.relation, i.tag,
  i.state, i.version, i.is_wanted as "isWanted", i.checked_rows as "checkedRows", i.counts,
  i.ready_rows as "readyRows", i.at_line as "atLine", i.done_rows as "doneRows",
  i.created_people as "createdPeople", i.updated_people as "updatedPeople",
  i.unchanged_people as "unchangedPeople", i.twin_rows as "twinRows", i.refused_rows as "refusedRows", i.fault,
  i.by_name as "byName", i.created_at as "createdAt", i.touched_at as "touchedAt", i.ended_at as "endedAt"`;

export const ours = (scope: Scope): string => ofOwn(scope, 'i.organization_id');

export async function findImport(scope: Scope, id: string): Promise<ImportRow | undefined> {
  if (!isId(id)) return undefined;
  const found = await scope.db.raw(
    `select ${columns} from people.import i where i.id = :id and ${ours(scope)}`,
    { ...bounds(scope), id },
  );
  return found.rows[0];
}

export async function findImports(scope: Scope, most: number): Promise<ImportRow[]> {
  const found = await scope.db.raw(
    `select ${columns} from people.import i where ${ours(scope)} order by i.id desc limit :most`,
    { ...bounds(scope), most },
  );
  return found.rows;
}

export async function insertImport(
  scope: Scope,
  file: { fileName: string; columns: readonly string[]; encoding?: string },
): Promise<string> {
  const found = await scope.db.raw(
    `insert into people.import
       (organization_id, file_name, columns, encoding, rows, by_account, by_name, created_at)
     values (:organizationId, :fileName, :columns, :encoding, 0, :account, :name, :now) returning id`,
    {
      ...bounds(scope),
      ...author(scope),
      fileName: file.fileName.slice(0, 200),
      columns: [...file.columns],
      encoding: file.encoding ?? null,
    },
  );
  return found.rows[0].id;
}

export interface PlanRow {
  fields: readonly string[];
  origin: string;
  relation: string | null;
  tag: string | null;
  isWanted: boolean;
}

/** Answers the version of the plan, 0 when it runs already: a form sent twice imports once. */
export async function beginCheck(scope: Scope, importId: string, plan: PlanRow): Promise<number> {
  const found = await scope.db.raw(
    `update people.import i set state = 'checking', version = version + 1, attempts = 0, touched_at = :now, fields = :fields, origin = :origin,
       relation = :relation, tag = :tag, is_wanted = :isWanted, checked_rows = 0, counts = null
     where i.id = :importId and i.state in ('staged', 'checked') and ${ours(scope)} returning version`,
    { ...bounds(scope), ...plan, importId, fields: [...plan.fields] },
  );
  return found.rows[0]?.version ?? 0;
}

/** The file is there again as it was read: other columns can be chosen. */
export async function reopenImport(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `update people.import i set state = 'staged', version = version + 1
     where i.id = :importId and i.state in ('checking', 'checked') and ${ours(scope)}`,
    { ...bounds(scope), importId },
  );
  return found.rowCount ?? 0;
}

/** The check that begins last counts; answers its version, `undefined` when there is nothing to check. */
export async function claimCheck(scope: Scope, importId: string): Promise<number | undefined> {
  const found = await scope.db.raw(
    `update people.import set version = version + 1 where id = :importId and state = 'checking'
     returning version`,
    { importId },
  );
  return found.rows[0]?.version;
}

/** Of this plan only: answers 0 when another was made meanwhile. */
export async function holdCheck(
  scope: Scope,
  { id, version }: Pick<ImportRow, 'id' | 'version'>,
  checked: number,
): Promise<number> {
  const found = await scope.db.raw(
    `update people.import set checked_rows = :checked, touched_at = :now
     where id = :id and version = :version and state = 'checking'`,
    { id, version, checked, now: scope.now() },
  );
  return found.rowCount ?? 0;
}

export async function endCheck(
  scope: Scope,
  { id, version }: Pick<ImportRow, 'id' | 'version'>,
  found: { counts: ImportCounts; readyRows: number },
): Promise<void> {
  await scope.db.raw(
    `update people.import set state = 'checked', counts = cast(:counts as jsonb), ready_rows = :readyRows
     where id = :id and version = :version and state = 'checking'`,
    { id, version, counts: JSON.stringify(found.counts), readyRows: found.readyRows },
  );
}

/** Answers 0 when it was begun already. */
export async function beginImport(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `update people.import i set state = 'running', attempts = 0, touched_at = :now, refused_rows = r.count,
       unchanged_people = i.known_rows, done_rows = r.count + i.known_rows
     from (select count(*)::int from people.import_row_refused where import_id = :importId) r
     where i.id = :importId and i.state = 'checked' and ${ours(scope)}`,
    { ...bounds(scope), importId },
  );
  return found.rowCount ?? 0;
}

export interface BatchCounts {
  atLine: number;
  created: number;
  changed: number;
  unchanged: number;
  twins: number;
  refused: number;
}

export interface Progress {
  atLine: number;
  doneRows: number;
}

/** Where the run stands, held to the end of the transaction; `undefined` when it runs no more. */
export async function holdRun(scope: Scope, importId: string): Promise<number | undefined> {
  const found = await scope.db.raw(
    `select at_line as "atLine" from people.import where id = :importId and state = 'running' for update`,
    { importId },
  );
  return found.rows[0]?.atLine;
}

/** In the transaction of what it counts. */
export async function recordBatch(
  scope: Scope,
  importId: string,
  batch: BatchCounts,
): Promise<Progress> {
  const found = await scope.db.raw(
    `update people.import set at_line = :atLine, touched_at = :now,
       done_rows = done_rows + :created + :changed + :unchanged + :twins + :refused,
       created_people = created_people + :created, updated_people = updated_people + :changed,
       unchanged_people = unchanged_people + :unchanged, twin_rows = twin_rows + :twins,
       refused_rows = refused_rows + :refused
     where id = :importId returning at_line as "atLine", done_rows as "doneRows"`,
    { importId, ...batch, now: scope.now() },
  );
  return found.rows[0];
}

export async function endImport(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `update people.import set state = 'done', ended_at = :now, known = null
     where id = :importId and state = 'running'`,
    { importId, now: scope.now() },
  );
  return found.rowCount ?? 0;
}

/** `fault`: a key in the locales. What was committed stays and is counted. */
export async function failImport(scope: Scope, importId: string, fault: string): Promise<void> {
  await scope.db.raw(
    `update people.import set state = 'failed', fault = :fault, ended_at = :now
     where id = :importId and state in ('checking', 'running')`,
    { importId, fault, now: scope.now() },
  );
}

export async function findRefused(
  scope: Scope,
  importId: string,
  after: number,
  most: number,
): Promise<RefusedRow[]> {
  const found = await scope.db.raw(
    `select r.line, r.cells, r.reason from people.import_row_refused r
     join people.import i on i.id = r.import_id
     where i.id = :importId and r.line > :after and ${ours(scope)} order by r.line limit :most`,
    { ...bounds(scope), importId, after, most },
  );
  return found.rows;
}

/** What has not run yet. */
export async function deleteImport(scope: Scope, importId: string): Promise<number> {
  const values = { ...bounds(scope), importId };
  const isOpen = `i.id = :importId and i.state in ('staged', 'checking', 'checked') and ${ours(scope)}`;
  await scope.db.raw(
    `delete from people.import_row_refused r using people.import i where i.id = r.import_id and ${isOpen}`,
    values,
  );
  const found = await scope.db.raw(`delete from people.import i where ${isOpen}`, values);
  return found.rowCount ?? 0;
}

/** Counts a try as the queue does, which gives up after as many; so that one that ends the process each time is given up too. */
export async function countAttempt(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `update people.import set attempts = attempts + 1 where id = :importId returning attempts`,
    { importId },
  );
  return found.rows[0]?.attempts ?? 0;
}

/** Answers the state in which it goes on, if it had failed and its rows are still there. */
export async function reviveImport(scope: Scope, importId: string): Promise<string | undefined> {
  const found = await scope.db.raw(
    `update people.import i set attempts = 0, fault = null, ended_at = null, touched_at = :now,
       state = case when state <> 'failed' then state when counts is null then 'checking' else 'running' end
     where i.id = :importId and i.state in ('failed', 'checking', 'running') and i.fields is not null
       and exists (select from people.import_staging s where s.import_id = i.id) and ${ours(scope)}
     returning i.state`,
    { ...bounds(scope), importId },
  );
  return found.rows[0]?.state;
}

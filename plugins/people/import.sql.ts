// Imports: what is known of each, its rows in staging, and what became of them.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Scope } from 'rostra/plugin';
import { bounds, isId } from './bound.ts';
import { author } from './story.sql.ts';

export interface ImportRow {
  id: string;
  fileName: string;
  columns: string[];
  fields: string[] | null;
  rows: number;
  origin: string | null;
  relation: string | null;
  tag: string | null;
  state: 'staged' | 'running' | 'done' | 'failed';
  doneRows: number;
  createdPeople: number;
  updatedPeople: number;
  refusedRows: number;
  byName: string;
  createdAt: Date;
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

const columns = `i.id, i.file_name as "fileName", i.columns, i.fields, i.rows, i.origin, i.relation, i.tag, i.state,
  i.done_rows as "doneRows", i.created_people as "createdPeople", i.updated_people as "updatedPeople",
  i.refused_rows as "refusedRows", i.by_name as "byName", i.created_at as "createdAt", i.ended_at as "endedAt"`;

const ours = (scope: Scope): string =>
  scope.bound ? 'i.organization_id = any (cast(:bound as bigint[]))' : 'true';

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
  file: { fileName: string; columns: readonly string[] },
): Promise<string> {
  const found = await scope.db.raw(
    `insert into people.import (organization_id, file_name, columns, rows, by_account, by_name, created_at)
     values (:organizationId, :fileName, :columns, 0, :account, :name, :now) returning id`,
    {
      ...bounds(scope),
      ...author(scope),
      fileName: file.fileName,
      columns: [...file.columns],
    },
  );
  return found.rows[0].id;
}

/** COPY on the transaction's own connection; answers how many rows went in. */
export async function copyStaged(
  scope: Scope,
  importId: string,
  rows: AsyncIterable<StagedRow>,
): Promise<number> {
  const connection = await scope.db.client.acquireConnection();
  const sink = connection.query(
    copyFrom('copy people.import_staging (import_id, line, cells) from stdin'),
  );
  let count = 0;
  async function* lines() {
    for await (const { line, cells } of rows) {
      count += 1;
      yield `${importId}\t${line}\t${copyText(arrayText(cells))}\n`;
    }
  }
  await pipeline(Readable.from(lines()), sink);
  await scope.db.raw('update people.import set rows = :count where id = :importId', {
    count,
    importId,
  });
  return count;
}

function arrayText(cells: readonly string[]): string {
  return `{${cells.map((cell) => `"${cell.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

const copyEscapes: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function copyText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (sign) => copyEscapes[sign] ?? sign);
}

export async function findStaged(
  scope: Scope,
  importId: string,
  most: number,
): Promise<StagedRow[]> {
  const found = await scope.db.raw(
    `select s.line, s.cells from people.import_staging s join people.import i on i.id = s.import_id
     where i.id = :importId and ${ours(scope)} order by s.line limit :most`,
    { ...bounds(scope), importId, most },
  );
  return found.rows;
}

/** Answers 0 when it was begun already: a form sent twice imports once. */
export async function beginImport(
  scope: Scope,
  importId: string,
  plan: { fields: readonly string[]; origin: string; relation: string | null; tag: string | null },
): Promise<number> {
  const found = await scope.db.raw(
    `update people.import i set state = 'running', fields = :fields, origin = :origin,
       relation = :relation, tag = :tag
     where i.id = :importId and i.state = 'staged' and ${ours(scope)}`,
    { ...bounds(scope), ...plan, importId, fields: [...plan.fields] },
  );
  return found.rowCount ?? 0;
}

export interface Batch {
  lines: readonly number[];
  people: readonly { id: string; isNew: boolean; isChanged: boolean }[];
  refused: readonly RefusedRow[];
}

/** What became of these rows; with them out of staging, a run that was cut off goes on where it was. */
export async function recordBatch(scope: Scope, importId: string, batch: Batch): Promise<void> {
  const { people, refused } = batch;
  await scope.db.raw(
    `insert into people.import_person (import_id, person_id, is_new)
     select :importId, r.id, bool_or(r."isNew")
     from jsonb_to_recordset(cast(:people as jsonb)) as r (id bigint, "isNew" boolean)
     group by r.id order by r.id on conflict do nothing`,
    { importId, people: JSON.stringify(people) },
  );
  await scope.db.raw(
    `insert into people.import_row_refused (import_id, line, cells, reason)
     select :importId, r.line, array(select jsonb_array_elements_text(r.cells)), r.reason
     from jsonb_to_recordset(cast(:refused as jsonb)) as r (line integer, cells jsonb, reason text)`,
    { importId, refused: JSON.stringify(refused) },
  );
  await scope.db.raw(
    'delete from people.import_staging where import_id = :importId and line = any (cast(:lines as integer[]))',
    { importId, lines: [...batch.lines] },
  );
  await scope.db.raw(
    `update people.import set done_rows = done_rows + :done, created_people = created_people + :created,
       updated_people = updated_people + :updated, refused_rows = refused_rows + :refused
     where id = :importId`,
    {
      importId,
      done: batch.lines.length,
      created: people.filter((one) => one.isNew).length,
      updated: people.filter((one) => one.isChanged && !one.isNew).length,
      refused: refused.length,
    },
  );
}

export async function endImport(scope: Scope, importId: string): Promise<void> {
  await scope.db.raw(
    `update people.import set state = 'done', ended_at = :now where id = :importId and state = 'running'`,
    { importId, now: scope.now() },
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

export async function deleteImport(scope: Scope, importId: string): Promise<number> {
  const found = await scope.db.raw(
    `delete from people.import i where i.id = :importId and i.state = 'staged' and ${ours(scope)}`,
    { ...bounds(scope), importId },
  );
  if (found.rowCount) {
    await scope.db.raw('delete from people.import_staging where import_id = :importId', {
      importId,
    });
  }
  return found.rowCount ?? 0;
}

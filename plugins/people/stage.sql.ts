// Rows of a file on their way in: COPY into staging, read back in order.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Scope } from 'rostra/plugin';
import { bounds } from './bound.ts';
import { ours, type StagedRow } from './import.sql.ts';
import { digestOf, type Lines, type Reading } from './import-known.sql.ts';
import { type Stretch, within } from './import-plan.sql.ts';
import type { PostalValues } from './postal.ts';

/** COPY on the transaction's own connection; answers how many rows went in. */
export async function copyInto(
  scope: Scope,
  target: string,
  parts: AsyncIterable<string[]> | Iterable<string[]>,
): Promise<number> {
  // Read with the first COPY: a start does without it.
  const { from: copyFrom } = await import('pg-copy-streams');
  const connection = await scope.db.client.acquireConnection();
  const sink = connection.query(copyFrom(`copy ${target} from stdin`));
  let count = 0;
  async function* chunks() {
    for await (const lines of parts) {
      if (lines.length === 0) continue;
      count += lines.length;
      yield `${lines.join('\n')}\n`;
    }
  }
  await pipeline(Readable.from(chunks()), sink);
  return count;
}

export async function copyStaged(
  scope: Scope,
  importId: string,
  parts: AsyncIterable<StagedRow[]>,
): Promise<number> {
  async function* lines() {
    for await (const rows of parts) {
      yield rows.map(({ line, cells }) => `${importId}\t${line}\t${copyArray(cells)}`);
    }
  }
  await takeTime(scope);
  const count = await copyInto(scope, 'people.import_staging (import_id, line, cells)', lines());
  await scope.db.raw('update people.import set rows = :count where id = :importId', {
    count,
    importId,
  });
  return count;
}

/**
 * To the end of the transaction: a long list is longer under way than any page's question, and its commit does not wait
 * for a disk to which staging is not written through anyway.
 */
async function takeTime(scope: Scope): Promise<void> {
  await scope.db.raw(
    `select set_config('statement_timeout', '0', true), set_config('synchronous_commit', 'off', true)`,
  );
}

const copyEscapes: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

export function copyText(text: string): string {
  return /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, (sign) => copyEscapes[sign] ?? sign)
    : text;
}

const special = /["\\\t\n\r]/;

function copyArray(cells: readonly string[]): string {
  if (cells.length === 0) return '{}';
  if (!special.test(cells.join(''))) return `{"${cells.join('","')}"}`;
  return copyText(`{${cells.map((cell) => `"${cell.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
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

/** Of a row what is looked at: cells by their place in the file. */
export interface StagedCells {
  line: number;
  /** How many cells the row has. */
  length: number;
  cells: (string | null)[];
  /** In hexadecimal. */
  digest: string;
}

/** Only the columns that are taken, since an export has hundreds. */
export async function findStagedCells(
  scope: Scope,
  stretch: Stretch,
  { which, reading }: { which: Lines; reading: Reading },
): Promise<StagedCells[]> {
  const cells = reading.places.map((place) => `s.cells[${Number(place) + 1}]`);
  const columns = [
    's.line',
    'cardinality(s.cells)',
    `encode(${digestOf(reading)}, 'hex')`,
    ...cells,
  ];
  // As lists: objects with a name for each cell would be made only to be taken apart again.
  const found = await scope.db
    .raw(
      `select ${columns.join(', ')}
       from people.import_staging s join people.import i on i.id = s.import_id
       where ${within('s')} and s.line <@ cast(:which as int4multirange) and ${ours(scope)} order by s.line`,
      { ...bounds(scope), ...stretch, which, way: reading.way },
    )
    .options({ rowMode: 'array' });
  return found.rows.map(([line, length, digest, ...cells]: StagedList) => ({
    line,
    length,
    digest,
    cells,
  }));
}

type StagedList = [line: number, length: number, digest: string, ...cells: (string | null)[]];

/** Dates such as 08/10/1938 in a column. */
export interface DateCounts {
  written: number;
  /** Of them those whose first, or second, part is no month. */
  dayFirst: number;
  monthFirst: number;
}

const swappable = `^['[:space:]]*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9])`;

/** Over the whole file, so that the page says what the run will do. */
export async function countDateOrders(
  scope: Scope,
  importId: string,
  place: number,
): Promise<DateCounts> {
  const found = await scope.db.raw(
    `select count(*)::int as written,
       count(*) filter (where first > 12 and first <= 31 and second <= 12)::int as "dayFirst",
       count(*) filter (where second > 12 and second <= 31 and first <= 12)::int as "monthFirst"
     from people.import_staging s join people.import i on i.id = s.import_id
     cross join lateral (select regexp_match(s.cells[${Number(place) + 1}], :swappable) as parts) d
     cross join lateral (select parts[1]::int as first, parts[2]::int as second) n
     where i.id = :importId and parts is not null and ${ours(scope)}`,
    { ...bounds(scope), importId, swappable },
  );
  return found.rows[0];
}

/** A row of the file as it would be kept. */
export interface ReadyRow extends PostalValues {
  line: number;
  external: string | null;
  givenName: string | null;
  familyName: string | null;
  birthDate: string | null;
  emails: readonly { address: string; state: string }[];
  phones: readonly { address: string; state: string; line: string }[];
  relation: string | null;
  tags: readonly string[];
  claims: readonly string[];
  /** By which it is known when it comes again, in hexadecimal; `null` when it must be looked at each time. */
  digest: string | null;
}
/** An address that must not be reached any more. */
export interface Stop {
  line: number;
  kind: 'email' | 'phone';
  address: string;
  reason: 'objection' | 'unsubscribed' | 'dead';
}

/** All are taken for new until somebody is found, so that of most nothing is written twice. */
const readyColumns = `import_id, line, label, verdict, external, given_name, family_name, birth_date, emails, email_states,
  phones, phone_states, phone_lines, line1, line2, postcode, locality, region, country, relation, tags, claims, digest`;

/** The rows are asked for as they go out, so that none is held longer. */
export async function copyReady(
  scope: Scope,
  importId: string,
  rows: Iterable<ReadyRow>,
): Promise<void> {
  function* parts() {
    let lines: string[] = [];
    for (const row of rows) {
      lines.push(readyLine(importId, row));
      if (lines.length < partRows) continue;
      yield lines;
      lines = [];
    }
    if (lines.length > 0) yield lines;
  }
  await takeTime(scope);
  await copyInto(scope, `people.import_ready (${readyColumns})`, parts());
}

const partRows = 250;

function readyLine(importId: string, row: ReadyRow): string {
  const { line, emails, phones } = row;
  return `${importId}\t${line}\t${line}\tnew\t${orNull(row.external)}\t${orNull(row.givenName)}\t${orNull(
    row.familyName,
  )}\t${orNull(row.birthDate)}\t${copyWays(emails)}\t${copyWays(phones)}\t${copyArray(phones.map((one) => one.line))}\t${orNull(row.line1)}\t${orNull(
    row.line2,
  )}\t${orNull(row.postcode)}\t${orNull(row.locality)}\t${orNull(row.region)}\t${orNull(
    row.country,
  )}\t${orNull(row.relation)}\t${copyArray(row.tags)}\t${copyArray(row.claims)}\t${row.digest === null ? '\\N' : `\\\\x${row.digest}`}`;
}

function copyWays(ways: ReadyRow['emails']): string {
  return `${copyArray(ways.map((way) => way.address))}\t${copyArray(ways.map((way) => way.state))}`;
}

export async function copyStops(
  scope: Scope,
  importId: string,
  stops: readonly Stop[],
): Promise<void> {
  if (stops.length === 0) return;
  const lines = stops.map(({ line, kind, address, reason }) =>
    [importId, line, kind, copyText(address), reason].join('\t'),
  );
  const target = 'people.import_stop (import_id, line, kind, address, reason)';
  await copyInto(scope, target, [lines]);
}

const orNull = (text: string | null): string => (text === null ? '\\N' : copyText(text));

/** Rows that do not fit, as they came; the reason is a key in the locales. */
export async function insertRefused(
  scope: Scope,
  importId: string,
  refused: readonly { line: number; reason: string }[],
): Promise<void> {
  if (refused.length === 0) return;
  await scope.db.raw(
    `insert into people.import_row_refused (import_id, line, cells, reason)
     select s.import_id, s.line, s.cells, r.reason
     from jsonb_to_recordset(cast(:refused as jsonb)) as r (line integer, reason text)
     join people.import_staging s on s.import_id = :importId and s.line = r.line
     on conflict do nothing`,
    { importId, refused: JSON.stringify(refused) },
  );
}

/** What an earlier look at the file left; its rows stay. */
export async function clearReady(scope: Scope, importId: string): Promise<void> {
  for (const table of ['import_ready', 'import_stop', 'import_row_refused']) {
    await scope.db.raw('delete from people.?? where import_id = ?', [table, importId]);
  }
}

/** The file has done its duty. */
export async function clearStaged(scope: Scope, importId: string): Promise<void> {
  for (const table of ['import_ready', 'import_stop', 'import_staging']) {
    await scope.db.raw('delete from people.?? where import_id = ?', [table, importId]);
  }
}

// Reads a CSV as it streams by, into staging: all of it or nothing, and what is wrong in a sentence.
import { CsvError, parse } from 'csv-parse';
import { type Fault, invalid, type Scope } from 'rostra/plugin';
import { insertImport, type StagedRow } from './import.sql.ts';
import { copyStaged } from './stage.sql.ts';
import { decoderOf, type Encoding, readHead, readText, tellEncoding } from './stage-decode.ts';

const columnsMost = 500;
/** Signs of one row; a quotation mark that nobody closed would swallow the rest of the file. */
const rowMost = 2_000_000;

/** Answers the import's id. Nothing is written when any part of the file is broken. */
export async function stageFile(
  scope: Scope,
  file: { path: string; name: string },
): Promise<string> {
  try {
    const told = await tellEncoding(file.path);
    if (told.mixed) throw fault('mixed', told.mixed);
    const { encoding } = told;
    const delimiter = await sniffDelimiter(file.path, encoding);
    return await stageRecords(scope, file, { encoding, delimiter });
  } catch (error) {
    throw inWords(error);
  }
}

interface Reading {
  encoding: Encoding;
  delimiter: string;
}

async function stageRecords(
  scope: Scope,
  file: { path: string; name: string },
  reading: Reading,
): Promise<string> {
  const parts = readRecords(file.path, reading);
  try {
    const [header, ...rest] = (await parts.next()).value ?? [];
    const columns = (header?.cells ?? []).map((cell) => cell.trim());
    checkHeader(columns);
    async function* rows() {
      yield rest.map(fit);
      for await (const part of parts) yield part.map(fit);
    }
    const fit = ({ line, cells }: StagedRow) => ({
      line,
      cells: withoutEmptyEnd(cells, columns.length),
    });
    return await scope.write(async (own) => {
      const { encoding } = reading;
      const id = await insertImport(own, { fileName: file.name, columns, encoding });
      if ((await copyStaged(own, id, rows())) === 0) throw fault('empty-file');
      return id;
    });
  } finally {
    await parts.return(undefined);
  }
}

function checkHeader(columns: readonly string[]): void {
  if (columns.every((name) => name === '')) throw fault('empty-file');
  if (columns.length > columnsMost) throw fault('too-many-columns', { most: columnsMost });
  const seen = new Set<string>();
  for (const name of columns.filter(Boolean)) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw fault('same-header', { name });
    seen.add(folded);
  }
}

/** Spreadsheets write empty cells beyond the last column. */
function withoutEmptyEnd(cells: string[], length: number): string[] {
  const isLonger = cells.length > length && cells.slice(length).every((cell) => cell === '');
  return isLonger ? cells.slice(0, length) : cells;
}

function fault(name: string, params?: Fault['params']): Error {
  return invalid([
    { path: '/file', message: `people.import.fault.${name}`, ...(params && { params }) },
  ]);
}

const diskFull = new Set(['53100', 'ENOSPC', 'EDQUOT']);
const unreadable = new Set(['ENOENT', 'EACCES', 'EISDIR', 'EPERM']);

function inWords(error: unknown): unknown {
  if (error instanceof CsvError) return csvFault(error);
  const code = (error as { code?: string }).code ?? '';
  if (diskFull.has(code)) return fault('disk-full');
  return unreadable.has(code) ? fault('unreadable') : error;
}

function csvFault(error: CsvError): Error {
  const line = Number(/at line (\d+)/.exec(error.message)?.[1] ?? error['lines'] ?? 1);
  if (error.code === 'CSV_MAX_RECORD_SIZE') return fault('row-too-long', { line });
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return fault('cut-off', { line });
  return fault('csv', { line });
}

/** The rows of each piece of the file at once: to wait for each alone takes longer than to read it. */
async function* readRecords(
  path: string,
  { encoding, delimiter }: Reading,
): AsyncGenerator<StagedRow[], undefined, undefined> {
  let rows: StagedRow[] = [];
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: rowMost,
    on_record: (cells: string[], { lines }: { lines: number }) => {
      rows.push({ line: lines, cells });
      return null;
    },
  }).resume();
  parser.on('error', () => {});
  for await (const text of checked(readText(path, encoding))) {
    await done((told) => parser.write(text, told));
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
  await done((told) => parser.end(told));
  if (rows.length > 0) yield rows;
  return undefined;
}

function done(act: (told: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });
}

/** The database has no text with a zero byte in it, and no file of names has one either. */
async function* checked(text: AsyncIterable<string>): AsyncIterable<string> {
  for await (const part of text) {
    if (part.includes('\0')) throw fault('nul');
    yield part;
  }
}

/** The one of `; , tab` that stands most often in the first line, outside quotes. */
async function sniffDelimiter(path: string, encoding: Encoding): Promise<string> {
  const text = decoderOf(encoding)(await readHead(path)).replace(/"[^"]*"/g, '');
  const line = text.split(/\r\n|\n|\r/, 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.sign ?? ',';
}

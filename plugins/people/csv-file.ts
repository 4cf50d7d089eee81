// A CSV read as it streams by, in whatever encoding and with whatever separator spreadsheets write.
import type { CsvError } from 'csv-parse';
import { type AppError, refused } from 'rostra/plugin';
import { decoderOf, type Encoding, readHead, readText, tellEncoding } from './csv-decode.ts';
import type { CsvFiles, CsvRow } from './index.ts';

export interface Csv {
  encoding: Encoding;
  /** The rows of each piece of the file at once: to wait for each alone takes longer than to read it. */
  rows: AsyncGenerator<CsvRow[], undefined, undefined>;
}

/** For plugins that take lists of another kind. */
export const csvFiles: CsvFiles = {
  async *read(_scope, path, limits) {
    yield* (await openCsv(path, limits)).rows;
  },
};

/**
 * Looks the file through once for its encoding. `rowMost`: signs of one row, for a quotation mark that nobody closed would
 * swallow the rest of the file. Throws `refused('people.no-csv')`, also while
 * the rows are read.
 */
export async function openCsv(path: string, { rowMost }: { rowMost: number }): Promise<Csv> {
  const told = await tellEncoding(path);
  if (told.mixed) throw noCsv('mixed', told.mixed);
  const { encoding } = told;
  const delimiter = await sniffDelimiter(path, encoding);
  return { encoding, rows: readRows(path, encoding, { delimiter, rowMost }) };
}

async function* readRows(
  path: string,
  encoding: Encoding,
  { delimiter, rowMost }: { delimiter: string; rowMost: number },
): Csv['rows'] {
  // Read with the first file: a start does without.
  const { parse } = await import('csv-parse');
  let rows: CsvRow[] = [];
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
    act((error) => (error ? reject(faultOf(error)) : resolve()));
  });
}

function faultOf(error: Error): Error {
  const { code, lines, message } = error as Partial<CsvError> & Error;
  if (!code?.startsWith('CSV_')) return error;
  const line = Number(/at line (\d+)/.exec(message)?.[1] ?? lines ?? 1);
  if (code === 'CSV_MAX_RECORD_SIZE') return noCsv('row-too-long', { line });
  if (code === 'CSV_QUOTE_NOT_CLOSED') return noCsv('cut-off', { line });
  return noCsv('csv', { line });
}

/** The database has no text with a zero byte in it, and no list has one either. */
async function* checked(text: AsyncIterable<string>): AsyncIterable<string> {
  for await (const part of text) {
    if (part.includes('\0')) throw noCsv('nul');
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

/** Who reads the file has the sentence. */
function noCsv(
  reason: 'mixed' | 'nul' | 'row-too-long' | 'cut-off' | 'csv',
  lines: Record<string, number> = {},
): AppError {
  return refused('people.no-csv', { reason, lines });
}

// Reads a CSV of gifts as it streams by, into the database a few hundred rows at a time.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { type Fault, invalid, type Scope } from 'rostra/plugin';
import { type HistoryRow, insertHistory, insertRows } from './history.sql.ts';

const batch = 500;
const columnsMost = 300;
/** Signs of one row; a quotation mark that nobody closed would swallow the rest of the file. */
const rowMost = 200_000;
const headBytes = 65_536;

/** In the caller's transaction. Answers the history's id; a broken file leaves nothing. */
export async function stageHistory(
  scope: Scope,
  recipientId: string,
  file: { path: string; name: string },
): Promise<string> {
  const encoding = await encodingOf(file.path);
  const delimiter = await delimiterOf(file.path, encoding);
  const parser = parse({
    ...{ delimiter, bom: true, relax_column_count: true, relax_quotes: true, info: true },
    ...{ skip_empty_lines: true, skip_records_with_empty_values: true, max_record_size: rowMost },
  });
  const source = createReadStream(file.path);
  const text = decoded(source, encoding);
  feed(parser, text);
  try {
    return await keep(scope, recipientId, file.name, parser);
  } catch (error) {
    throw inWords(error);
  } finally {
    parser.destroy();
    source.destroy();
  }
}

async function keep(
  scope: Scope,
  recipientId: string,
  fileName: string,
  records: AsyncIterable<{ record: string[]; info: { lines: number } }>,
): Promise<string> {
  let id = '';
  let width = 0;
  let rows: HistoryRow[] = [];
  let hasRows = false;
  for await (const { record, info } of records) {
    if (id === '') {
      const columns = headerOf(record);
      width = columns.length;
      id = await insertHistory(scope, { recipientId, fileName: fileName.slice(-200), columns });
      continue;
    }
    // Spreadsheets write empty cells beyond the last column.
    const isLonger = record.slice(width).some((cell) => cell !== '');
    rows.push({ line: info.lines, cells: isLonger ? record : record.slice(0, width) });
    hasRows = true;
    if (rows.length < batch) continue;
    await insertRows(scope, id, rows);
    rows = [];
  }
  if (rows.length > 0) await insertRows(scope, id, rows);
  if (!hasRows) throw fault('empty');
  return id;
}

function headerOf(record: string[]): string[] {
  const columns = record.map((cell) => cell.trim());
  while (columns.at(-1) === '') columns.pop();
  if (columns.length === 0) throw fault('empty');
  if (columns.length > columnsMost) throw fault('columns');
  return columns;
}

/** What is no whole UTF-8 is what Windows writes, which gives every byte a sign. */
async function encodingOf(path: string): Promise<string> {
  const head = await headOf(path);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The one of `; , tab` that stands most often in the first line, outside quotes. */
async function delimiterOf(path: string, encoding: string): Promise<string> {
  const head = new TextDecoder(encoding).decode(await headOf(path));
  const [line = ''] = head.replace(/"[^"]*"/g, '').split(/\r\n|\n|\r/, 1);
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.sign ?? ',';
}

async function* decoded(source: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield plain(decoder.decode(chunk, { stream: true }));
  yield plain(decoder.decode());
}

/** The database has no text with a zero byte in it, and no file of gifts has one either. */
function plain(text: string): string {
  if (text.includes('\0')) throw fault('csv');
  return text;
}

/** A reader that is slower than the disk is waited for; what breaks breaks the parser. */
async function feed(parser: ReturnType<typeof parse>, text: AsyncIterable<string>): Promise<void> {
  try {
    for await (const part of text) {
      if (parser.destroyed) return;
      await new Promise<void>((resolve) => {
        parser.once('close', resolve);
        parser.write(part, () => {
          parser.off('close', resolve);
          resolve();
        });
      });
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function inWords(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = Number(/at line (\d+)/.exec(error.message)?.[1] ?? 1);
  return fault('csv.line', { line });
}

function fault(name: string, params?: Fault['params']): Error {
  const message = `fundraising.history.fault.${name}`;
  return invalid([{ path: '/file', message, ...(params && { params }) }]);
}

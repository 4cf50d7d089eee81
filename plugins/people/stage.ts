// Reads a CSV as it streams by, into staging: all of it or nothing, and what is wrong in a sentence.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Fault, invalid, type Scope } from 'rostra/plugin';
import { copyStaged, insertImport, type StagedRow } from './import.sql.ts';

const columnsMost = 100;
const cellMost = 20_000;

/** Answers the import's id. Nothing is written when any part of the file is broken. */
export async function stageFile(
  scope: Scope,
  file: { path: string; name: string },
): Promise<string> {
  const delimiter = await sniffDelimiter(file.path);
  const records = readRecords(file.path, delimiter);
  try {
    const header = await records.next();
    const columns = header.done ? [] : header.value.cells.map((cell) => cell.trim());
    if (columns.length < 1 || columns.every((name) => name === '')) throw fault('empty-file');
    if (columns.length > columnsMost) throw fault('too-many-columns', { most: columnsMost });
    return await scope.write(async (own) => {
      const id = await insertImport(own, { fileName: file.name, columns });
      if ((await copyStaged(own, id, records)) === 0) throw fault('empty-file');
      return id;
    });
  } catch (error) {
    throw inWords(error);
  } finally {
    await records.return(undefined);
  }
}

function fault(name: string, params?: Fault['params']): Error {
  return invalid([{ path: '/file', message: `people.fault.${name}`, ...(params && { params }) }]);
}

function inWords(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  return fault('csv', { line: Number(error['lines'] ?? 1) });
}

async function* readRecords(
  path: string,
  delimiter: string,
): AsyncGenerator<StagedRow, undefined, undefined> {
  const parser = Readable.from(readText(path)).compose(
    parse({
      delimiter,
      bom: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: columnsMost * cellMost,
    }),
  );
  for await (const { record, info } of parser) {
    yield { line: info.lines, cells: record };
  }
  return undefined;
}

/** Any byte that is not UTF-8 ends it: half-read names would be worse than none. */
async function* readText(path: string): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Buffer): string => {
    try {
      const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
      if (text.includes('\0')) throw fault('encoding');
      return text;
    } catch (error) {
      if (error instanceof TypeError) throw fault('encoding');
      throw error;
    }
  };
  for await (const chunk of createReadStream(path)) yield decode(chunk);
  yield decode();
}

/** The one of `; , tab` that stands most often in the first line, outside quotes. */
async function sniffDelimiter(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const text = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/"[^"]*"/g, '');
    const line = text.split(/\r?\n/, 1)[0] ?? '';
    const counts = [',', ';', '\t'].map((sign) => ({ sign, count: line.split(sign).length }));
    return counts.sort((a, b) => b.count - a.count)[0]?.sign ?? ',';
  } finally {
    await file.close();
  }
}

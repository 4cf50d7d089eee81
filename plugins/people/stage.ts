// Reads a CSV as it streams by, into staging: all of it or nothing, and what is wrong in a sentence.
import { type Fault, invalid, isAppError, type Scope } from 'rostra/plugin';
import { type Csv, openCsv } from './csv-file.ts';
import { insertImport, type StagedRow } from './import.sql.ts';
import { copyStaged } from './stage.sql.ts';

const columnsMost = 500;
/** Signs of one row; a quotation mark that nobody closed would swallow the rest of the file. */
const rowMost = 2_000_000;

/** Answers the import's id. Nothing is written when any part of the file is broken. */
export async function stageFile(
  scope: Scope,
  file: { path: string; name: string },
): Promise<string> {
  try {
    return await stageRecords(scope, file, await openCsv(file.path, { rowMost }));
  } catch (error) {
    throw inWords(error);
  }
}

async function stageRecords(
  scope: Scope,
  file: { path: string; name: string },
  { encoding, rows: parts }: Csv,
): Promise<string> {
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
  if (isAppError(error) && error.code === 'people.no-csv') {
    const { reason, lines } = error.details as { reason: string; lines: Fault['params'] };
    return fault(reason, lines);
  }
  const code = (error as { code?: string }).code ?? '';
  if (diskFull.has(code)) return fault('disk-full');
  return unreadable.has(code) ? fault('unreadable') : error;
}

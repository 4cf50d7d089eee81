// The portable copy: everything as JSON, and each table as CSV, packed while it is read.
import { Readable } from 'node:stream';
import type { Context, Scope, Subjects } from 'rostra/plugin';
import { csvLine } from './csv.ts';
import { type Entry, zip } from './zip.ts';

type Row = Record<string, unknown>;
type Found = { plugin: string; table: string; row: Row };

/** Answers with the file. Nothing of it is kept here, so there is nothing to erase. */
export function sendCopy(ctx: Context, subjects: Subjects, personId: string, name: string): void {
  sendZip(ctx, entriesOf(ctx.scope, subjects, personId), name);
}

export function sendZip(ctx: Context, entries: AsyncIterable<Entry>, name: string): void {
  ctx.type = 'application/zip';
  ctx.attachment(`${name}.zip`);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = Readable.from(zip(entries, ctx.scope.now()));
}

/** A file of text, sent while it is read. */
export function sendText(
  ctx: Context,
  text: Iterable<string> | AsyncIterable<string>,
  name: string,
  type: 'text/csv' | 'text/plain',
): void {
  ctx.attachment(name);
  ctx.type = `${type}; charset=utf-8`;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = Readable.from(text);
}

async function* entriesOf(
  scope: Scope,
  subjects: Subjects,
  personId: string,
): AsyncIterable<Entry> {
  const { name, legal } = scope.organization;
  const party = legal.controller ?? name;
  yield { name: scope.t('privacy.copy.file'), content: [scope.t('privacy.copy.text', { party })] };
  yield { name: 'data.json', content: json(subjects.export(scope, personId)) };
  yield* tables(subjects.export(scope, personId));
}

async function* json(found: AsyncIterable<Found>): AsyncIterable<string> {
  let before = '[\n';
  for await (const record of found) {
    yield before + JSON.stringify(record);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** A file a table, in the order in which they come; a table that comes twice is two files. */
async function* tables(found: AsyncIterable<Found>): AsyncIterable<Entry> {
  const records = found[Symbol.asyncIterator]();
  const times = new Map<string, number>();
  let next = await records.next();
  while (!next.done) {
    const { table, row } = next.value;
    const columns = Object.keys(row);
    const time = (times.get(table) ?? 0) + 1;
    times.set(table, time);
    async function* lines(): AsyncIterable<string> {
      yield csvLine(columns);
      while (!next.done && next.value.table === table) {
        const { row: values } = next.value;
        yield csvLine(columns.map((column) => textOf(values[column])));
        next = await records.next();
      }
    }
    yield { name: `csv/${table}${time > 1 ? `-${time}` : ''}.csv`, content: marked(lines()) };
  }
}

/** Spreadsheets take it for UTF-8 by its mark. */
async function* marked(lines: AsyncIterable<string>): AsyncIterable<string> {
  yield '\uFEFF';
  yield* lines;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

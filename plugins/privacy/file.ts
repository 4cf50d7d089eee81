// What is kept on a person, in words that they can read: table by table, with what it is for.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';

type Row = Record<string, unknown>;

export interface Kept {
  title: string;
  /** What it is for. */
  why: string | undefined;
  rows: { label: string; value: string }[][];
  /** How many more there are than are shown. */
  more: number;
}

/** What says something to machines alone; the copy has it. */
const unread = new Set(['id', 'plugin', 'old_id', 'params']);

/** Of each table; the copy has them all. */
const shownMost = 25;

export async function fileOf(scope: Scope, deps: Deps, personId: string): Promise<Kept[]> {
  const practices = await deps.plugins.dataPractices(scope);
  const kept = new Map<string, Kept>();
  for await (const { table, row } of deps.subjects.export(scope, personId)) {
    const purpose = practices.find((one) => one.tables.includes(table))?.purpose;
    const why = purpose && scope.t(purpose);
    const one = kept.get(table) ?? { title: titleOf(scope, table), why, rows: [], more: 0 };
    kept.set(table, one);
    if (one.rows.length === shownMost) one.more += 1;
    else one.rows.push(factsOf(scope, row));
  }
  const isOfTheHouse = ([table]: [string, Kept]) => /^(core|privacy)\./.test(table);
  const all = [...kept];
  return [...all.filter((one) => !isOfTheHouse(one)), ...all.filter(isOfTheHouse)].map(
    ([, one]) => one,
  );
}

function titleOf(scope: Scope, table: string): string {
  return said(scope, `privacy.table.${table}`) ?? spaced(table.split('.').at(-1) ?? table);
}

export function factsOf(scope: Scope, row: Row) {
  return Object.entries(row).flatMap(([column, value]) => {
    const text = wordOf(scope, row, column) ?? textOf(scope, value);
    if (text === '' || unread.has(column)) return [];
    return [{ label: said(scope, `privacy.column.${column}`) ?? spaced(column), value: text }];
  });
}

/** Names of the program that have their sentence: an act of the audit, a line of the story. */
function wordOf(scope: Scope, row: Row, column: string): string | undefined {
  const value = row[column];
  if (typeof value !== 'string') return undefined;
  if (column !== 'act') {
    return (
      said(scope, value, inWords(scope, row['params'])) ?? said(scope, `privacy.word.${value}`)
    );
  }
  const [plugin = '', ...rest] = value.split('.');
  return said(scope, `${plugin === 'core' ? 'audit' : plugin}.act.${rest.join('.')}`);
}

/** What a sentence is told of: `staff` as it is called elsewhere on the page. */
function inWords(scope: Scope, params: unknown): Row {
  const word = (value: unknown) => said(scope, `privacy.word.${value}`) ?? value;
  return Object.fromEntries(
    Object.entries((params ?? {}) as Row).map(([name, value]) => [name, word(value)]),
  );
}

function textOf(scope: Scope, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateTime(scope, value);
  if (typeof value === 'boolean') return scope.t(value ? 'privacy.yes' : 'privacy.no');
  if (Array.isArray(value)) return value.map((one) => textOf(scope, one)).join(', ');
  if (typeof value !== 'object') return String(value);
  const parts = Object.entries(value).map(
    ([name, one]) => [spaced(name), textOf(scope, one)] as const,
  );
  return parts
    .filter(([, text]) => text !== '')
    .map((part) => part.join(': '))
    .join('; ');
}

function dateTime(scope: Scope, at: Date): string {
  const { timeZone } = scope.organization;
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(scope.locale, style).format(at);
}

function said(scope: Scope, key: string, params: Row = {}): string | undefined {
  if (!/^[a-z-]+\.[\w.-]+$/.test(key)) return undefined;
  const text = scope.t(key, params);
  return text === key ? undefined : text;
}

/** A name of the program, as near to words as it comes: of plugins whose words are not known here. */
function spaced(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// Two chapters of one party tried against each other: what one reads and writes, its sister must not meet.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../database/connect.ts';
import type { Actor, Scope } from '../scope.ts';
import type { App } from './app.ts';

export interface Sisters {
  app: App;
  /** Ids of two chapters; the rows that are read and written are the first one's. */
  own: string;
  sister: string;
  /** The `*.sql.ts` below it are meant; of these, if given, whose path matches `files`. */
  folder: string;
  files?: RegExp;
  /** Tables, or subqueries, with an `organization_id`: what the writes may not touch from the sister. */
  tables: readonly string[];
}
type Trial = (scope: Scope) => Promise<unknown>;
export interface Queries {
  reads: Readonly<Record<string, Trial>>;
  writes?: Readonly<Record<string, Trial>>;
  /** Those that have no bound, each with a word why. */
  unbounded?: Readonly<Record<string, string>>;
}

/** A sentence for each query that lets a sister in, finds nothing of its own, or is not named at all. */
export async function sisterFaults(sisters: Sisters, queries: Queries): Promise<string[]> {
  const faults = namingFaults(queriesOf(sisters.folder, sisters.files), queries);
  for (const [name, read] of Object.entries(queries.reads)) {
    faults.push(...(await readFaults(sisters, name, read)));
  }
  for (const [name, write] of Object.entries(queries.writes ?? {})) {
    const { app, own, sister } = sisters;
    if (!(await touches(sisters, app.scope(own), write))) faults.push(`${name} writes nothing`);
    if (await touches(sisters, app.scope(sister), write)) faults.push(`${name} writes to a sister`);
  }
  return faults;
}

/** Names of the functions that the `*.sql.ts` below a folder export; with its file where two are called alike. */
export function queriesOf(folder: string, files = /./): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(?!.*node_modules).*\.sql\.ts$/.test(file) && files.test(file),
  );
  const exported =
    /^export (?:async )?function\*? ?(\w+)|^export const (\w+)[^=]*= (?:async )?[(<]/gm;
  const found = all.sort().flatMap((file) => {
    const code = readFileSync(join(folder, file), 'utf8');
    return [...code.matchAll(exported)].map(([, one, other]) => ({
      file,
      name: one ?? other ?? '',
    }));
  });
  const isTwice = ({ name }: { name: string }) =>
    found.filter((other) => other.name === name).length > 1;
  return found.map((one) => (isTwice(one) ? `${one.file} ${one.name}` : one.name));
}

function namingFaults(there: string[], { reads, writes, unbounded }: Queries): string[] {
  const named = new Set(Object.keys({ ...reads, ...writes, ...unbounded }));
  return [
    ...there.filter((name) => !named.has(name)).map((name) => `${name} is not tried`),
    ...[...named].filter((name) => !there.includes(name)).map((name) => `${name} is no more`),
  ];
}

const staff: Actor = { kind: 'staff', accountId: '0', name: 'Staff', permissions: new Set() };

async function readFaults(sisters: Sisters, name: string, read: Trial): Promise<string[]> {
  const { app, own, sister } = sisters;
  const asStaff = (organizationId: string): Promise<unknown> =>
    app.house.scopes.with({ organizationId, actor: staff }, read);
  const found = {
    [`${name} finds nothing`]: isNothing(await read(app.scope(own))),
    [`${name} shows a sister`]: !isNothing(await read(app.scope(sister))),
    [`${name} finds nothing behind row-level security`]: isNothing(await asStaff(own)),
    [`${name} shows the staff of a sister`]: !isNothing(await asStaff(sister)),
  };
  return Object.keys(found).filter((fault) => found[fault]);
}

export function isNothing(found: unknown): boolean {
  if (!found) return true;
  if (Array.isArray(found)) return found.length === 0;
  if (typeof found !== 'object' || found instanceof Date) return false;
  return Object.values(found).every(isNothing);
}

const undone = new Error('taken back');

/** Whether it changes a row of the own chapter; taken back either way. */
async function touches(sisters: Sisters, scope: Scope, write: Trial): Promise<boolean> {
  let isTouched = false;
  const tried = scope.write(async (own) => {
    const before = await rowsOf(own.db, sisters);
    await write(own);
    isTouched = (await rowsOf(own.db, sisters)) !== before;
    throw undone;
  });
  await tried.catch((error) => {
    if (error !== undone) throw error;
  });
  return isTouched;
}

async function rowsOf(db: Db, { tables, own }: Sisters): Promise<string> {
  const found = [];
  for (const table of tables) {
    const { rows } = await db.raw(
      `select to_jsonb(one)::text as row from ${table} one where one.organization_id = :own order by 1`,
      { own },
    );
    found.push(rows);
  }
  return JSON.stringify(found);
}

// What there is to back up: schemas, tables with their columns, sequences, as the database's own catalogue has them.
import type pg from 'pg';
import { coreId, schemaOf } from '../database/ledger.ts';
import type { ArchivedTable } from './format.ts';

/** Rebuilt by every migration itself. */
const ledgerTables = ['migration', 'migration_lock'];

export async function findLedger(client: pg.Client): Promise<string[]> {
  if (!(await isThere(client, 'core.migration'))) return [];
  const { rows } = await client.query('select name from core.migration order by id');
  return rows.map((row) => row.name);
}

export function schemasOf(steps: readonly string[]): string[] {
  const plugins = steps.map((step) => step.slice(0, step.indexOf('/')));
  return [...new Set([coreId, ...plugins])].map(schemaOf);
}

export type FoundTable = ArchivedTable & { isParted: boolean };

/**
 * Columns that are computed are left out, as is what is unlogged: what a crash may lose, a backup may too.
 * The oldest first, so that what is told of progress begins with what is small.
 */
export async function findTables(client: pg.Client, schemas: string[]): Promise<FoundTable[]> {
  const { rows } = await client.query(
    `select n.nspname as schema, c.relname as name, c.relkind = 'p' as "isParted", array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p') and not c.relispartition
       and c.relpersistence = 'p' and not (n.nspname = 'core' and c.relname = any ($2::text[]))
     group by c.oid, n.nspname, c.relname order by c.oid`,
    [schemas, ledgerTables],
  );
  return rows;
}

export interface Sequence {
  schema: string;
  name: string;
  last: string;
}

/** Those of which a number was given; read after the rows, so never behind them. */
export async function findSequences(client: pg.Client, schemas: string[]): Promise<Sequence[]> {
  const { rows } = await client.query(
    `select schemaname as schema, sequencename as name, last_value as last from pg_sequences
     where schemaname = any ($1::text[]) and last_value is not null
       and not (schemaname = 'core' and sequencename like any ($2::text[]))`,
    [schemas, ledgerTables.map((name) => `${name}\\_%`)],
  );
  return rows;
}

export async function setSequence(client: pg.Client, { schema, name, last }: Sequence) {
  await client.query(`select setval(format('%I.%I', $1::text, $2::text)::regclass, $3)`, [
    schema,
    name,
    last,
  ]);
}

export async function isThere(client: pg.Client, relation: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [relation]);
  return rows[0].there;
}

/** `undefined`: nobody set the party up. */
export async function findParty(client: pg.Client): Promise<string | undefined> {
  if (!(await isThere(client, 'core.organization'))) return undefined;
  const { rows } = await client.query('select name from core.organization where parent_id is null');
  return rows[0]?.name;
}

export function copyOut(client: pg.Client, table: FoundTable): string {
  const { from, columns } = quoted(client, table);
  return table.isParted
    ? `copy (select ${columns} from ${from}) to stdout`
    : `copy ${from} (${columns}) to stdout`;
}

export function copyIn(client: pg.Client, table: ArchivedTable): string {
  const { from, columns } = quoted(client, table);
  return `copy ${from} (${columns}) from stdin`;
}

function quoted(client: pg.Client, { schema, name, columns }: ArchivedTable) {
  const quote = (word: string) => client.escapeIdentifier(word);
  return {
    from: `${quote(schema)}.${quote(name)}`,
    columns: columns.map(quote).join(', '),
  };
}

/** The queue by its meaning, not by its tables, which belong to the library and may change with it. */
export const copyJobsOut = `copy (
  select tasks.identifier, jobs.payload, queues.queue_name, jobs.run_at, jobs.max_attempts, jobs.key,
    jobs.priority, (select array_agg(flag) from jsonb_object_keys(jobs.flags) flag), jobs.attempts, jobs.last_error
  from graphile_worker._private_jobs jobs
  join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id
  left join graphile_worker._private_job_queues queues on queues.id = jobs.job_queue_id
  order by jobs.id) to stdout`;

export const makeWaiting = `create temporary table waiting (
  task text, payload json, queue text, run_at timestamptz, max_attempts int, key text, priority int, flags text[],
  attempts int, last_error text) on commit drop`;

export const copyJobsIn = 'copy pg_temp.waiting from stdin';

/** Through the library's own door; what had failed stays as it was, for staff to try again. */
export async function queueWaiting(client: pg.Client): Promise<void> {
  await client.query(
    `create temporary table queued on commit drop as
     select waiting.attempts, waiting.last_error, (graphile_worker.add_job(task, payload, queue, run_at, max_attempts,
       key, priority, flags)).id as id from pg_temp.waiting`,
  );
  await client.query(
    `update graphile_worker._private_jobs jobs set attempts = queued.attempts, last_error = queued.last_error
     from pg_temp.queued where jobs.id = queued.id and queued.attempts > 0`,
  );
}

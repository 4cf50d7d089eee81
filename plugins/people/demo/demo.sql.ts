// Invented people into the house: COPY, table by table, within the caller's transaction.
import type { Scope } from 'rostra/plugin';
import { copyInto, copyText } from '../stage.sql.ts';

export type Cell = string | number | boolean | Date | Buffer | null;

/** Table to columns, in the order in which they can be filled. */
export const columns = {
  person:
    'id, key, given_name, family_name, birth_date, locale, source, created_at, changed_at, search',
  email_address: 'person_id, address, status, is_primary, created_at',
  phone_number: 'person_id, number, line, created_at',
  postal_address: 'person_id, line1, postcode, locality, region, country, created_at',
  affiliation: 'organization_id, person_id, since',
  relation: 'person_id, kind, since, until, created_at',
  tagging: 'tag_id, person_id, at',
  note: 'person_id, organization_id, text, by_name, at',
  timeline: 'person_id, organization_id, kind, params, at',
  history: 'person_id, organization_id, field, before, after, by_name, at',
  subscription: 'newsletter_id, person_id, since, until',
  consent:
    'id, organization_id, person_id, channel, purpose, given, locale, source, at, digest, invented',
  consent_detail: 'consent_id, person_id, wording, evidence, salt',
} as const;
export type Table = keyof typeof columns;

export async function copyRows(scope: Scope, table: Table, rows: readonly Cell[][]): Promise<void> {
  if (rows.length === 0) return;
  const lines = rows.map((cells) => cells.map(text).join('\t'));
  await copyInto(scope, `people.${table} (${columns[table]})`, [lines]);
}

function text(cell: Cell): string {
  if (cell === null) return '\\N';
  if (cell instanceof Date) return cell.toISOString();
  if (Buffer.isBuffer(cell)) return `\\\\x${cell.toString('hex')}`;
  return copyText(String(cell));
}

/** The triggers that make people searchable stand still in this transaction: it is done once, at the end. */
export async function holdSearch({ db }: Scope): Promise<void> {
  await db.raw(`select set_config('people.bulk', 'on', true)`);
}

/** So many numbers of the table's own sequence: rows that refer to each other can be written in one go. */
export async function reserveIds(scope: Scope, table: Table, count: number): Promise<string[]> {
  const found = await scope.db.raw(
    `select nextval(pg_get_serial_sequence(:name, 'id')) as id from generate_series(1, cast(:count as integer))`,
    { name: `people.${table}`, count },
  );
  return found.rows.map((row: { id: string }) => row.id);
}

export async function findTakenAddresses(scope: Scope): Promise<Set<string>> {
  const found = await scope.db.raw(
    `select address from people.email_address where address like '%@example.org'`,
  );
  return new Set(found.rows.map((row: { address: string }) => row.address));
}

export interface NewSuppression {
  kind: string;
  address: string;
  personId: string;
  reason: string;
  at: Date;
}

export async function insertSuppressions(
  scope: Scope,
  list: readonly NewSuppression[],
): Promise<void> {
  await scope.db.raw(
    `insert into people.suppression (kind, hash, person_id, organization_id, reason, at)
     select r.kind, people.keyed_hash(r.kind, r.address), r."personId", :organizationId, r.reason, r.at
     from jsonb_to_recordset(cast(:list as jsonb)) as r (kind text, address text, "personId" bigint, reason text, at timestamptz)
     on conflict (kind, hash) do nothing`,
    { organizationId: scope.organization.id, list: JSON.stringify(list) },
  );
}

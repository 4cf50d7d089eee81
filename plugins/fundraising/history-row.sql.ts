// Rows of a file of gifts from before: read in order, judged, and gone once they are in.
import type { Scope } from 'rostra/plugin';
import type { HistoryCounts, HistoryRow } from './history.sql.ts';
import { held, heldBy } from './office.sql.ts';
import { takesRoom } from './room.sql.ts';

export type RowState = 'staged' | 'ready' | 'known' | 'refused';
/** What the dry run says of a row. */
export interface Verdict {
  line: number;
  state: RowState;
  /** Of one refused: a key in the locales. */
  reason?: string | undefined;
  key?: string | undefined;
  /** Id of the donor, else a keyed hash. */
  donor?: string | undefined;
  amountMinor?: number | undefined;
  capScope?: string | undefined;
  capMinor?: number | undefined;
}

/** Rows of histories of recipients in office. */
const ours = (scope: Scope, of = 's') => `exists (select from fundraising.history h
  where h.id = ${of}.history_id and ${held(scope, 'h.recipient_id')})`;

/** In the state, after the line `after`, in the file's order. */
export async function findRows(
  scope: Scope,
  historyId: string,
  { state, after, most }: { state: RowState; after: number; most: number },
): Promise<(HistoryRow & { reason: string | undefined; key: string | undefined })[]> {
  const found = await scope.db.raw(
    `select s.line, s.cells, s.reason, s.key from fundraising.history_row s
     where s.history_id = :historyId and s.state = :state and s.line > :after and ${ours(scope)}
     order by s.line limit :most`,
    { historyId, state, after, most, ...heldBy(scope) },
  );
  return found.rows.map((row: { reason: string | null; key: string | null }) => ({
    ...row,
    ...{ reason: row.reason ?? undefined, key: row.key ?? undefined },
  }));
}

export async function judgeRows(
  scope: Scope,
  historyId: string,
  verdicts: readonly Verdict[],
): Promise<void> {
  await scope.db.raw(
    `update fundraising.history_row s set state = v.state, reason = v.reason, key = v.key, donor = v.donor,
       amount_minor = v."amountMinor", cap_scope = v."capScope", cap_minor = v."capMinor"
     from jsonb_to_recordset(cast(:verdicts as jsonb)) as v (line int, state text, reason text, key text,
       donor text, "amountMinor" bigint, "capScope" text, "capMinor" bigint)
     where s.history_id = :historyId and s.line = v.line and ${ours(scope)}`,
    { historyId, verdicts: JSON.stringify(verdicts), ...heldBy(scope) },
  );
}

/** Before the file is looked through once more. */
export async function unjudgeRows(scope: Scope, historyId: string): Promise<void> {
  await scope.db.raw(
    `update fundraising.history_row s set state = 'staged', reason = null
     where s.history_id = :historyId and s.state <> 'staged' and ${ours(scope)}`,
    { historyId, ...heldBy(scope) },
  );
}

/**
 * What came before is known: the same number twice is one gift, while rows that merely look alike are as many gifts as
 * there are rows, told apart by their count.
 */
export async function markKnown(scope: Scope, historyId: string): Promise<void> {
  const bindings = { historyId, ...heldBy(scope) };
  await scope.db.raw(
    `update fundraising.history_row s
     set key = case when s.key like 'history:id:%' then s.key else s.key || ':' || n.nth end,
       state = case when s.key like 'history:id:%' then 'known' else s.state end
     from (select line, row_number() over (partition by key order by line) as nth
       from fundraising.history_row where history_id = :historyId and state = 'ready') n
     where s.history_id = :historyId and s.line = n.line and n.nth > 1 and ${ours(scope)}`,
    bindings,
  );
  await scope.db.raw(
    `update fundraising.history_row s set state = 'known'
     from fundraising.history f join fundraising.donation d on d.recipient_id = f.recipient_id
     where f.id = :historyId and s.history_id = f.id and s.state = 'ready' and d.key = s.key and ${ours(scope)}`,
    bindings,
  );
}

export async function countRows(scope: Scope, historyId: string): Promise<HistoryCounts> {
  const found = await scope.db.raw(
    `select s.state, s.reason, count(*)::int as count, coalesce(sum(s.amount_minor), 0) as minor
     from fundraising.history_row s where s.history_id = :historyId and ${ours(scope)} group by 1, 2`,
    { historyId, ...heldBy(scope) },
  );
  const rows: { state: RowState; reason: string | null; count: number; minor: string }[] =
    found.rows;
  const of = (state: RowState) => rows.filter((row) => row.state === state);
  const sum = (some: typeof rows) => some.reduce((all, { count }) => all + count, 0);
  return {
    ...{ fresh: sum(of('ready')), known: sum(of('known')), refusedRows: sum(of('refused')) },
    refused: Object.fromEntries(of('refused').map(({ reason, count }) => [reason ?? '', count])),
    minor: of('ready').reduce((all, { minor }) => all + Number(minor), 0),
    overCap: await countOverCap(scope, historyId),
  };
}

/** The file's gifts and those in the books together. */
async function countOverCap(scope: Scope, historyId: string): Promise<number> {
  const found = await scope.db.raw(
    `select count(distinct g.donor)::int as count from (
       select s.donor, s.cap_scope, max(s.cap_minor) as cap, sum(s.amount_minor) as minor
       from fundraising.history_row s
       where s.history_id = :historyId and s.state = 'ready' and s.cap_scope is not null and ${ours(scope)}
       group by 1, 2) g
     where g.cap < g.minor + (
       select coalesce(sum(d.amount_minor - d.refunded_minor), 0) from fundraising.donation d
       where d.donor_id = case when g.donor ~ '^[0-9]{1,18}$' then g.donor::bigint
           else coalesce(
             (select a.donor_id from fundraising.donor_alias a where a.hash = decode(g.donor, 'hex')),
             (select o.id from fundraising.donor o where o.identity_hash = decode(g.donor, 'hex'))) end
         and d.cap_scope = g.cap_scope and ${takesRoom('d')})`,
    { historyId, ...heldBy(scope) },
  );
  return found.rows[0].count;
}

/** They are in: what was typed of them is not needed here any more. */
export async function deleteRows(
  scope: Scope,
  historyId: string,
  lines: readonly number[],
): Promise<void> {
  await scope.db.raw(
    `delete from fundraising.history_row s
     where s.history_id = :historyId and s.line = any (:lines) and ${ours(scope)}`,
    { historyId, lines: [...lines], ...heldBy(scope) },
  );
}

/** Dates such as 08/10/2024 in a column whose first, or second, part is no month. */
export async function countDateOrders(
  scope: Scope,
  historyId: string,
  place: number,
): Promise<{ dayFirst: number; monthFirst: number }> {
  const found = await scope.db.raw(
    `select count(*) filter (where m[1]::int > 12 and m[2]::int <= 12)::int as "dayFirst",
       count(*) filter (where m[2]::int > 12 and m[1]::int <= 12)::int as "monthFirst"
     from fundraising.history_row s
     cross join lateral regexp_match(s.cells[:place], '^[''[:space:]]*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]') m
     where s.history_id = :historyId and ${ours(scope)}`,
    { historyId, place: place + 1, ...heldBy(scope) },
  );
  return found.rows[0];
}

/** Whose address stands in the cells. */
const addressed = `exists (select from unnest(s.cells) c
  where lower(btrim(c, ' ''')) = any (cast(:addresses as text[])))`;
/** Or both whose names do: enough to let a row go, too little to show it to somebody. */
const theirs = `${addressed} or (:givenName <> '' and :familyName <> ''
  and exists (select from unnest(s.cells) c where core.fold(c) like '%' || core.fold(:givenName) || '%')
  and exists (select from unnest(s.cells) c where core.fold(c) like '%' || core.fold(:familyName) || '%'))`;

export interface Sought {
  /** In small letters. */
  addresses: string[];
  givenName: string;
  familyName: string;
}

export async function findRowsOf(
  scope: Scope,
  { addresses }: Pick<Sought, 'addresses'>,
): Promise<HistoryRow[]> {
  const found = await scope.db.raw(
    `select s.line, s.cells from fundraising.history_row s where ${addressed}
     order by s.history_id, s.line limit 1000`,
    { addresses },
  );
  return found.rows;
}

export async function deleteRowsOf(scope: Scope, sought: Sought): Promise<void> {
  await scope.db.raw(`delete from fundraising.history_row s where ${theirs}`, { ...sought });
}

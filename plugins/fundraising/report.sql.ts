// Sums for the treasurer: what came in, by day, page, means and source; and what waits, till when.
import type { Scope } from 'rostra/plugin';
import { likenessOver, likenessWaits } from './likeness.sql.ts';
import { held, heldBy } from './office.sql.ts';

/** ISO dates, both included. */
export interface Span {
  since: string;
  until: string;
}
export interface Sum {
  /** Accepted, less what went back. */
  minor: number;
  count: number;
}
export type Grain = 'day' | 'month' | 'year';
export interface Report {
  total: Sum;
  /** First day of each stretch in which something came in. */
  byTime: ({ day: string } & Sum)[];
  byPage: ({ pageId: string | undefined } & Sum)[];
  byMethod: ({ method: string } & Sum)[];
  bySource: ({ source: string } & Sum)[];
}

/** In one pass over the index of the recipient's days. */
export async function reportOf(
  scope: Scope,
  recipientId: string,
  { since, until }: Span,
  grain: Grain,
): Promise<Report> {
  const found = await scope.db.raw(
    `with given as materialized (
       select d.given_on, d.page_id, d.method, d.source, sum(d.amount_minor - d.refunded_minor) as minor,
         count(*) as count
       from fundraising.donation d
       where d.recipient_id = :recipientId and d.state = 'accepted' and d.given_on between :since and :until
         and ${held(scope, 'd.recipient_id')}
       group by 1, 2, 3, 4)
     select grouping(g.day, g.page_id, g.method, g.source)::int as kind, to_char(g.day, 'YYYY-MM-DD') as day,
       g.page_id as "pageId", g.method, g.source, sum(g.minor) as minor, sum(g.count)::int as count
     from (select date_trunc(:grain, given_on::timestamp)::date as day, page_id, method, source, minor, count
       from given) g
     group by grouping sets ((g.day), (g.page_id), (g.method), (g.source))
     order by g.day, sum(g.minor) desc`,
    { recipientId, since, until, grain, ...heldBy(scope) },
  );
  return reportIn(found.rows);
}

interface ReportRow {
  /** A bit for each column that the row is not grouped by. */
  kind: number;
  day: string;
  pageId: string | null;
  method: string;
  source: string;
  minor: string;
  count: number;
}

function reportIn(rows: ReportRow[]): Report {
  const of = (kind: number) => rows.filter((row) => row.kind === kind);
  const sum = ({ minor, count }: ReportRow): Sum => ({ minor: Number(minor), count });
  const byTime = of(0b0111).map((row) => ({ day: row.day, ...sum(row) }));
  return {
    byTime,
    byPage: of(0b1011).map((row) => ({ pageId: row.pageId ?? undefined, ...sum(row) })),
    byMethod: of(0b1101).map((row) => ({ method: row.method, ...sum(row) })),
    bySource: of(0b1110).map((row) => ({ source: row.source, ...sum(row) })),
    total: byTime.reduce(
      (all, { minor, count }) => ({ minor: all.minor + minor, count: all.count + count }),
      { minor: 0, count: 0 },
    ),
  };
}

export interface Standing {
  recipientId: string;
  name: string;
  chapter: string;
  currency: string;
  yearMinor: number;
  monthMinor: number;
}

/** Of each recipient in office, or of one: what came in since the first of the year, and of the month. */
export async function sumStandings(
  scope: Scope,
  { today, recipientId }: { today: string; recipientId?: string },
): Promise<Standing[]> {
  const found = await scope.db.raw(
    `select r.id as "recipientId", r.name, o.name as chapter, r.currency, s.year, s.month
     from fundraising.recipient r join core.organization o on o.id = r.organization_id
     cross join lateral (
       select coalesce(sum(d.amount_minor - d.refunded_minor), 0) as year,
         coalesce(sum(d.amount_minor - d.refunded_minor)
           filter (where d.given_on >= cast(:month as date)), 0) as month
       from fundraising.donation d
       where d.recipient_id = r.id and d.state = 'accepted'
         and d.given_on between cast(:year as date) and cast(:today as date)) s
     where (cast(:recipientId as bigint) is null or r.id = :recipientId) and ${held(scope, 'r.id')}
     order by o.name, lower(r.name), r.id`,
    {
      ...{ today, month: `${today.slice(0, 7)}-01`, year: `${today.slice(0, 4)}-01-01` },
      recipientId: recipientId ?? null,
      ...heldBy(scope),
    },
  );
  return found.rows.map(({ year, month, ...row }: { year: string; month: string }) => ({
    ...row,
    yearMinor: Number(year),
    monthMinor: Number(month),
  }));
}

/** `held`: by reason, to go back by `dueOn`. */
export type WaitKind = 'held' | 'excess' | 'likeness' | 'pledged' | 'batch' | 'payout' | 'differs';
export interface Waiting {
  recipientId: string;
  name: string;
  currency: string;
  kind: WaitKind;
  /** Of `held` and `differs`: the word of the reason. */
  why: string | undefined;
  count: number;
  minor: number;
  /** The first of them, ISO date. */
  dueOn: string | undefined;
}

const waits = `
  select d.recipient_id, d.state as kind, case when d.state = 'held' then d.why end as why, count(*)::int as count,
    sum(d.amount_minor) as minor, min(d.return_by) filter (where d.state = 'held') as due
  from fundraising.donation d where d.state in ('pledged', 'held') group by 1, 2, 3
  union all
  select e.recipient_id, 'excess', null, count(*)::int, sum(e.excess_minor), null
  from fundraising.excess e where e.settled_at is null group by 1
  union all
  select k.recipient_id, 'likeness', null, sum(k.count)::int, sum(k.minor), null
  from (select l.recipient_id, l.donor_id, count(*) as count, max(${likenessOver}) as minor
    from fundraising.likeness l where ${likenessWaits} group by 1, 2, l.cap_scope) k group by 1
  union all
  select b.recipient_id, 'batch', null, count(*)::int, coalesce(sum(coalesce(b.declared_minor, (
    select sum(d.amount_minor - d.refunded_minor) from fundraising.donation d where d.batch_id = b.id))), 0), null
  from fundraising.batch b where b.closed_at is null group by 1
  union all
  select p.recipient_id, 'payout', null, count(*)::int, sum(p.amount_minor), null
  from fundraising.payout p where p.state = 'paid' and p.statement_reference is null group by 1
  union all
  select p.recipient_id, 'differs', w.word, count(*)::int, sum(p.amount_minor), null
  from fundraising.payout p cross join unnest(p.differs) w (word) where p.seen_by is null group by 1, 3`;

/** Of each recipient in office, or of one; what is due first, first. */
export async function findWaiting(scope: Scope, recipientId?: string): Promise<Waiting[]> {
  const found = await scope.db.raw(
    `select r.id as "recipientId", r.name, r.currency, w.kind, w.why, w.count, w.minor,
       to_char(w.due, 'YYYY-MM-DD') as "dueOn"
     from fundraising.recipient r join (${waits}) w on w.recipient_id = r.id
     where (cast(:recipientId as bigint) is null or r.id = :recipientId) and ${held(scope, 'r.id')}
     order by w.due nulls last, lower(r.name), r.id,
       array_position(array['held', 'excess', 'likeness', 'differs', 'batch', 'payout', 'pledged'], w.kind)`,
    { recipientId: recipientId ?? null, ...heldBy(scope) },
  );
  return found.rows.map((row: Record<string, unknown>) => ({
    ...row,
    ...{ why: row['why'] ?? undefined, dueOn: row['dueOn'] ?? undefined },
    minor: Number(row['minor']),
  }));
}

/** The first day of which the recipient has a gift; `undefined` for none. */
export async function findFirstDay(scope: Scope, recipientId: string): Promise<string | undefined> {
  const found = await scope.db.raw(
    `select to_char(d.given_on, 'YYYY-MM-DD') as day from fundraising.donation d
     where d.recipient_id = :recipientId and d.state = 'accepted' and ${held(scope, 'd.recipient_id')}
     order by d.given_on limit 1`,
    { recipientId, ...heldBy(scope) },
  );
  return found.rows[0]?.day ?? undefined;
}

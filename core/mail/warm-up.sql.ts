// How much left to many on which day, and claiming no more of it than today allows.
import type { Db } from '../database/connect.ts';
import { type ClaimedMail, claimMails } from './mail.sql.ts';

export interface Days {
  isWarm: boolean;
  /** Most on any day before this one. */
  best: number;
  today: number;
}

/** What was sent from the domain, as seen on `day` (`2026-11-24`). */
export async function findDays(db: Db, domain: string, day: string): Promise<Days> {
  const { rows } = await db.raw(
    `select coalesce((select is_warm from core.mail_domain where domain = :domain), false) as "isWarm",
       coalesce(max(sent) filter (where day < :day::date), 0) as best,
       coalesce(max(sent) filter (where day = :day::date), 0) as today
     from core.mail_day where domain = :domain`,
    { domain, day },
  );
  return rows[0];
}

export interface BulkClaim {
  organizationId: string;
  holder: string;
  now: Date;
  limit: number;
  domain: string;
  day: string;
  /** Of the domain's day; `undefined`: no ceiling. */
  ceilingOf: (days: Days) => number | undefined;
}

/** Counted and claimed in one transaction: two workers never pass the ceiling together. */
export async function claimBulk(db: Db, claim: BulkClaim): Promise<ClaimedMail[]> {
  return db.transaction(async (own) => {
    const limit = await takeDay(own, { ...claim, most: claim.limit });
    const claimed = limit > 0 ? await claimMails(own, { ...claim, bulk: true, limit }) : [];
    await giveBackDay(own, { ...claim, count: limit - claimed.length });
    return claimed;
  });
}

/** So many of `most` as the day has room for, counted; the day stays locked until the transaction ends. */
export async function takeDay(
  own: Db,
  {
    domain,
    day,
    most,
    ceilingOf,
  }: Pick<BulkClaim, 'domain' | 'day' | 'ceilingOf'> & { most: number },
): Promise<number> {
  await own.raw(
    `insert into core.mail_day (domain, day, sent) values (:domain, :day::date, 0)
     on conflict do nothing`,
    { domain, day },
  );
  await own('core.mail_day').where({ domain, day }).forUpdate();
  const days = await findDays(own, domain, day);
  const room = (ceilingOf(days) ?? Number.POSITIVE_INFINITY) - days.today;
  const count = Math.max(0, Math.min(most, room));
  await own('core.mail_day').where({ domain, day }).increment('sent', count);
  return count;
}

/** What was claimed and never handed over. */
export async function giveBackDay(
  db: Db,
  { domain, day, count }: { domain: string; day: string; count: number },
): Promise<void> {
  await db.raw(
    `update core.mail_day set sent = greatest(sent - :count, 0)
     where domain = :domain and day = :day::date`,
    { domain, day, count },
  );
}

export async function countWaitingBulk(db: Db, organizationId: string): Promise<number> {
  const [row] = await db('core.outbox')
    .where({ organization_id: organizationId, state: 'ready', bulk: true })
    .count();
  return Number(row?.count ?? 0);
}

// A new sender grows slowly: receivers take a flood from a stranger for spam, and remember.
import type { Db } from '../database/connect.ts';
import { type Days, findDays } from './warm-up.sql.ts';

const first = 50;
const known = 25_600;

export interface WarmUp {
  isWarm: boolean;
  /** Messages to many that may leave today; `undefined`: as many as there are. */
  ceiling: number | undefined;
  today: number;
  /** None may leave any more today. */
  isFull: boolean;
}

/** Twice the best day so far: it grows with what was really sent, not with days that went by. */
export function ceilingOf({ isWarm, best }: Days): number | undefined {
  return isWarm || best >= known ? undefined : Math.max(first, 2 * best);
}

export async function warmUpOf(db: Db, domain: string, now: Date): Promise<WarmUp> {
  const days = await findDays(db, domain, dayOf(now));
  const ceiling = ceilingOf(days);
  const { isWarm, today } = days;
  return { isWarm, ceiling, today, isFull: ceiling !== undefined && today >= ceiling };
}

/** In UTC: one day for all of the party's time zones. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

// What the treasurer sees first: which span the charts show, and what waits, on each recipient's page and on the admin's home.
import { type Panel, type Scope } from 'rostra/plugin';
import { todayOf } from './day.ts';
import { deedsOf } from './office.ts';
import { findRecipients, type Recipient } from './recipient.sql.ts';
import {
  findFirstDay,
  findWaiting,
  type Grain,
  type Report,
  type Span,
  type Waiting,
} from './report.sql.ts';
import { findGiftsOf } from './search.sql.ts';

export const periods = ['days', 'year', 'window', 'all'] as const;
export type Period = (typeof periods)[number];

const day = 24 * 3600 * 1000;
const shownGifts = 5;

/** Which days a period means today, in which steps they are shown. */
export async function spanOf(
  scope: Scope,
  { id, opensOn, closesOn }: Recipient,
  period: Period,
): Promise<Span & { grain: Grain }> {
  const today = todayOf(scope);
  if (period === 'days') return { since: shifted(today, -29), until: today, grain: 'day' };
  if (period === 'year') return { since: elevenMonthsBack(today), until: today, grain: 'month' };
  const until = period === 'window' && closesOn && closesOn < today ? closesOn : today;
  const opens = period === 'window' ? opensOn : await findFirstDay(scope, id);
  const since = opens && opens <= until ? opens : until;
  return { since, until, grain: grainOf(since, until) };
}

function grainOf(since: string, until: string): Grain {
  const days = (Date.parse(until) - Date.parse(since)) / day;
  return days <= 62 ? 'day' : days <= 3 * 366 ? 'month' : 'year';
}

function shifted(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

function elevenMonthsBack(today: string): string {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 10);
}

/** Each stretch of the span, those without a gift too. */
export function pointsOf(
  { since, until, grain }: Span & { grain: Grain },
  byTime: Report['byTime'],
): { day: string; minor: number }[] {
  const sums = new Map(byTime.map(({ day: first, minor }) => [first, minor]));
  const points: { day: string; minor: number }[] = [];
  for (let at = firstOf(since, grain); at <= until; at = next(at, grain)) {
    points.push({ day: at, minor: sums.get(at) ?? 0 });
  }
  return points;
}

function firstOf(date: string, grain: Grain): string {
  if (grain === 'day') return date;
  return grain === 'month' ? `${date.slice(0, 7)}-01` : `${date.slice(0, 4)}-01-01`;
}

function next(date: string, grain: Grain): string {
  if (grain === 'day') return shifted(date, 1);
  const [year = 0, month = 0] = date.split('-').map(Number);
  const then = grain === 'month' ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
  return new Date(then).toISOString().slice(0, 10);
}

export interface WaitingShown extends Waiting {
  isLate: boolean;
  /** Of the admin, after the recipient's own address. */
  path: string;
}

const pathOf = {
  held: '/donations?show=waiting&state=held',
  pledged: '/donations?show=waiting&state=pledged',
  excess: '#excess',
  likeness: '#likeness',
  batch: '/batches',
  payout: '/accounts',
  differs: '/accounts#payouts',
} as const;

export async function waitingOf(scope: Scope, recipientId?: string): Promise<WaitingShown[]> {
  const today = todayOf(scope);
  const found = await findWaiting(scope, recipientId);
  return found.map((one) => ({
    ...one,
    isLate: one.dueOn !== undefined && one.dueOn < today,
    path: pathOf[one.kind],
  }));
}

/** Payments under way are nobody's task: the provider tells how they end. */
export const waitingPanel: Panel = {
  slot: 'core.home',
  view: 'waiting-home',
  permission: 'fundraising.money.enter',
  order: 6,
  async data(scope) {
    const waiting = (await waitingOf(scope)).filter(({ kind }) => kind !== 'pledged');
    return waiting.length > 0 ? { waiting } : undefined;
  },
};

/** Gifts to recipients in whose office the reader is; to others there is no such panel. */
export const personPanel: Panel = {
  slot: 'people.person',
  view: 'person',
  permission: 'fundraising.money.enter',
  order: 30,
  async data(scope, personId) {
    const recipients = await findRecipients(scope);
    if (recipients.length === 0) return undefined;
    const found = await findGiftsOf(scope, personId, shownGifts + 1);
    const open = recipients.filter(
      ({ closedAt, organizationId }) => !closedAt && organizationId === scope.organization.id,
    );
    return {
      personId,
      gifts: found.slice(0, shownGifts),
      isMore: found.length > shownGifts,
      recipients: await recordable(scope, open),
    };
  },
};

async function recordable(scope: Scope, recipients: Recipient[]): Promise<Recipient[]> {
  const may = await Promise.all(recipients.map((one) => deedsOf(scope, one)));
  return recipients.filter((_, index) => may[index]?.record);
}

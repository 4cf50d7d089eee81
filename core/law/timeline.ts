// Dated versions of one rule laid along time: which of them holds at an instant, and whether it has lapsed.

export interface Dated {
  from?: string;
  to?: string;
}

/** Where a span begins; exactly known only once asked for, since the first zone to reckon in costs a start 25 ms. */
interface Start {
  /** Two of one key are the same instant. */
  readonly key: string;
  /** Not before, and not after, wherever its zone lies. */
  readonly low: number;
  readonly high: number;
  at(): number;
}

const always: Start = { key: '', low: -Infinity, high: -Infinity, at: () => -Infinity };
const hour = 3_600_000;

function startOf(date: string, timeZone: string): Start {
  const utc = Date.parse(`${date}T00:00:00Z`);
  const key = `${date} ${timeZone}`;
  return { key, low: utc - 15 * hour, high: utc + 13 * hour, at: () => midnight(date, timeZone) };
}

function compare(one: Start, other: Start): number {
  if (one.key === other.key) return 0;
  if (one.high < other.low) return -1;
  return one.low > other.high ? 1 : one.at() - other.at();
}

/** One stretch of time, from `start` until the next span's, and what holds in it. */
export interface Span<T> {
  readonly start: Start;
  readonly value: T;
  /** The version ran out and its successor is not known: the last one is kept. */
  readonly provisional: boolean;
}

export type Timeline<T> = readonly Span<T>[];

/** Throws a sentence when two versions hold on the same day or a date is none. */
export function timelineOf<V extends Dated>(versions: readonly V[], timeZone: string): Timeline<V> {
  const spans: Span<V>[] = [];
  versions.forEach((version, index) => {
    refuseOverlap(versions[index - 1], version);
    const start = version.from === undefined ? always : startOf(version.from, timeZone);
    spans.push({ start, value: version, provisional: false });
    const next = versions[index + 1];
    if (version.to === undefined) return;
    const end = dayAfter(version.to);
    if (next?.from === undefined || next.from > end) {
      spans.push({ start: startOf(end, timeZone), value: version, provisional: true });
    }
  });
  return spans;
}

/** `undefined` before the first version. */
export function spanAt<T>(timeline: Timeline<T>, instant: number): Span<T> | undefined {
  for (let index = timeline.length - 1; index >= 0; index--) {
    const span = timeline[index] as Span<T>;
    const { low, high } = span.start;
    if (high <= instant || (low <= instant && span.start.at() <= instant)) return span;
  }
  return undefined;
}

/** The span that holds where another timeline turns. */
export function spanFrom<T>(timeline: Timeline<T>, start: Start): Span<T> | undefined {
  return timeline.findLast((span) => compare(span.start, start) <= 0);
}

/** Each start at which one of the timelines turns, in order and once. */
export function turns(timelines: readonly Timeline<unknown>[]): Start[] {
  const starts = timelines.flatMap((timeline) => timeline.map((span) => span.start));
  const inOrder = starts.sort(compare);
  return inOrder.filter(
    (start, index) => index === 0 || compare(inOrder[index - 1] ?? always, start) !== 0,
  );
}

function refuseOverlap(before: Dated | undefined, after: Dated): void {
  for (const date of [after.from, after.to]) if (date !== undefined) refuseNoDate(date);
  if (after.from && after.to && after.to < after.from) {
    throw new Error(`it ends on ${after.to}, before it begins on ${after.from}`);
  }
  if (!before) return;
  if (after.from === undefined) throw new Error('a later version needs its first day in `from`');
  if ((before.to ?? before.from ?? '') >= after.from) {
    throw new Error(`two versions hold on ${after.from}`);
  }
}

function refuseNoDate(date: string): void {
  const parsed = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) {
    throw new Error(`${date} is not a day of the calendar`);
  }
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The calendar day of an instant in a zone. */
export function dayOf(instant: Date, timeZone: string): string {
  return wallClock(instant.getTime(), timeZone).toISOString().slice(0, 10);
}

/** The instant at which a day begins in a zone; twice, since the offset may change near midnight. */
export function midnight(date: string, timeZone: string): number {
  const key = `${date} ${timeZone}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  const instant = instantOf(`${date}T00:00`, timeZone);
  midnights.set(key, instant);
  return instant;
}

/** Kept: a text's first day is that of each of its rules. */
const midnights = new Map<string, number>();

/** The instant at which a clock in a zone shows it, e.g. `2027-04-11T20:00`. */
export function instantOf(local: string, timeZone: string): number {
  const wanted = Date.parse(`${local}Z`);
  let instant = wanted;
  for (let round = 0; round < 2; round++) {
    instant -= wallClock(instant, timeZone).getTime() - wanted;
  }
  return instant;
}

/** What a clock in a zone shows, as a field for day and time has it: `2027-04-11T20:00`. */
export function toLocal(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ dateStyle: 'short', timeStyle: 'short', timeZone },
  });
  return format.format(at).replace(' ', 'T');
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows, written as if it were UTC. */
function wallClock(instant: number, timeZone: string): Date {
  const parts = clockOf(timeZone).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return new Date(
    `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`,
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Kept: to make one takes longer than to ask it a thousand times. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const kept = clocks.get(timeZone);
  if (kept) return kept;
  const clock = new Intl.DateTimeFormat('en-CA-u-hc-h23', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  clocks.set(timeZone, clock);
  return clock;
}

// Hours in which people may be reached: by channel and day, on the recipient's clock; where two laws speak, those that both leave.
import { type Kind, sorted } from './kind.ts';

export const channels = ['email', 'sms', 'voice', 'call', 'post', 'social', 'door'] as const;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const;

export type Channel = (typeof channels)[number];
/** A day of the week; `holiday` stands in its place on a public holiday. */
export type DayKind = (typeof days)[number];
/** `['09:00', '20:00']`: from the first minute on, and no longer at the last. */
export type Opening = readonly [string, string];
/** Channels that are not named are free at all hours. */
export type Hours = Partial<Record<Channel, Readonly<Record<DayKind, readonly Opening[]>>>>;

type Written = Record<string, Record<string, string[]>>;

const clock = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export const hoursKind: Kind<Hours> = {
  fault(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return shape;
    for (const [channel, byDay] of Object.entries(value as Written)) {
      if (!channels.includes(channel as Channel)) return `${channel} is no channel`;
      const why = faultOfDays(byDay);
      if (why) return `${channel}: ${why}`;
    }
    return undefined;
  },
  read(value) {
    const written = Object.entries(value as Written);
    return sorted(written.map(([channel, byDay]) => [channel, expand(byDay)]));
  },
  merge(one, other) {
    const named = channels.filter((channel) => one[channel] ?? other[channel]);
    return sorted(named.map((channel) => [channel, within(one[channel], other[channel])]));
  },
  isLooser(child, parent) {
    const both = channels.filter((channel) => child[channel] && parent[channel]);
    return both.some((channel) => !same(within(child[channel], parent[channel]), child[channel]));
  },
  isFree: (value) => Object.keys(value).length === 0,
};

const shape =
  'must name the open hours of each channel, e.g. {"sms": {"mon-sun": ["HH:MM-HH:MM"], "holiday": []}}';

/** Of a channel that is named, each day is named once: what is left out would be a guess. */
function faultOfDays(byDay: unknown): string | undefined {
  if (typeof byDay !== 'object' || byDay === null) return shape;
  const named = Object.keys(byDay).flatMap(daysIn);
  if (String(named.toSorted()) !== String(days.toSorted())) {
    return `every day and "holiday" must be named once, not ${Object.keys(byDay).join(', ')}`;
  }
  for (const opening of Object.values(byDay).flat()) {
    if (typeof opening !== 'string' || !clock.test(opening)) return `"${opening}" are no hours`;
    const [from = '', to = ''] = opening.split('-');
    if (from >= to) return `${opening} ends before it begins`;
  }
  return undefined;
}

/** `mon-sat` as its six days; an unknown day as itself. */
function daysIn(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const [start, end] = [first, last].map((day) => days.indexOf(day as DayKind));
  return start === undefined || end === undefined || start < 0 || end < start
    ? [range]
    : days.slice(start, end + 1);
}

type Week = Readonly<Record<DayKind, readonly Opening[]>>;

function expand(byDay: Record<string, string[]>): Week {
  const each = Object.entries(byDay).flatMap(([range, openings]) => {
    const read = openings.map((opening) => opening.split('-') as unknown as Opening).toSorted();
    return daysIn(range).map((day) => [day, read] as const);
  });
  return weekOf((day) => each.find(([named]) => named === day)?.[1] ?? []);
}

function weekOf(openings: (day: DayKind) => readonly Opening[]): Week {
  return Object.fromEntries(days.map((day) => [day, openings(day)])) as unknown as Week;
}

function within(one: Week | undefined, other: Week | undefined): Week {
  if (!one || !other) return (one ?? other) as Week;
  return weekOf((day) =>
    one[day]
      .flatMap(([from, to]) =>
        other[day].map(([start, end]): Opening => [max(from, start), min(to, end)]),
      )
      .filter(([from, to]) => from < to)
      .toSorted(),
  );
}

const max = (one: string, other: string) => (one > other ? one : other);
const min = (one: string, other: string) => (one < other ? one : other);
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

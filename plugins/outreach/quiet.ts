// Hours and days at which nobody is to be disturbed, on the recipient's own clock: whether it is one, and when it is over.
import { dayOf, instantOf, type Law } from 'rostra/plugin';
import type { ChannelInfo } from './index.ts';

type Channel = ChannelInfo['reach'];
export interface Recipient {
  channel: Channel;
  /** ISO 3166-1; of who has none, the sender's clock counts. */
  country?: string | undefined;
  timeZone: string;
}

const day = 86_400_000;
/** No pack closes a channel for longer: the fifth day at the latest is looked at. */
const ahead = 10;

/** When they may be reached from `now` on: `now` itself, the next opening, or a day later when none is found. */
export function nextMoment(law: Law, { channel, country, timeZone }: Recipient, now: Date): Date {
  const person = country ? { country } : {};
  const week = law.rule('messaging.quiet', { person, when: now }).value?.[channel];
  if (!week) return now;
  const holidays = law.rule('calendar.holidays', { person, when: now }).value ?? [];
  const zones = country ? zonesOf(country, timeZone) : [timeZone];
  const openIn = zones.map((zone) => openings(week, holidays, zone, now));
  const open = openIn.reduce(shared).find(([, until]) => until > now.getTime());
  return open ? new Date(Math.max(now.getTime(), open[0])) : new Date(now.getTime() + day);
}

/** Where a country has several, nobody knows which is theirs: an hour has to be open in each. */
function zonesOf(country: string, otherwise: string): string[] {
  const place = new Intl.Locale(`und-${country}`) as Intl.Locale & Zones;
  const zones = place.getTimeZones?.() ?? place.timeZones ?? [];
  return zones.length > 0 ? zones : [otherwise];
}

/** Older engines have the one, newer the other. */
interface Zones {
  timeZones?: string[];
  getTimeZones?(): string[];
}

type Span = readonly [number, number];
type Week = Readonly<Record<string, readonly (readonly [string, string])[]>>;
const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function openings(
  week: Week,
  holidays: readonly string[],
  timeZone: string,
  now: Date,
): readonly Span[] {
  // From the day before: a clock that is set back can have been there already.
  return Array.from({ length: ahead + 1 }, (_, at) => {
    const date = dayOf(new Date(now.getTime() + (at - 1) * day), timeZone);
    const kind = isHoliday(date, holidays)
      ? 'holiday'
      : names[new Date(`${date}T12:00Z`).getUTCDay()];
    return (week[kind ?? ''] ?? []).map(
      ([from, until]): Span => [instantAt(date, from, timeZone), instantAt(date, until, timeZone)],
    );
  }).flat();
}

function instantAt(date: string, clock: string, timeZone: string): number {
  const isNextDay = Number(clock.slice(0, 2)) === 24;
  if (!isNextDay) return instantOf(`${date}T${clock}`, timeZone);
  const next = new Date(Date.parse(`${date}T12:00Z`) + day).toISOString().slice(0, 10);
  return instantOf(`${next}T00:00`, timeZone);
}

function shared(one: readonly Span[], other: readonly Span[]): readonly Span[] {
  return one
    .flatMap(([from, until]) =>
      other.map(([start, end]): Span => [Math.max(from, start), Math.min(until, end)]),
    )
    .filter(([from, until]) => from < until)
    .toSorted(([from], [start]) => from - start);
}

/** `05-01`, or so many days from Easter: `easter+39`. */
export function isHoliday(date: string, holidays: readonly string[]): boolean {
  const fromEaster = (Date.parse(date) - Date.parse(easterOf(Number(date.slice(0, 4))))) / day;
  return holidays.some((one) =>
    one.startsWith('easter') ? Number(one.slice(6)) === fromEaster : one === date.slice(5),
  );
}

/** Of the western churches, after the Gregorian calendar's own rule. */
function easterOf(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const epact =
    (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) %
    30;
  const moon =
    epact -
    Math.floor(epact / 28) * (1 - Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const sunday = (year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)) % 7;
  const days = moon - sunday;
  const month = 3 + Math.floor((days + 40) / 44);
  const dayOfMonth = days + 28 - 31 * Math.floor(month / 4);
  return `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

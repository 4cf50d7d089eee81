// The form of an election: two rounds, and parts of the constituency that vote on another day or clock.
import { isCountry, isTimeZone, type Scope, type Static, Type } from 'rostra/plugin';
import type { ElectionInput } from './election.ts';
import type { Election, ElectionKind, Round } from './index.ts';

export const kinds: readonly ElectionKind[] = [
  ...(['presidential', 'legislative', 'regional', 'municipal', 'european'] as const),
  ...(['referendum', 'internal', 'other'] as const),
];
/** Numbers of the fields: `day1` is the first round's. */
export const mainSlots = [1, 2] as const;
export const partSlots = [3, 4, 5, 6, 7, 8] as const;
const slots = [...mainSlots, ...partSlots];

const line = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const day = Type.Optional(Type.String({ format: 'date' }));
const closes = Type.Optional(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }));
const words = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

function eachSlot<T>(name: string, schema: T): Record<string, T> {
  return Object.fromEntries(slots.map((slot) => [`${name}${slot}`, schema]));
}

export const ElectionForm = Type.Object({
  name: line(200),
  kind: Type.Union(kinds.map((kind) => Type.Literal(kind))),
  constituency: line(200),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  place: words(40),
  timeZone: line(60),
  ...eachSlot('day', day),
  ...eachSlot('closes', closes),
  ...eachSlot('place', words(100)),
  ...eachSlot('timeZone', words(60)),
});
type Answers = Static<typeof ElectionForm> & Record<string, string | undefined>;
type Faults = Record<string, string>;
type Read = { input: ElectionInput; faults?: undefined } | { input?: undefined; faults: Faults };

export function inputOf(scope: Scope, answers: Answers): Read {
  const faults: Faults = {};
  const rounds = slots.flatMap((slot) => roundIn(scope, answers, slot, faults));
  const { name, kind, constituency, country, place = '', timeZone } = answers;
  if (!isCountry(country)) faults['country'] = scope.t('elections.fault.country');
  if (!isTimeZone(timeZone)) faults['timeZone'] = scope.t('elections.fault.zone');
  if (!answers['day1']) faults['day1'] = scope.t('elections.fault.day');
  const twice = slots.find((slot) => slots.some((one) => one < slot && isSame(answers, one, slot)));
  if (twice) faults[`day${twice}`] = scope.t('elections.fault.twice');
  if (Object.keys(faults).length > 0) return { faults };
  return { input: { values: { name, kind, constituency, country, place, timeZone }, rounds } };
}

/** As the form is filled when an election is opened. */
export function answersOf({ rounds, ...election }: Election): Record<string, unknown> {
  const main = rounds.filter(({ place }) => place === '');
  const parts = rounds.filter(({ place }) => place !== '');
  const placed = [
    ...mainSlots.map((slot, at) => [slot, main[at]] as const),
    ...partSlots.map((slot, at) => [slot, parts[at]] as const),
  ];
  const fields = placed.flatMap(([slot, round]) =>
    Object.entries(round ?? {}).map(([name, value]) => [`${name}${slot}`, value]),
  );
  return { ...election, ...Object.fromEntries(fields) };
}

/** A day wants its hour, an hour its day, and of a part one must know which it is. */
function roundIn(scope: Scope, answers: Answers, slot: number, faults: Faults): Round[] {
  const [day, closes] = [answers[`day${slot}`], answers[`closes${slot}`]];
  const isPart = slot > mainSlots.length;
  const [place = '', timeZone = ''] = isPart
    ? [answers[`place${slot}`], answers[`timeZone${slot}`]]
    : [];
  if (!day && !closes && !place) return [];
  if (!day) faults[`day${slot}`] = scope.t('elections.fault.day');
  if (!closes) faults[`closes${slot}`] = scope.t('elections.fault.closes');
  if (isPart && !place) faults[`place${slot}`] = scope.t('elections.fault.part');
  if (timeZone && !isTimeZone(timeZone)) {
    faults[`timeZone${slot}`] = scope.t('elections.fault.zone');
  }
  return day && closes ? [{ day, closes, place, timeZone }] : [];
}

function isSame(answers: Answers, one: number, other: number): boolean {
  const of = (slot: number) => [answers[`day${slot}`], answers[`place${slot}`] ?? ''].join(' ');
  return answers[`day${one}`] !== undefined && of(one) === of(other);
}

// The same decision for a million people: every answer that the law can give is laid out once, and each person's is looked up.
import { countryCodes, type Law, type Reason } from 'rostra/plugin';
import type { ReachAct, ReachAnswer } from './index.ts';
import { capabilitiesOf, conditionsOf, decideReach, noesOf } from './reach.ts';
import { type ReachFacts, ways, words } from './reach-facts.ts';
import { rulesOn, turningPoints } from './reach-rules.ts';

const allFlags = [
  ...(['isSubscribed', 'isWayDirect', 'isTagDirect', 'isBirthDirect'] as const),
  ...(['isInformed', 'isRegular', 'hasWindow'] as const),
];
type Flag = (typeof allFlags)[number];

/** One thing that an answer turns on, with the values that make a difference. */
export interface Dimension {
  name: 'word' | 'targeting' | 'age' | Flag;
  values: readonly Partial<ReachFacts>[];
}

export interface Plan {
  act: ReachAct;
  /** Of countries whose law asks something else, counted from 1; of all others it is 0. */
  classes: Readonly<Record<string, number>>;
  dimensions: readonly Dimension[];
  /** At which an answer turns, in order. */
  ages: readonly number[];
  /** Classes to which it matters that a yes was confirmed: to messages, and to being chosen. */
  confirming: Readonly<Record<'word' | 'targeting', readonly number[]>>;
  answers: readonly ReachAnswer[];
  /** Places in `answers`: by class and state of the addresses, then by class and all dimensions. */
  table: readonly number[];
}

export function planOf(law: Law, act: ReachAct): Plan {
  const { classes, countries } = classesOf(law, act);
  const asked = countries.map((country) => askedIn(law, act, country));
  const ages = [...new Set(asked.flatMap((one) => one.ages))];
  const asking = (name: 'word' | 'targeting') =>
    asked.flatMap(({ asksConfirmed }, place) => (asksConfirmed[name] ? [place] : []));
  const plan = {
    ...{ act, classes, ages: ages.sort((a, b) => a - b) },
    confirming: { word: asking('word'), targeting: asking('targeting') },
  };
  const dimensions = dimensionsOf(
    plan,
    asked.flatMap((one) => one.flags),
  );
  return { ...plan, dimensions, ...laidOut(law, act, asked, dimensions) };
}

type Asked = ReturnType<typeof askedIn>;

/** What makes a difference in a country. */
function askedIn(law: Law, act: ReachAct, country?: string) {
  const conditions = conditionsAsked(law, act, country);
  const { ages, isDirectOnly, asksConfirmed } = turningPoints(law, act, country);
  const isDirect = isDirectOnly || conditions.includes('data.directly_collected');
  const flags: [Flag, boolean][] = [
    ['isSubscribed', act.purpose === 'newsletter'],
    ['isWayDirect', isDirect],
    ['isTagDirect', isDirect && act.tagId !== undefined],
    ['isBirthDirect', isDirectOnly],
    ['isInformed', conditions.includes('notice.privacy')],
    ['isRegular', conditions.includes('basis.special_category')],
    ['hasWindow', conditions.includes('consent.time_window')],
  ];
  return {
    ...{ country, asksConfirmed, ages: [...conditions.flatMap(ageIn), ...ages] },
    flags: flags.flatMap(([flag, isAsked]) => (isAsked ? [flag] : [])),
  };
}

/** Countries of which the law asks the same are one class; the first stands for it. */
function classesOf(law: Law, act: ReachAct) {
  const classes: Record<string, number> = {};
  const countries: (string | undefined)[] = [undefined];
  const known = new Map([[signature(law, act), 0]]);
  for (const country of countryCodes()) {
    const key = signature(law, act, country);
    const place = known.get(key) ?? countries.push(country) - 1;
    known.set(key, place);
    if (place > 0) classes[country] = place;
  }
  return { classes, countries };
}

/** Which versions of which rules speak: what they say to a person follows from that. */
function signature(law: Law, act: ReachAct, country?: string): string {
  const person = country ? { country } : {};
  const met = conditionsAsked(law, act, country);
  const decisions = capabilitiesOf(act).map((capability) =>
    law.decide({ capability, person, met }),
  );
  return [...decisions, ...rulesOn(law, { ...ideal, ...person }, act), ...noesOf(law, country)]
    .map(({ reasons, provisional }) => `${reasons.map(nameOf).join()} ${provisional}`)
    .join('; ');
}

const nameOf = ({ pack, rule, since, effect }: Reason): string =>
  `${pack}:${rule}:${since}:${effect}`;

function keyOf({ may, why, reasons, missing, provided, provisional }: ReachAnswer): string {
  return [may, why, reasons.map(nameOf), missing, provided, provisional].join('; ');
}

function conditionsAsked(law: Law, act: ReachAct, country?: string): string[] {
  return capabilitiesOf(act).flatMap((capability) => conditionsOf(law, capability, country));
}

function ageIn(condition: string): number[] {
  const least = /^age>=(\d+)$/.exec(condition)?.[1];
  return least === undefined ? [] : [Number(least)];
}

/** Somebody of whom everything is known, and nothing stands in the way. */
const ideal: ReachFacts = {
  ...{ age: 120, way: 'ok', word: 'confirmed', hasWindow: true, targeting: 'confirmed' },
  ...{ isWayDirect: true, isTagDirect: true, isBirthDirect: true, isInformed: true },
  ...{ isSubscribed: true, isTagged: true, isRegular: true },
};

type Turning = Pick<Plan, 'act' | 'ages' | 'confirming'>;

function dimensionsOf({ act, ages, confirming }: Turning, flags: readonly Flag[]): Dimension[] {
  const isTargeting = act.purpose === 'targeting';
  const told = (name: 'word' | 'targeting') =>
    words
      .filter((word) => word !== 'confirmed' || confirming[name].length > 0)
      .map((word) => ({ [name]: word }));
  const years = [undefined, -1, ...ages];
  return [
    { name: 'word', values: told('word') },
    { name: 'age', values: years.map((age) => (age === undefined ? {} : { age })) },
    ...(isTargeting ? [{ name: 'targeting' as const, values: told('targeting') }] : []),
    ...allFlags
      .filter((flag) => flags.includes(flag))
      .map((name) => ({ name, values: [{ [name]: false }, { [name]: true }] })),
  ];
}

function laidOut(
  law: Law,
  act: ReachAct,
  asked: readonly Asked[],
  dimensions: readonly Dimension[],
) {
  const places = new Map<string, number>();
  const answers: ReachAnswer[] = [];
  const placeOf = (facts: ReachFacts): number => {
    const answer = decideReach(law, facts, act);
    const key = keyOf(answer);
    const place = places.get(key) ?? answers.push(answer) - 1;
    places.set(key, place);
    return place;
  };
  const { age: _, ...nobody } = ideal;
  const of = ({ country }: Asked): ReachFacts => ({ ...nobody, ...(country && { country }) });
  const combinations = combined(dimensions);
  const table = [
    ...asked.flatMap((one) => ways.map((way) => placeOf({ ...of(one), way }))),
    ...asked.flatMap((one) => {
      const found = new Map<number, number>();
      return standIns(one, dimensions).map((at) => {
        const place = found.get(at) ?? placeOf({ ...of(one), ...combinations[at] });
        found.set(at, place);
        return place;
      });
    }),
  ];
  return { answers, table };
}

/** Of each combination the place of the one that is answered for it: what no law of the country asks makes no difference. */
function standIns(asked: Asked, dimensions: readonly Dimension[]): number[] {
  return dimensions.reduce(
    (all, { name, values }) => {
      const own = values.map((value, at) => standIn(asked, name, values, value) ?? at);
      return all.flatMap((place) => own.map((at) => place * values.length + at));
    },
    [0],
  );
}

function standIn(
  { ages, flags }: Asked,
  name: Dimension['name'],
  values: Dimension['values'],
  { age }: Partial<ReachFacts>,
): number | undefined {
  if (name === 'age' && age !== undefined) {
    const turn = Math.max(-1, ...ages.filter((least) => least <= age));
    return values.findIndex((value) => value.age === turn);
  }
  const isFlag = allFlags.some((flag) => flag === name);
  return isFlag && !flags.some((flag) => flag === name) ? 1 : undefined;
}

/** Every combination, the last dimension turning fastest. */
function combined(dimensions: readonly Dimension[]): Partial<ReachFacts>[] {
  return dimensions.reduce<Partial<ReachFacts>[]>(
    (all, { values }) => all.flatMap((one) => values.map((value) => ({ ...one, ...value }))),
    [{}],
  );
}

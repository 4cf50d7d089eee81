// The kinds of rules and how two values of each become one: the stricter wins, in the way of its kind.
import { hoursOf, isDuration } from './durations.ts';
import { type Hours, hoursKind } from './hours.ts';
import { type Kind, sorted } from './kind.ts';
import { type Money, moneyKind } from './money.ts';
import { type Window, windowsKind } from './windows.ts';

/** From none to the most explicit. */
export const consentLadder = [
  ...(['none', 'info', 'opt_out', 'documented_interest', 'opt_in'] as const),
  ...(['double_opt_in', 'explicit', 'explicit_separate'] as const),
] as const;

/** Who may give: of one of the types, meeting one criterion of each list of `anyOf`, and none of `never`. */
export interface Donors {
  readonly types: readonly string[];
  readonly anyOf: readonly (readonly string[])[];
  readonly never: readonly string[];
}

/** So many times in a length of time, e.g. three in `P30D`. */
export interface Count {
  readonly count: number;
  readonly per: string;
}

/** What a rule of each kind holds, once read. */
export interface Kinds {
  consent: (typeof consentLadder)[number];
  age: number;
  hours: Hours;
  holidays: readonly string[];
  words: readonly string[];
  choices: readonly string[];
  money: Money;
  count: Count;
  within: string;
  at_most: string;
  at_least: string;
  windows: readonly Window[];
  donors: Donors;
  required: boolean;
  share: number;
}

/** The greater is the stricter, or the lesser. */
function scale<Value>(
  rank: (value: Value) => number,
  fault: Kind<Value>['fault'],
  isFree: Kind<Value>['isFree'],
): Kind<Value> {
  return {
    fault,
    read: (value) => value as Value,
    // Of equals the first by its text, so that the order in which they come is nothing to it.
    merge: (one, other) => {
      const more =
        rank(one) - rank(other) || (JSON.stringify(one) < JSON.stringify(other) ? 1 : -1);
      return more > 0 ? one : other;
    },
    isLooser: (child, parent) => rank(child) < rank(parent),
    isFree,
  };
}

const unless = (fits: (value: unknown) => boolean, why: string) => (value: unknown) =>
  fits(value) ? undefined : why;
const whole = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const durationFault = unless(isDuration, 'must be a length of time such as P1M or PT72H');

const word = /^\S(.{0,58}\S)?$/;
const wordsFault = (fits: RegExp) =>
  unless(
    (value) =>
      Array.isArray(value) &&
      value.every((one) => typeof one === 'string' && fits.test(one)) &&
      new Set(value).size === value.length,
    `must be a list in which each stands once and fits ${fits.source}`,
  );
const inOrder = (value: unknown) => [...new Set(value as string[])].sort();

/** All that either asks for. */
const union = (fits: RegExp): Kind<readonly string[]> => ({
  fault: wordsFault(fits),
  read: inOrder,
  merge: (one, other) => inOrder([...one, ...other]),
  // A child that names fewer loosens nothing: its parent's are asked as well.
  isLooser: () => false,
  isFree: (value) => value.length === 0,
});

/** Only what both leave. */
const intersection: Kind<readonly string[]> = {
  fault: wordsFault(/^[a-z][a-z_]*$/),
  read: inOrder,
  merge: (one, other) => one.filter((each) => other.includes(each)),
  isLooser: (child, parent) => child.some((each) => !parent.includes(each)),
  isFree: () => false,
};

const donors: Kind<Donors> = {
  fault(value) {
    const { types, anyOf, never, ...rest } = (value ?? {}) as Record<string, unknown>;
    if (Object.keys(rest).length > 0) return `must not have "${Object.keys(rest)[0]}"`;
    const fits = wordsFault(/^[a-z][a-z_]*(:[A-Z]{2})?$/);
    if (!Array.isArray(anyOf)) return 'anyOf must be a list of lists';
    return [types, never, ...anyOf].map(fits).find((why) => why);
  },
  read(value) {
    const { types, anyOf, never } = value as Donors;
    return { types: inOrder(types), anyOf: clauses(anyOf), never: inOrder(never) };
  },
  merge: (one, other) => ({
    types: one.types.filter((type) => other.types.includes(type)),
    anyOf: clauses([...one.anyOf, ...other.anyOf]),
    never: inOrder([...one.never, ...other.never]),
  }),
  isLooser: (child, parent) => child.types.some((type) => !parent.types.includes(type)),
  isFree: () => false,
};

function clauses(all: Donors['anyOf']): string[][] {
  const texts = all.map((clause) => JSON.stringify(inOrder(clause)));
  return inOrder(texts).map((text) => JSON.parse(text));
}

const count: Kind<Count> = {
  ...scale<Count>(
    ({ count: times }) => -times,
    (value) => {
      const { count: times, per, ...rest } = (value ?? {}) as Record<string, unknown>;
      if (!whole(times, 0, 1000) || Object.keys(rest).length > 0) return 'must be {count, per}';
      return durationFault(per);
    },
    () => false,
  ),
  read: (value) => sorted(Object.entries(value as Count)),
  clash: (one, other) => (one.per === other.per ? undefined : `per ${one.per} and ${other.per}`),
};

/** The shorter is the stricter. */
const shortest = scale<string>(
  (length) => -hoursOf(length),
  durationFault,
  () => false,
);

export const kinds: { readonly [Name in keyof Kinds]: Kind<Kinds[Name]> } = {
  consent: scale(
    (step) => consentLadder.indexOf(step),
    unless(
      (value) => consentLadder.includes(value as 'none'),
      `must be one of ${consentLadder.join(', ')}`,
    ),
    (step) => step === 'none',
  ),
  age: scale(
    (years) => years,
    unless((value) => whole(value, 0, 100), 'must be an age in whole years'),
    (years) => years === 0,
  ),
  hours: hoursKind,
  holidays: union(/^(\d{2}-\d{2}|easter[+-]\d{1,2})$/),
  words: union(word),
  choices: intersection,
  money: moneyKind,
  count,
  within: shortest,
  at_most: shortest,
  at_least: scale(hoursOf, durationFault, (length) => hoursOf(length) === 0),
  windows: windowsKind,
  donors,
  required: scale(
    Number,
    unless((value) => typeof value === 'boolean', 'must be true or false'),
    (value) => !value,
  ),
  share: scale(
    (part) => -part,
    unless(
      (value) => typeof value === 'number' && value >= 0 && value <= 1,
      'must be a share from 0 to 1',
    ),
    (part) => part === 1,
  ),
};

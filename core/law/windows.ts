// Stretches of time around an election in which acts are barred: all of those that any law names.
import { isDuration } from './durations.ts';
import { type Kind, sorted } from './kind.ts';

const moments = [
  'election_month',
  'election_day',
  'first_poll_close',
  'last_poll_close',
  'result',
] as const;

/** In the time zone of the constituency; of several rounds, before each. */
export interface Window {
  /** So long before the moment: of a day or month, before its first midnight. */
  readonly before: string;
  readonly of: (typeof moments)[number];
  readonly until: (typeof moments)[number];
  /** So much later than `until` it ends or, with a minus, sooner: `PT24H`, `-P17D`. */
  readonly shift?: string;
  /** Acts as in the vocabulary, and others that no plugin does yet. */
  readonly bars: readonly string[];
}

function faultOf(value: unknown): string | undefined {
  const { before, of, until, shift, bars, ...rest } = (value ?? {}) as Record<string, unknown>;
  const [extra] = Object.keys(rest);
  if (extra !== undefined) return `must not have "${extra}"`;
  if (!isDuration(before)) return 'before must be a length of time such as P1D';
  if (shift !== undefined && !isDuration(String(shift).replace(/^-/, '')))
    return 'shift must be a length of time such as PT24H or -P1D';
  for (const moment of [of, until]) {
    if (!moments.includes(moment as 'result'))
      return `"${moment}" is none of ${moments.join(', ')}`;
  }
  const isList = Array.isArray(bars) && bars.length > 0;
  const isNamed = isList && bars.every((act) => /^[a-z_]+\.[a-z_]+$/.test(String(act)));
  return isNamed ? undefined : 'bars must name the acts that are barred';
}

const once = (all: readonly Window[]): Window[] => {
  const texts = all.map((one) => JSON.stringify(sorted(Object.entries(one))));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text));
};

export const windowsKind: Kind<readonly Window[]> = {
  fault(value) {
    if (!Array.isArray(value)) return 'must be a list of windows; an empty one where there is none';
    return value.map(faultOf).find((why) => why);
  },
  read: (value) =>
    once((value as Window[]).map((one) => ({ ...one, bars: [...new Set(one.bars)].sort() }))),
  merge: (one, other) => once([...one, ...other]),
  isLooser: () => false,
  isFree: (value) => value.length === 0,
};

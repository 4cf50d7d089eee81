// Chance that falls the same each time, so that the invented party is always the same one.

export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  /** Whether it happens, so many times out of one. */
  is(probability: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, far from secret. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    is: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      const picked = list[Math.floor(next() * list.length)];
      if (picked === undefined) throw new Error('Nothing to pick from.');
      return picked;
    },
  };
}

/** Picks by weight, in the time of a binary search. */
export function makeWeighted<T>(list: readonly T[], weightOf: (one: T) => number) {
  const sums: number[] = [];
  let sum = 0;
  for (const one of list) {
    sum += weightOf(one);
    sums.push(sum);
  }
  return (chance: Chance): T => {
    const wanted = chance.next() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return list[low] as T;
  };
}

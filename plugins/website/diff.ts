// What two texts do not share, paragraph by paragraph.
import { textOf } from './body.ts';

export interface Change {
  before?: string;
  after?: string;
}

/** Paragraphs that went, came or changed, in the order of the text. */
export function diffBodies(before: string, after: string): Change[] {
  const [old, fresh] = [paragraphsOf(before), paragraphsOf(after)];
  const common = commonOf(old, fresh);
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  for (const [oldAt, freshAt] of [...common, [old.length, fresh.length] as const]) {
    const gone = old.slice(i, oldAt);
    const come = fresh.slice(j, freshAt);
    for (let n = 0; n < Math.max(gone.length, come.length); n += 1) {
      changes.push({ before: gone[n], after: come[n] });
    }
    [i, j] = [oldAt + 1, freshAt + 1];
  }
  return changes;
}

function paragraphsOf(html: string): string[] {
  return html
    .split(/<\/(?:p|h[2-4]|li|blockquote|tr|figure|pre)>|<hr\s*\/?>/)
    .map((part) => textOf(part, 10_000))
    .filter((text) => text !== '');
}

/** The longest run of equal paragraphs, as pairs of places. */
function commonOf(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as number[];
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

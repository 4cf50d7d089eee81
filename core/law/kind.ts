// What each kind of rule must know to be checked and merged: the operator belongs to the kind, never to a pack.

export interface Kind<Value> {
  /** What is wrong with a value as a pack writes it; `undefined` when it fits. */
  fault(value: unknown): string | undefined;
  /** In the one form in which two equal values are equal. */
  read(value: unknown): Value;
  /** The stricter of the two in every respect: commutes, and a value with itself is itself. */
  merge(one: Value, other: Value): Value;
  /** Whether `child` claims to let pass what `parent` does not. */
  isLooser(child: Value, parent: Value): boolean;
  /** Whether it asks for nothing at all, so that to say it of an uncertain text would be to allow. */
  isFree(value: Value): boolean;
  /** Why the two cannot be compared, e.g. amounts in two currencies. */
  clash?(one: Value, other: Value): string | undefined;
}

/** An object with its names in order. */
export function sorted<Value extends object>(entries: readonly (readonly [string, unknown])[]) {
  const inOrder = entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(inOrder) as Value;
}

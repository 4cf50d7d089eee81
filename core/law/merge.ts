// How two values of one rule become one: the operator belongs to the rule's type, never to a pack.
import type { Verdict } from './schema.ts';

/** One kind of rule: each section of a pack holds rules of one type. */
export interface RuleType<Value> {
  /** The stricter of the two in every respect: commutes, and a value with itself is itself. */
  merge(one: Value, other: Value): Value;
  /** Whether `child` claims to let pass what `parent` does not. */
  isLooser(child: Value, parent: Value): boolean;
}

export interface CapabilityValue {
  value: Verdict;
  /** With `conditional` only; in order, each once. */
  requires: readonly string[];
}

const strictness: Record<Verdict, number> = { allowed: 0, conditional: 1, denied: 2 };

/** Denied beats conditional beats allowed; the conditions of both must be met. */
export const capabilityRule: RuleType<CapabilityValue> = {
  merge(one, other) {
    const value = strictness[one.value] >= strictness[other.value] ? one.value : other.value;
    const requires = value === 'conditional' ? [...one.requires, ...other.requires] : [];
    return { value, requires: [...new Set(requires)].sort() };
  },
  // A child that names fewer conditions loosens nothing: its parent's are asked as well.
  isLooser: (child, parent) => strictness[child.value] < strictness[parent.value],
};

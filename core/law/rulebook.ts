// The rules of one pack laid along time and merged with its parents', and what two packs say together.
import type { Citation, Ruling } from './gate.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';
import { type Enforcement, enforcements, kindOf, type RuleId } from './rules.ts';
import type { Pack, RuleVersion } from './schema.ts';
import type { Span } from './timeline.ts';

/** One version of one rule of one pack. */
export interface RulePart {
  readonly value: unknown;
  readonly enforce: Enforcement;
  readonly citation: Citation;
  readonly provisional: boolean;
  /** A child pack may stand in its place, by a sourced override. */
  readonly yields: boolean;
}

/** What holds in one span: the parts, the nearest pack's first, and their values as one. */
export interface Ruled {
  readonly parts: readonly RulePart[];
  readonly value: unknown;
}

const kindFor = (id: RuleId) => kinds[kindOf(id)] as Kind<unknown>;

export function rulePartOf(pack: Pack, id: RuleId, span: Span<RuleVersion>): RulePart {
  const { value, enforce, source, url, asOf, from, basis, confidence } = span.value;
  const where = { rule: `rules.${id}`, source, url, asOf, since: from };
  return {
    value: kindFor(id).read(value),
    enforce,
    citation: Object.freeze({ ...where, basis, confidence, pack: pack.id, version: pack.version }),
    provisional: span.provisional,
    yields: span.value.nationalOption || basis === 'house' || basis === 'regulator',
  };
}

/** Whether what a child says instead of its parent would let pass more. */
export function isLooserRule(id: RuleId, child: RulePart, parent: RulePart): boolean {
  return kindFor(id).isLooser(child.value, parent.value);
}

/** Why the parts cannot be told apart by the stricter, e.g. for want of one currency. */
export function clashOf(id: RuleId, parts: readonly RulePart[]): string | undefined {
  const [first, ...others] = parts;
  return others.map((one) => kindFor(id).clash?.(first?.value, one.value)).find((why) => why);
}

export function together(id: RuleId, parts: readonly RulePart[]): Ruled {
  const { merge } = kindFor(id);
  const value = parts.length > 0 ? parts.map((part) => part.value).reduce(merge) : undefined;
  return { parts, value };
}

/** The answer to one question, from what each law that is asked says. */
export function rulingOf(id: RuleId, said: readonly Ruled[], unwritten: Citation): Ruling<unknown> {
  const [one, ...others] = said.filter((each) => each.parts.length > 0);
  const known = one && others.length === 0 ? alone.get(one) : undefined;
  if (known) return known;
  const parts = [...new Set(said.flatMap((each) => each.parts))];
  if (parts.length === 0) {
    const nothing = { value: undefined, each: [], enforce: 'none' } as const;
    return { ...nothing, reasons: [unwritten], provisional: false };
  }
  const ruling: Ruling<unknown> = {
    value: others.length > 0 ? together(id, parts).value : one?.value,
    each: parts.map((part) => part.value),
    enforce: enforcements.find((word) => parts.some((part) => part.enforce === word)) ?? 'none',
    reasons: parts.map((part) => part.citation),
    provisional: parts.some((part) => part.provisional),
  };
  if (one && others.length === 0) alone.set(one, Object.freeze(ruling));
  return ruling;
}

/** What one law says by itself in one span is the same at each asking. */
const alone = new WeakMap<Ruled, Ruling<unknown>>();

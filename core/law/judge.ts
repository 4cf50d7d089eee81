// From the rules that hold at an instant to an answer: the strictest wins, silence denies.
import { refused } from '../errors.ts';
import type { Decision, Law, Obligation, Question, Reason, RuleQuestion, Ruling } from './gate.ts';
import type { RuleId, RuleValue } from './rules.ts';
import type { CapabilityVersion } from './schema.ts';
import { leastAge } from './vocabulary.ts';

/** One version of one rule of one pack, ready to be asked. */
export interface Part {
  readonly value: CapabilityVersion['value'];
  readonly requires: readonly string[];
  readonly obligations: readonly Obligation[];
  readonly allow: Reason;
  readonly deny: Reason;
  readonly provisional: boolean;
  /** A child pack may stand in its place, by a sourced override. */
  readonly yields: boolean;
}

/** Why there is no rule to ask; each is denied. */
type Silence = 'unknown_word' | 'unknown_pack' | 'unwritten' | 'draft';

/** `parts` hold together: none of them may deny, and the conditions of all must be met. */
export function judge(parts: readonly Part[], question: Question): Decision {
  const provisional = parts.some((part) => part.provisional);
  const denials = parts.filter((part) => part.value === 'denied').map((part) => part.deny);
  if (denials.length === 0) denials.push(...unmet(parts, question));
  if (denials.length > 0) {
    return { effect: 'deny', obligations: [], reasons: denials, provisional };
  }
  return {
    effect: 'allow',
    obligations: parts.flatMap((part) => part.obligations),
    reasons: parts.map((part) => part.allow),
    provisional,
  };
}

/** Whether it may be done at all; what would have to be met comes as obligations `condition`. */
export function judgeAtBest(parts: readonly Part[]): Decision {
  const met = parts.flatMap((part) => part.requires);
  const decision = judge(parts, { capability: '', met });
  if (decision.effect === 'deny') return decision;
  const conditions = [...new Set(met)].map((value) => ({ kind: 'condition', value }));
  return { ...decision, obligations: [...conditions, ...decision.obligations] };
}

/** Where no rule is written, this one holds: denied. */
export function silent(why: Silence, pack: { id: string; version: string; asOf: string }): Part {
  const deny: Reason = {
    rule: `default.${why}`,
    effect: 'deny',
    source: `Rostra, ${pack.id}.json ${pack.version}`,
    asOf: pack.asOf,
    basis: 'house',
    confidence: 'V',
    pack: pack.id,
    version: pack.version,
  };
  return {
    value: 'denied',
    requires: [],
    obligations: [],
    allow: deny,
    deny,
    provisional: false,
    yields: false,
  };
}

export function lawWith(
  decide: (question: Question & { when: Date }) => Decision,
  rule: <Id extends RuleId>(id: Id, asked: RuleQuestion & { when: Date }) => Ruling<RuleValue<Id>>,
  now: () => Date,
): Law {
  const ask = (question: Question): Decision =>
    decide({ ...question, when: question.when ?? now() });
  return {
    decide: ask,
    rule: (id, asked = {}) => rule(id, { ...asked, when: asked.when ?? now() }),
    demand(question) {
      const decision = ask(question);
      if (decision.effect === 'allow') return decision;
      const { capability } = question;
      throw refused('law.denied', { status: 451, capability, reasons: decision.reasons });
    },
  };
}

function unmet(parts: readonly Part[], question: Question): Reason[] {
  const reasons: Reason[] = [];
  for (const part of parts) {
    const missing = part.requires.filter((condition) => !isMet(condition, question));
    if (missing.length > 0) reasons.push({ ...part.deny, missing });
  }
  return reasons;
}

/** A known age decides; of whoever acts on many at once, the word is taken as for any other condition. */
function isMet(condition: string, { person, met }: Question): boolean {
  const age = leastAge(condition);
  if (age !== undefined && person?.age !== undefined) return person.age >= age;
  return met?.includes(condition) ?? false;
}

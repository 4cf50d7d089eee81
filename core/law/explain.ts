// The whole law of one jurisdiction as a table: for `rostra law` and for the admin's page on the law.
import type { Reason } from './gate.ts';
import type { Packs } from './pack.ts';
import type { Verdict } from './schema.ts';
import {
  type Capability,
  capabilities,
  capabilityName,
  capabilitySentence,
  conditionSentence,
  type Sentence,
} from './vocabulary.ts';

export interface Explanation {
  capability: Capability;
  /** Keys in the locales: what it is called, and what it lets one do. */
  name: string;
  sentence: string;
  verdict: Verdict;
  conditions: { word: string; sentence: Sentence }[];
  /** The rules that say so, the nearest pack's first: source, dates, basis, confidence. */
  reasons: Reason[];
  /** Denied by no text but for want of one: no pack says anything of it, or nobody signed the draft that does. */
  unwritten: boolean;
  /** Key of the sentence that says so. */
  silence: string | undefined;
  provisional: boolean;
  /** Key of what is lawful instead; left out where all is allowed. */
  instead: string | undefined;
}

/** Every word of the vocabulary, in its order. */
export function explain(packs: Packs, jurisdiction: string, when: Date): Explanation[] {
  return capabilities.map((capability) => explainOne(packs, jurisdiction, capability, when));
}

export function explainOne(
  packs: Packs,
  jurisdiction: string,
  capability: Capability,
  when: Date,
): Explanation {
  const { effect, obligations, reasons, provisional } = packs.permits(
    jurisdiction,
    capability,
    when,
  );
  const words = obligations.flatMap(({ kind, value }) =>
    kind === 'condition' ? [String(value)] : [],
  );
  const verdict = effect === 'deny' ? 'denied' : words.length > 0 ? 'conditional' : 'allowed';
  const first = reasons[0]?.rule ?? '';
  const silence = first.startsWith('default.') ? `law.${first}` : undefined;
  return {
    capability,
    name: capabilityName(capability),
    sentence: capabilitySentence(capability),
    verdict,
    conditions: words.map((word) => ({ word, sentence: conditionSentence(word) })),
    reasons,
    ...{ unwritten: silence !== undefined, silence, provisional },
    instead: insteadFor(verdict, capability, first),
  };
}

function insteadFor(verdict: Verdict, capability: Capability, rule: string): string | undefined {
  if (verdict === 'allowed') return undefined;
  return rule === 'default.draft' ? 'law.instead.draft' : insteadOf(capability);
}

/** Key of what is lawful instead of an act that the law denies. */
export function insteadOf(capability: string): string {
  return `law.instead.${capability}`;
}

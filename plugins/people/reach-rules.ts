// The rules of the packs on consent and age: what each asks, and whether what we know of a person meets it.
import type { Law, Reason, RuleQuestion, Ruling } from 'rostra/plugin';
import type { ReachAct } from './index.ts';
import { isYes, type ReachFacts, type Word } from './reach-facts.ts';

/** A rule as it was asked of somebody. */
export interface Asked {
  /** The condition that it stands for, as in `law.condition.…`. */
  condition: string;
  isMet: boolean;
  reasons: Reason[];
  provisional: boolean;
}

type Person = NonNullable<RuleQuestion['person']>;

const consentRules = {
  email: (law: Law, person: Person) => law.rule('consent.email', { person }),
  sms: (law: Law, person: Person) => law.rule('consent.sms', { person }),
  voice: (law: Law, person: Person) => law.rule('consent.voice', { person }),
  call: (law: Law, person: Person) => law.rule('consent.call', { person }),
  post: () => undefined,
} as const;

export const consentCondition = (channel: string): string =>
  `consent.${channel === 'voice' ? 'voice_automated' : channel}`;
export const targetingConsent = 'consent.political_targeting';

export function rulesOn(law: Law, facts: ReachFacts, { channel, purpose }: ReachAct): Asked[] {
  const person = of(facts.country);
  const consent = consentRules[channel](law, person);
  const rungs = consent?.each ?? [];
  return [
    asking(consentCondition(channel), consent, meets(facts.word, rungs, channel)),
    rungs.some(needsYes) && isYes(facts.word) ? ofAge(law, facts, person) : undefined,
    ...(purpose === 'targeting' ? onTargeting(law, facts, person) : []),
  ].filter((one) => one !== undefined);
}

/** GDPR art. 8: the yes of a child counts by its parents. Nobody is asked for a birth date, so one unknown bars nobody. */
function ofAge(law: Law, { age }: ReachFacts, person: Person): Asked | undefined {
  const rule = law.rule('age.consent', { person });
  return asking('age.consent', rule, age === undefined || age >= (rule.value ?? 0));
}

/** Reg. (EU) 2024/900, art. 18, wherever it or its like holds. */
function onTargeting(law: Law, facts: ReachFacts, person: Person): (Asked | undefined)[] {
  const consent = law.rule('consent.targeting', { person });
  const age = law.rule('age.targeting', { person });
  const direct = law.rule('targeting.direct_only', { person });
  const least = age.value ?? 0;
  return [
    asking(targetingConsent, consent, meets(facts.targeting, consent.each, 'targeting')),
    // Unknown is too young: with reasonable certainty, says art. 18(2).
    asking(`age>=${least}`, age, (facts.age ?? -1) >= least),
    asking('data.directly_collected', direct, !direct.value || areDirect(facts, least)),
  ];
}

/** The values that choose: where they are written to, the tag, and the birth date where an age is asked. */
function areDirect(facts: ReachFacts, least: number): boolean {
  const { isWayDirect, isTagDirect, isBirthDirect } = facts;
  return isWayDirect && isTagDirect && (least === 0 || isBirthDirect);
}

type Rung = NonNullable<ReturnType<(typeof consentRules)['email']>['value']>;

/**
 * What each step of the ladder takes, asked of every law by itself: a confirmation that one law wants is not lost where
 * another, which wants none, asks for the higher step. A legitimate interest would have to be documented, which nothing here does: only a
 * yes will do. The ledger holds no yes without its words and proof, each for one channel and purpose, so that one is
 * explicit and separate by itself; on e-mail, from `double_opt_in` on, it is also confirmed from the mailbox.
 */
function meets(word: Word, rungs: readonly Rung[], channel: string): boolean {
  return rungs.every((rung) => {
    if (!needsYes(rung)) return rung !== 'opt_out' || word !== 'withdrawn';
    return asksConfirmed(rung, channel) ? word === 'confirmed' : isYes(word);
  });
}

function needsYes(rung: Rung): boolean {
  return !['none', 'info', 'opt_out'].includes(rung);
}

function asksConfirmed(rung: Rung, channel: string): boolean {
  if (rung === 'double_opt_in') return true;
  return channel === 'email' && (rung === 'explicit' || rung === 'explicit_separate');
}

/** Where no pack says anything, nothing is asked. */
function asking(
  condition: string,
  ruled: Ruling<unknown> | undefined,
  isMet: boolean,
): Asked | undefined {
  if (!ruled || ruled.value === undefined) return undefined;
  const found = isMet
    ? { effect: 'allow' as const }
    : { effect: 'deny' as const, missing: [condition] };
  const reasons = ruled.reasons.map((reason): Reason => ({ ...reason, ...found }));
  return { condition, isMet, reasons, provisional: ruled.provisional };
}

/** What the rules of a country turn on, beside the word. */
export function turningPoints(law: Law, { channel, purpose }: ReachAct, country?: string) {
  const person = of(country);
  const said = consentRules[channel](law, person)?.each ?? [];
  const onTargeting = purpose === 'targeting' ? law.rule('consent.targeting', { person }).each : [];
  const ages = [
    law.rule('age.consent', { person }).value,
    purpose === 'targeting' ? law.rule('age.targeting', { person }).value : undefined,
  ].filter((age) => age !== undefined);
  const direct = law.rule('targeting.direct_only', { person });
  return {
    ages,
    isDirectOnly: purpose === 'targeting' && direct.value === true,
    asksConfirmed: {
      word: said.some((rung) => asksConfirmed(rung, channel)),
      targeting: onTargeting.some((rung) => asksConfirmed(rung, 'targeting')),
    },
  };
}

function of(country: string | undefined): Person {
  return country ? { country } : {};
}

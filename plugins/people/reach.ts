// May we reach this person, on this channel, for this purpose: decided here and nowhere else, from facts and law alone.
import type { Law, Reason } from 'rostra/plugin';
import { kindOf } from './consent.ts';
import type { ReachAct, ReachAnswer, ReachWhy } from './index.ts';
import { isYes, type ReachFacts } from './reach-facts.ts';
import { consentCondition, rulesOn, targetingConsent } from './reach-rules.ts';

/** The words of the gate that must all allow it. */
export function capabilitiesOf({ channel, purpose }: ReachAct): string[] {
  if (purpose === 'newsletter') return ['newsletter.send'];
  return [`message.${channel}`, ...(purpose === 'targeting' ? ['audience.segment'] : [])];
}

export function decideReach(law: Law, facts: ReachFacts, act: ReachAct): ReachAnswer {
  const obstacle = obstacleOf(facts, act);
  if (obstacle) {
    const reasons = isNo(obstacle) ? noesOf(law, facts.country).flatMap((one) => one.reasons) : [];
    return { ...nothing, why: obstacle, reasons };
  }
  const rules = rulesOn(law, facts, act);
  const failed = rules.filter(({ isMet }) => !isMet);
  const { country, age } = facts;
  const person = { ...(country && { country }), ...(age !== undefined && { age }) };
  const met = [...metBy(facts, act, failed), ...(act.met ?? [])];
  const decisions = capabilitiesOf(act).map((capability) =>
    law.decide({ capability, person, met }),
  );
  const provisional = [...decisions, ...rules].some((one) => one.provisional);
  const denials = decisions.filter(({ effect }) => effect === 'deny');
  const flat = denials.flatMap((one) => one.reasons).filter((reason) => !reason.missing);
  if (flat.length > 0) return { ...nothing, why: 'law', reasons: flat, provisional };
  if (denials.length + failed.length > 0) {
    const reasons = [...denials, ...failed].flatMap((one) => one.reasons);
    const missing = [...new Set(reasons.flatMap((reason) => reason.missing ?? []))];
    return { ...nothing, why: whyNot(missing, facts, act), reasons, missing, provisional };
  }
  const reasons = [...decisions, ...rules].flatMap((one) => one.reasons);
  const provided = taken(law, facts, act);
  return { may: true, why: 'yes', reasons, missing: [], provided, provisional };
}

const nothing = { may: false, missing: [], provided: [], provisional: false };

/** What stands in the way whatever the law says; a no of the person's is heard in every country. */
function obstacleOf(facts: ReachFacts, { purpose }: ReachAct): ReachWhy | undefined {
  const { way, word, targeting, isSubscribed } = facts;
  if (!facts.isTagged) return 'not-tagged';
  if (way !== 'ok') return way === 'none' ? 'no-way' : way;
  if (word === 'withdrawn') return 'withdrawn';
  if (purpose === 'targeting' && targeting === 'withdrawn') return 'targeting-withdrawn';
  return purpose === 'newsletter' && !isSubscribed ? 'not-subscribed' : undefined;
}

const noes: readonly ReachWhy[] = ['stopped', 'unsubscribed', 'withdrawn', 'targeting-withdrawn'];
const isNo = (why: ReachWhy) => noes.includes(why);

/** It holds from the moment on: no law leaves less time. */
export function noesOf(law: Law, country?: string): { reasons: Reason[]; provisional: boolean }[] {
  const person = { ...(country && { country }) };
  const { value, reasons, provisional } = law.rule('messaging.opt_out.within', { person });
  if (value === undefined) return [];
  return [{ reasons: reasons.map((reason) => ({ ...reason, effect: 'deny' })), provisional }];
}

/** The conditions of the packs that the facts fulfil; whoever sends says what it fulfils itself. */
function metBy(facts: ReachFacts, { channel }: ReachAct, failed: readonly { condition: string }[]) {
  const { word, targeting } = facts;
  const isDirect = facts.isWayDirect && facts.isTagDirect;
  const stands = (condition: string) => !failed.some((rule) => rule.condition === condition);
  const own = consentCondition(channel);
  const conditions: [string, boolean][] = [
    [own, isYes(word) && stands(own)],
    ['consent.time_window', isYes(word) && facts.hasWindow],
    [targetingConsent, isYes(targeting) && stands(targetingConsent)],
    ['list.subscription', facts.isSubscribed],
    // Any that there was has been heard before the law is asked.
    ['no.objection', true],
    ['data.directly_collected', isDirect && stands('data.directly_collected')],
    // The site's form and the stand say it to whoever leaves a name there.
    ['notice.privacy', facts.isInformed],
    ['basis.special_category', facts.isRegular],
  ];
  return conditions.filter(([, holds]) => holds).map(([condition]) => condition);
}

/** What was taken at the sender's word. */
function taken(law: Law, { country }: ReachFacts, act: ReachAct): string[] {
  const { met = [] } = act;
  if (met.length === 0) return [];
  const asked = capabilitiesOf(act).flatMap((capability) => conditionsOf(law, capability, country));
  return met.filter((condition) => asked.includes(condition));
}

/** All that the law asks of an act, when nothing is known of the person but the country. */
export function conditionsOf(law: Law, capability: string, country?: string): string[] {
  const { reasons } = law.decide({ capability, person: { ...(country && { country }) } });
  return reasons.flatMap((reason) => reason.missing ?? []);
}

const questions: readonly [RegExp, (facts: ReachFacts, act: ReachAct) => ReachWhy][] = [
  [/^age\.consent$/, () => 'too-young'],
  [/^consent\.(?!political_targeting|time_window)/, byWord],
  [/^consent\.time_window$/, () => 'no-window'],
  [/^consent\.political_targeting$/, () => 'no-targeting-consent'],
  [/^age>=/, ({ age }) => (age === undefined ? 'age-unknown' : 'too-young-to-target')],
  [/^data\.directly_collected$/, byOrigin],
  [/^notice\.privacy$/, () => 'uninformed'],
  [/^basis\./, () => 'not-regular'],
];

/** Of several reasons the one that somebody can do something about first. */
function whyNot(missing: readonly string[], facts: ReachFacts, act: ReachAct): ReachWhy {
  const [, answer] =
    questions.find(([pattern]) => missing.some((condition) => pattern.test(condition))) ?? [];
  return answer?.(facts, act) ?? 'sender';
}

function byWord({ word }: ReachFacts): ReachWhy {
  if (isYes(word)) return 'unconfirmed';
  return word === 'claimed' ? 'claimed' : 'no-consent';
}

function byOrigin({ isWayDirect, isTagDirect }: ReachFacts, { channel }: ReachAct): ReachWhy {
  if (!isWayDirect) return `indirect-${kindOf(channel) ?? 'post'}`;
  return isTagDirect ? 'indirect-birth-date' : 'indirect-tag';
}

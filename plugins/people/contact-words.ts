// An answer on somebody as a person reads it and as a program does: the sentence, what it rests on, what to do instead.
import type { Reason, Scope } from 'rostra/plugin';
import type { Contactability } from './contact.ts';
import type { ReachAct, ReachAnswer, ReachWhy } from './index.ts';
import { capabilitiesOf } from './reach.ts';
import type { CallWindow } from './window.ts';

/** One channel and purpose of somebody's. */
export interface ContactView {
  channel: string;
  purpose: string;
  may: boolean;
  why: ReachWhy;
  /** In the reader's language. */
  sentence: string;
  rules: Reason[];
  missing: string[];
  /** The same in the reader's language. */
  lacks: string[];
  provided: string[];
  provisional: boolean;
  consent: ConsentView | null;
  /** A list said so, without proof. */
  claim: { at: Date; origin: string | null } | null;
  suppression: { reason: string; at: Date } | null;
  /** For which they agreed. */
  hours: (CallWindow & { timeZone: string }) | null;
  /** What would be lawful, or what would have to be done first, and where. */
  instead: Instead | null;
}
interface Instead {
  sentence: string;
  href: string | null;
  /** A deed is posted, a page is got. */
  method: 'get' | 'post';
}
interface ConsentView {
  id: string;
  given: boolean;
  at: Date;
  purpose: string;
  wording: string | null;
  source: string;
}

export function contactView(scope: Scope, personId: string, one: Contactability): ContactView {
  const { act, may, why, reasons, missing, provided, provisional, suppression, hours } = one;
  return {
    ...{ channel: act.channel, purpose: act.purpose, may, why },
    sentence: sentenceOf(scope, one),
    ...{ rules: reasons, missing, provided, provisional },
    lacks: missing.map((word) => conditionIn(scope, word)),
    consent: consentView(one),
    claim: one.claim ? { at: one.claim.at, origin: one.claim.origin } : null,
    suppression: suppression ? { reason: suppression.reason, at: suppression.at } : null,
    hours: hours ? { ...hours, timeZone: scope.organization.timeZone } : null,
    instead: may ? null : insteadOf(scope, one, personId),
  };
}

function consentView({ consent }: Contactability): ConsentView | null {
  if (!consent) return null;
  const { id, given, at, purpose, wording, source } = consent;
  return { id, given, at, purpose, wording: wording || null, source };
}

export function sentenceOf(
  scope: Scope,
  { hours, why, missing, provided }: ReachAnswer & { hours?: CallWindow | undefined },
): string {
  const isHourly = hours && (why === 'yes' || why === 'not-now');
  const sentence = isHourly
    ? scope.t(`people.reach.hours.${why}`, { ...hours })
    : scope.t(`people.reach.why.${why}`, { what: conditions(scope, missing) });
  if (why !== 'yes' || provided.length === 0) return sentence;
  return `${sentence} ${scope.t('people.reach.provided', { what: conditions(scope, provided) })}`;
}

function conditions(scope: Scope, words: readonly string[]): string {
  return words.map((word) => conditionIn(scope, word)).join(' ');
}

function conditionIn(scope: Scope, word: string): string {
  if (word === 'age.consent') return scope.t('people.reach.condition.age-consent');
  const age = /^age>=(\d+)$/.exec(word)?.[1];
  if (age === undefined) return scope.t(`law.condition.${word}`);
  return scope.t('law.condition.age', { age: Number(age) });
}

/** What a person's page lets staff do about it. */
const deeds: Partial<Record<ReachWhy, string>> = {
  'no-way': 'edit',
  dead: 'edit',
  landline: 'edit',
  'age-unknown': 'edit',
  'not-subscribed': 'newsletters',
  'no-consent': 'consent',
  unconfirmed: 'consent',
  'no-window': 'consent',
  'no-targeting-consent': 'consent',
  claimed: 'ask',
  'indirect-birth-date': 'told',
};
const posted = ['ask', 'told'];
/** What a person said themselves is not talked round: what remains is to leave it at that. */
const respected: readonly ReachWhy[] = ['stopped', 'withdrawn', 'targeting-withdrawn'];

function insteadOf(scope: Scope, one: Contactability, personId: string): Instead {
  const { act, why, claim } = one;
  const method = why === 'claimed' ? 'post' : 'get';
  if (claim?.askedAt && why === 'claimed') {
    return {
      sentence: scope.t('people.reach.do.asked', { date: claim.askedAt }),
      href: null,
      method,
    };
  }
  const deed = act.channel === 'sms' && why === 'claimed' ? 'consent' : deeds[why];
  if (deed) {
    const sentence = scope.t(
      `people.reach.do.${deed === 'ask' ? 'claimed' : why === 'claimed' ? 'no-consent' : why}`,
    );
    const query = deed === 'consent' ? prefilled(act, why) : '';
    return {
      sentence,
      href: `/admin/people/${personId}/${deed}${query}`,
      method: posted.includes(deed) ? 'post' : 'get',
    };
  }
  if (why === 'unsubscribed') {
    return { sentence: scope.t('people.reach.do.unsubscribed'), href: null, method };
  }
  const [capability] = capabilitiesOf(act).toReversed();
  const href = respected.includes(why) ? null : '/admin/law';
  return { sentence: scope.t(`law.instead.${capability}`), href, method };
}

/** The form of a consent, with the channel and the purpose that lack it. */
function prefilled({ channel, purpose }: ReachAct, why: ReachWhy): string {
  const wanted = why === 'no-targeting-consent' || purpose === 'newsletter' ? purpose : 'campaign';
  return `?deed=give&channel=${channel}&purpose=${wanted}`;
}

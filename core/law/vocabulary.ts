// The closed list of what a plugin can ask to do: verbs broad enough for plugins not yet written.

/**
 * Whose law is asked: of acts on data and of messages also the person's country,
 * of money and of pages the organization's alone.
 */
export type Factor = 'data' | 'message' | 'money' | 'site';

const factors = {
  'message.email': 'message',
  'message.sms': 'message',
  'message.voice': 'message',
  'message.call': 'message',
  'message.post': 'message',
  'message.social': 'message',
  'newsletter.send': 'message',
  'visit.door': 'message',
  'payment.online': 'money',
  'payment.crypto': 'money',
  'share.processor': 'data',
  'share.third_party': 'data',
  'import.external': 'data',
  'import.electoral_roll': 'data',
  'import.donor_register': 'data',
  'enrich.social': 'data',
  'collect.scrape': 'data',
  'profile.score': 'data',
  'record.opinion': 'data',
  'audience.segment': 'data',
  'audience.measure': 'site',
  'measure.message': 'data',
  'advertise.online': 'site',
  'publish.page': 'site',
  'publish.social': 'site',
  'collect.form': 'site',
} as const satisfies Record<string, Factor>;

export type Capability = keyof typeof factors;

export const capabilities = Object.keys(factors) as readonly Capability[];

/** Whether the word is one of the vocabulary; the registry complains of any other, the gate denies it. */
export function isCapability(word: string): word is Capability {
  return Object.hasOwn(factors, word);
}

export function factorOf(word: Capability): Factor {
  return factors[word];
}

/** What is learned of people without their telling. */
const learning = ['enrich.social', 'collect.scrape', 'profile.score', 'measure.message'];

/** Messages, money and what is learned of people: what a draft keeps off until somebody signs it. */
export function waitsForSignature(word: Capability): boolean {
  const factor = factorOf(word);
  return factor === 'message' || factor === 'money' || learning.includes(word);
}

/** A sentence of the locales, not yet in any language. */
export interface Sentence {
  key: string;
  params?: Record<string, unknown>;
}

export const capabilityName = (word: string): string => `law.capability.${word}.name`;
export const capabilitySentence = (word: string): string => `law.capability.${word}.sentence`;

const agePattern = /^age>=(\d{1,3})$/;

/** The least age of a condition such as `age>=N`; `undefined` for any other condition. */
export function leastAge(condition: string): number | undefined {
  const found = agePattern.exec(condition);
  return found ? Number(found[1]) : undefined;
}

/** What a condition asks, as a reader is told it. */
export function conditionSentence(condition: string): Sentence {
  const age = leastAge(condition);
  return age === undefined
    ? { key: `law.condition.${condition}` }
    : { key: 'law.condition.age', params: { age } };
}

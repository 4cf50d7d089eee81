// What we may do with a person, channel by channel, and why: addresses, suppressions, consent, law.
import type { Decision, Scope } from 'rostra/plugin';
import type { ConsentRow } from './consent.sql.ts';
import type { PersonRow } from './person.sql.ts';
import type { RelationRow, Ways } from './profile.sql.ts';

export interface Allowance {
  channel: string;
  may: boolean;
  /** Why, in the reader's language. */
  sentence: string;
  source?: string;
  url?: string;
}

export interface Known {
  person: PersonRow;
  ways: Ways;
  consents: readonly ConsentRow[];
  relation: RelationRow | undefined;
  isSubscribed: boolean;
}

const capabilities = {
  email: 'message.email',
  newsletter: 'newsletter.send',
  sms: 'message.sms',
  voice: 'message.voice',
  call: 'message.call',
  post: 'message.post',
} as const;
type Channel = keyof typeof capabilities;

export function allowancesOf(scope: Scope, known: Known): Allowance[] {
  return (Object.keys(capabilities) as Channel[]).map((channel) => {
    const obstacle = obstacleOf(channel, known);
    if (obstacle) return { channel, may: false, sentence: scope.t(obstacle) };
    return decide(scope, channel, known);
  });
}

/** What stands in the way before any law is asked. */
function obstacleOf(channel: Channel, { ways, isSubscribed }: Known): string | undefined {
  const list = addressesOf(channel, ways);
  if (list.length === 0) return `people.may-do.no-${kindOf(channel)}`;
  if (list.some((way) => way.isSuppressed)) return 'people.may-do.suppressed';
  if (list.every((way) => way.status !== 'ok')) return 'people.may-do.unreachable';
  return channel === 'newsletter' && !isSubscribed ? 'people.may-do.not-subscribed' : undefined;
}

function addressesOf(channel: Channel, ways: Ways): { isSuppressed: boolean; status: string }[] {
  const kind = kindOf(channel);
  if (kind === 'email') return ways.emailAddresses;
  if (kind === 'phone') return ways.phoneNumbers;
  return ways.postalAddresses.map(() => ({ isSuppressed: false, status: 'ok' }));
}

function kindOf(channel: Channel): 'email' | 'phone' | 'post' {
  if (channel === 'email' || channel === 'newsletter') return 'email';
  return channel === 'post' ? 'post' : 'phone';
}

function decide(scope: Scope, channel: Channel, known: Known): Allowance {
  const { country, birthDate } = known.person;
  const decision = scope.law.decide({
    capability: capabilities[channel],
    person: {
      ...(country ? { country } : {}),
      ...(birthDate ? { age: ageOn(birthDate, scope.now()) } : {}),
    },
    met: met(known),
  });
  const reason = decision.reasons.find((one) => one.effect === decision.effect);
  return {
    channel,
    may: decision.effect === 'allow',
    sentence: sentenceOf(scope, decision),
    ...(reason ? { source: reason.source } : {}),
    ...(reason?.url ? { url: reason.url } : {}),
  };
}

/** The conditions of the packs that what we know fulfils. */
function met({ consents, relation, isSubscribed }: Known): string[] {
  const says = (channel: string) =>
    consents.find((one) => one.channel === channel && one.purpose !== 'newsletter' && one.given);
  const conditions: [string, unknown][] = [
    ['consent.email', says('email')],
    ['consent.sms', says('sms')],
    ['consent.voice_automated', says('voice')],
    ['consent.time_window', says('voice')?.evidence?.['window']],
    ['list.subscription', isSubscribed],
    ['no.objection', true],
    ['basis.special_category', relation && relation.kind !== 'occasional_contact'],
  ];
  return conditions.filter(([, holds]) => holds).map(([condition]) => condition);
}

function sentenceOf(scope: Scope, decision: Decision): string {
  if (decision.effect === 'allow') return scope.t('people.may-do.yes');
  const missing = decision.reasons.flatMap((reason) => reason.missing ?? []);
  if (missing.length === 0) return scope.t('people.may-do.denied');
  const what = [...new Set(missing)].map((condition) => conditionWords(scope, condition)).join(' ');
  return scope.t('people.may-do.missing', { what });
}

function conditionWords(scope: Scope, condition: string): string {
  const age = /^age>=(\d+)$/.exec(condition)?.[1];
  if (age) return scope.t('law.condition.age', { age: Number(age) });
  return scope.t(`law.condition.${condition}`);
}

export function ageOn(birthDate: string, day: Date): number {
  const today = day.toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

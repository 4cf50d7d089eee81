// Whether who wrote may be answered, and when: they asked for it, and everybody sleeps.
import { hoursOf, type Scope, silenceWords } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { AnswerVerdict, Asker, HeldAnswer } from './index.ts';
import { nextMoment } from './quiet.ts';

const hourMs = 3600_000;

/** Known to hold of an answer: their own message is the yes to it; a carrier's registration is the account's. */
const conditions = {
  email: ['consent.email'],
  sms: ['consent.sms', 'registration.carrier'],
} as const;
/** What an address of the channel is. */
export const kinds = { email: 'email', sms: 'phone' } as const;

export async function mayAnswer(scope: Scope, deps: Deps, asker: Asker): Promise<AnswerVerdict> {
  const { channel, address, personIds } = asker;
  if (await deps.consents.isSuppressedForGood(scope, kinds[channel], address))
    return { bar: 'outreach.bar.stopped' };
  const act = { capability: `message.${channel}`, met: [...conditions[channel]] } as const;
  if (scope.law.decide(act).effect === 'deny') return { bar: 'outreach.bar.law' };
  const silenced = await deps.silence.at(scope, [act.capability]);
  if (silenced) return { bar: 'outreach.bar.silence', params: silenceWords(scope, silenced) };
  const answers = scope.law.rule('messaging.answer.within').value;
  if (!wroteWithin(scope, asker, answers)) {
    const [only] = personIds.length === 1 ? personIds : [];
    const answer = only && (await deps.reach.may(scope, only, { channel, purpose: 'campaign' }));
    if (!answer || !answer.may) return { bar: 'outreach.bar.late' };
  }
  return { goesAt: await momentFor(scope, deps, asker) };
}

export async function heldUntil(
  scope: Scope,
  deps: Deps,
  asker: Asker,
): Promise<HeldAnswer | undefined> {
  const silenced = await deps.silence.at(scope, [`message.${asker.channel}`]);
  if (silenced) return { why: 'silence', until: silenced.until };
  const until = await momentFor(scope, deps, asker);
  return until > scope.now() ? { why: 'quiet', until } : undefined;
}

/** Whoever wrote a moment ago is awake. */
async function momentFor(scope: Scope, deps: Deps, asker: Asker): Promise<Date> {
  const country = await countryOf(scope, deps, asker);
  const person = { ...(country && { country }) };
  const awake = scope.law.rule('messaging.answer.quiet', { person }).value;
  if (wroteWithin(scope, asker, awake)) return scope.now();
  const { timeZone } = scope.organization;
  return nextMoment(scope.law, { channel: asker.channel, country, timeZone }, scope.now());
}

function wroteWithin(scope: Scope, { lastInAt }: Asker, length: string | undefined): boolean {
  if (!lastInAt || length === undefined) return false;
  return lastInAt.getTime() >= scope.now().getTime() - hoursOf(length) * hourMs;
}

/** Of residence, else of the number; of somebody whom nobody in the file is, it is not known. */
async function countryOf(scope: Scope, deps: Deps, { channel, personIds }: Asker) {
  const found = await deps.reach.among(scope, personIds, { channel, purpose: 'campaign' });
  return found.find(({ country }) => country !== undefined)?.country;
}

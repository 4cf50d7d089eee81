// Whether somebody may be answered, and when: who wrote asked for it, who said stop did not, and everybody sleeps.
import { hoursOf, type Scope, silenceWords } from 'rostra/plugin';
import { channel } from './channel.ts';
import type { Deps } from './deps.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import type { Thread } from './thread.sql.ts';

const hourMs = 3600_000;

type Asker = Pick<Thread, 'number' | 'lastInAt' | 'personIds'>;

export type Verdict =
  /** Key and values of the sentence that says why not. */
  | { bar: string; params?: Record<string, string> }
  /** Now, or when the quiet hours at their place are over. */
  | { goesAt: Date };

export async function mayAnswer(scope: Scope, deps: Deps, asker: Asker): Promise<Verdict> {
  const { number, personIds } = asker;
  if (!/^\+\d{6,15}$/.test(number)) return { bar: 'sms.bar.number' };
  if (await isStopped(scope, await markOf(scope, deps, number))) return { bar: 'sms.bar.stopped' };
  if (await deps.consents.isSuppressedForGood(scope, 'phone', number))
    return { bar: 'sms.bar.stopped' };
  // Their own message is the yes to be answered; a carrier's registration is the account's.
  const met = ['consent.sms', 'registration.carrier'];
  if (scope.law.decide({ capability: 'message.sms', met }).effect === 'deny')
    return { bar: 'sms.bar.law' };
  const silenced = await deps.silence.at(scope, ['message.sms']);
  if (silenced) return { bar: 'sms.bar.silence', params: silenceWords(scope, silenced) };
  const answers = scope.law.rule('messaging.answer.within').value;
  if (!wroteWithin(scope, asker, answers)) {
    const [only] = personIds.length === 1 ? personIds : [];
    const act = { channel, purpose: 'campaign' } as const;
    const answer = only && (await deps.reach.may(scope, only, act));
    if (!answer || !answer.may) return { bar: 'sms.bar.late' };
  }
  return { goesAt: await momentFor(scope, deps, asker) };
}

/** Looked at when it is about to leave: what keeps it until when; `undefined`: nothing does. */
export async function heldUntil(
  scope: Scope,
  deps: Deps,
  asker: Asker,
): Promise<{ why: 'silence' | 'quiet'; until: Date } | undefined> {
  const silenced = await deps.silence.at(scope, ['message.sms']);
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
  return deps.outreach.moment(scope, { channel, ...person });
}

function wroteWithin(scope: Scope, { lastInAt }: Asker, length: string | undefined): boolean {
  if (!lastInAt || length === undefined) return false;
  return lastInAt.getTime() >= scope.now().getTime() - hoursOf(length) * hourMs;
}

/** Of residence, else of the number; of a number that nobody in the file has, it is not known. */
async function countryOf(scope: Scope, deps: Deps, { personIds }: Asker) {
  const act = { channel, purpose: 'campaign' } as const;
  const found = await deps.reach.among(scope, personIds, act);
  return found.find(({ country }) => country !== undefined)?.country;
}

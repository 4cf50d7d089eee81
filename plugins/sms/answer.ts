// Whether somebody may be answered now: who wrote asked for it, who said stop did not.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import type { Thread } from './thread.sql.ts';

/** Days after their last message for which an answer is one. */
const answerDays = 7;
const dayMs = 24 * 3600_000;

/** Key of what keeps an answer back; `undefined`: nothing does. */
export async function replyBar(
  scope: Scope,
  deps: Deps,
  { number, lastInAt, personIds }: Pick<Thread, 'number' | 'lastInAt' | 'personIds'>,
): Promise<string | undefined> {
  if (!/^\+\d{6,15}$/.test(number)) return 'sms.bar.number';
  if (await isStopped(scope, await markOf(scope, deps, number))) return 'sms.bar.stopped';
  if (await deps.consents.isSuppressedForGood(scope, 'phone', number)) return 'sms.bar.stopped';
  // Their own message is the yes to be answered; a carrier's registration is the account's.
  const met = ['consent.sms', 'registration.carrier'];
  if (scope.law.decide({ capability: 'message.sms', met }).effect === 'deny') return 'sms.bar.law';
  const since = scope.now().getTime() - answerDays * dayMs;
  if (lastInAt && lastInAt.getTime() >= since) return undefined;
  const [only] = personIds.length === 1 ? personIds : [];
  const act = { channel: 'sms', purpose: 'campaign' } as const;
  const answer = only && (await deps.reach.may(scope, only, act));
  return answer && answer.may ? undefined : 'sms.bar.late';
}

// Whether a number may be answered, and when: as on every channel, and never after a stop.
import type { AnswerVerdict, HeldAnswer } from 'rostra/outreach';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import type { Thread } from './thread.sql.ts';

type Asker = Pick<Thread, 'number' | 'lastInAt' | 'personIds'>;

export async function mayAnswer(scope: Scope, deps: Deps, asker: Asker): Promise<AnswerVerdict> {
  const { number } = asker;
  if (!/^\+\d{6,15}$/.test(number)) return { bar: 'sms.bar.number' };
  if (await isStopped(scope, await markOf(scope, deps, number))) return { bar: 'sms.bar.stopped' };
  return deps.answerRules.may(scope, asked(asker));
}

/** Looked at when it is about to leave: what keeps it until when; `undefined`: nothing does. */
export function heldUntil(scope: Scope, deps: Deps, asker: Asker): Promise<HeldAnswer | undefined> {
  return deps.answerRules.held(scope, asked(asker));
}

const asked = ({ number, lastInAt, personIds }: Asker) => ({
  ...{ channel: 'sms' as const, address: number, lastInAt, personIds },
});

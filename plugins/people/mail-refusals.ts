// What keeps a message in the outbox from leaving: what the person said, and the law, asked again when it is due to go.
import type { Law, MailLeaving, MailPurpose, MailRefusals, Scope } from 'rostra/plugin';
import { sentenceOf } from './contact-words.ts';
import type { ReachAct, ReachAnswer } from './index.ts';
import { findMailReaders, type MailReader } from './mail-refusals.sql.ts';
import { findPlaces } from './reach.sql.ts';
import { unselected } from './reach-facts.ts';
import { type Plan, planOf } from './reach-plan.ts';

export const mailRefusals: MailRefusals = {
  async refusalsOf(scope, messages) {
    const readers = await findMailReaders(scope, messages.map(withLetter));
    const answers = await answersFor(scope, messages, readers);
    return messages.map((message, at) => {
      const reader = readers[at];
      if (!reader) throw new Error('Each message has one reader.');
      return message.purpose
        ? refusalFor(scope, message.purpose, reader, answers.get(keyOf(message.purpose, reader)))
        : stopFor(scope, message, reader);
    });
  },
};

/** Of which newsletter a message is, if it says so. */
function withLetter({ to, personId, purpose, topic }: MailLeaving) {
  const letter = purpose === 'newsletter' && topic !== undefined ? { letterId: topic } : {};
  return { to, ...(personId && { personId }), ...letter };
}

/** What answers an act of the reader's own goes to who unsubscribed too, as they may be on their way back. */
function stopFor(scope: Scope, { bulk }: MailLeaving, reader: MailReader): string | undefined {
  if (reader.isStopped) return scope.t('people.reach.why.stopped');
  return bulk && reader.isSuppressed ? scope.t('people.outbox.suppressed') : undefined;
}

function refusalFor(
  scope: Scope,
  purpose: MailPurpose,
  reader: MailReader,
  answer: ReachAnswer | undefined,
): string | undefined {
  if (!answer) return scope.t('people.outbox.unknown');
  const isAsked = purpose === 'confirmation' && answer.why === 'claimed';
  if (!answer.may && !isAsked) return sentenceOf(scope, answer);
  if (!reader.isSubscribed) return scope.t('people.outbox.left');
  if (!reader.isTheirs) return scope.t('people.outbox.not-theirs');
  // Whether an address came from the person was asked of the one that they are written to at.
  const isJudged = purpose !== 'targeting' || reader.isFirst;
  return isJudged ? undefined : scope.t('people.outbox.not-judged');
}

/** The same decision as everywhere, once for each purpose in the batch. */
async function answersFor(
  scope: Scope,
  messages: readonly MailLeaving[],
  readers: readonly MailReader[],
): Promise<Map<string, ReachAnswer>> {
  const answers = new Map<string, ReachAnswer>();
  for (const purpose of new Set(messages.flatMap((message) => message.purpose ?? []))) {
    const ids = readers.flatMap(({ personId }, at) =>
      personId && messages[at]?.purpose === purpose ? [personId] : [],
    );
    const plan = planFor(scope, purpose);
    for (const { id, place } of await findPlaces(scope, plan, { ids })) {
      const answer = plan.answers[place];
      if (answer) answers.set(keyOf(purpose, { personId: id }), answer);
    }
  }
  return answers;
}

const keyOf = (purpose: MailPurpose, { personId }: Pick<MailReader, 'personId'>): string =>
  `${purpose} ${personId}`;

/** The law is laid out for all countries: not for each batch anew, and not for so long that it could change unseen. */
const planMs = 10_000;
const plans = new WeakMap<Law, Map<MailPurpose, { plan: Plan; at: number }>>();

function planFor(scope: Scope, purpose: MailPurpose): Plan {
  const now = scope.now().getTime();
  const ofLaw = plans.get(scope.law) ?? new Map();
  plans.set(scope.law, ofLaw);
  const kept = ofLaw.get(purpose);
  if (kept && Math.abs(now - kept.at) < planMs) return kept.plan;
  const plan = planOf(scope.law, actOf(purpose));
  ofLaw.set(purpose, { plan, at: now });
  return plan;
}

/** Whether they agreed is asked about the messages of the party. */
function actOf(purpose: MailPurpose): ReachAct {
  return unselected({
    channel: 'email',
    purpose: purpose === 'confirmation' ? 'campaign' : purpose,
  });
}

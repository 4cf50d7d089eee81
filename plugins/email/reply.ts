// What staff write back to who answered a letter: one mail, at an hour and on a day on which they may be written to.
import type { AnswerVerdict, Asker } from 'rostra/outreach';
import type { MailSender, Scope } from 'rostra/plugin';
import { type Answer, findAnswer, settleAnswer } from './answer.sql.ts';
import { channel } from './channel.ts';
import type { Deps } from './deps.ts';
import { insertReply, lockReply, settleReply } from './reply.sql.ts';
import { answeredAt } from './sender.ts';

export const replyJob = 'reply';

const askerOf = ({ from, receivedAt, personId }: Answer): Asker => ({
  ...{ channel, address: from, lastInAt: receivedAt, personIds: personId ? [personId] : [] },
});

export const mayReply = (scope: Scope, deps: Deps, answer: Answer): Promise<AnswerVerdict> =>
  deps.answerRules.may(scope, askerOf(answer));

/** Whoever writes back is done with it. */
export async function queueReply(
  scope: Scope,
  deps: Deps,
  answer: Answer,
  reply: { author: string; text: string; goesAt: Date },
): Promise<void> {
  const { author, text, goesAt } = reply;
  const isLater = goesAt > scope.now();
  await scope.write(async (own) => {
    const row = { author, text, dueAt: isLater ? goesAt : null };
    const replyId = await insertReply(own, answer.id, row);
    await settleAnswer(own, answer.id, author);
    await deps.audit.record(own, {
      ...{ act: 'answer.replied', subject: { type: 'answer', id: answer.id } },
      ...(answer.personId && { personId: answer.personId }),
    });
    const { organizationId } = answer;
    // In the name, and under the law, of whose letter it was.
    if (organizationId !== own.organization.id) {
      return deps.events.emit(own, 'email.answer.replied', { replyId }, [organizationId]);
    }
    return deps.jobs.add(own, replyJob, { replyId }, isLater ? { runAt: goesAt } : {});
  });
}

/** Into the outbox in one transaction with the note that it went there. */
export function sendReply(scope: Scope, deps: Deps, replyId: string): Promise<void> {
  return scope.write(async (own) => {
    const reply = await lockReply(own, replyId);
    const answer = reply && (await findAnswer(own, reply.answerId));
    if (!reply || !answer) return;
    const held = await deps.answerRules.held(own, askerOf(answer));
    if (held) {
      await settleReply(own, replyId, { dueAt: held.until });
      return deps.jobs.add(own, replyJob, { replyId }, { runAt: held.until });
    }
    const { from: to, personId } = answer;
    if (await deps.consents.isSuppressedForGood(own, 'email', to)) {
      return settleReply(own, replyId, { state: 'refused' });
    }
    const sender = await senderOf(own, deps, answer);
    await deps.mail.send(own, {
      ...{ to, view: 'answer', data: dataOf(answer, reply) },
      ...(personId && { personId }),
      ...(sender && { sender }),
      headers: headersOf(answer),
    });
    await settleReply(own, replyId, { state: 'sent' });
  });
}

/** Of a message without a name of its own nothing can be said to be answered. */
const isName = (id: string): boolean => id.startsWith('<');
const refsMost = 10;

function headersOf({ refs, messageId }: Answer) {
  const names = [...refs, messageId].filter(isName).slice(-refsMost);
  const last = isName(messageId) ? messageId : names.at(-1);
  return last ? { 'In-Reply-To': last, References: names.join(' ') } : {};
}

const quoteMost = 2_000;

function dataOf({ subject, text, from, fromName, receivedAt }: Answer, reply: { text: string }) {
  const plain = subject.replace(/^((re|ré|aw|sv|antw|rép)\s*:\s*)+/i, '');
  return {
    reply: {
      ...{ subject: plain, text: reply.text.split('\n') },
      ...{ who: fromName || from, at: receivedAt.toISOString() },
      quoted: text.slice(0, quoteMost).split('\n'),
    },
  };
}

/** As the newsletter's letters are, and answered as they are. */
async function senderOf(scope: Scope, deps: Deps, answer: Answer): Promise<MailSender | undefined> {
  const base = await deps.way.sender(scope);
  if (!base) return undefined;
  const send = answer.sendId ? await deps.outreach.find(scope, answer.sendId) : undefined;
  const newsletterId = send?.newsletterId ?? undefined;
  return answeredAt(scope, deps, { key: answer.thread, newsletterId, base });
}

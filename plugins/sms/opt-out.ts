// A stop by text message: heard at once, for everybody who has the number, on text messages alone; and undone.
import { refused, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { endStop, findStop, insertStop, noteStoppedConsent } from './opt-out.sql.ts';

export const markOf = (scope: Scope, { seals }: Pick<Deps, 'seals'>, number: string) =>
  seals.mark(scope, number);

interface Said {
  /** Where there is a conversation. */
  threadId?: string;
  number: string;
  /** Of the message in which it was said, or whose link was pressed. */
  messageId: string;
  by?: 'answer' | 'link';
}

/** Answers whether it is new. */
export function optOut(scope: Scope, deps: Deps, said: Said): Promise<boolean> {
  return scope.write(async (own) => {
    const mark = await markOf(own, deps, said.number);
    const { threadId, messageId, by = 'answer' } = said;
    const stopId = await insertStop(own, { mark, threadId });
    if (stopId === undefined) return false;
    for (const { id } of await deps.people.findByNumber(own, said.number)) {
      const stood = (await deps.consents.current(own, id))
        .filter(({ channel, given }) => channel === 'sms' && given)
        .map(({ purpose }) => purpose);
      for (const purpose of stood) await noteStoppedConsent(own, stopId, id, purpose);
      for (const purpose of new Set([...stood, ...purposes])) {
        const evidence = { message: messageId };
        const fields = { personId: id, channel: 'sms', purpose, evidence };
        const source = `sms.${by}`;
        await deps.consents.withdraw(own, { ...fields, wording: '', ...heard(own), source });
      }
      await deps.people.note(own, id, { kind: 'sms.timeline.stopped' });
      const subject = threadId ? { type: 'thread', id: threadId } : messageOf(said);
      await record(own, deps, { act: 'number.stopped', subject, personId: id });
    }
    return true;
  });
}

const messageOf = ({ messageId }: Said) => ({ type: 'message', id: messageId });

/** Also what was never asked: where a law lets one be written to until they say no, this is the no. */
const purposes = ['newsletter', 'campaign'];
const heard = ({ organization }: Scope) => ({ locale: organization.locale, source: 'sms.answer' });

interface Undo {
  threadId: string;
  number: string;
  why: string;
  by: string | null;
  /** The person's own word, where a pack lets a word take a stop back. */
  said?: { wording: string; messageId: string };
}

/** What stood before stands again, with the reason as its proof. Answers whether there was a stop. */
export function undoOptOut(scope: Scope, deps: Deps, undo: Undo): Promise<boolean> {
  const { threadId, number, why, by, said } = undo;
  return scope.write(async (own) => {
    const stop = await findStop(own, await markOf(own, deps, number));
    const stood = stop && (await endStop(own, stop.id, { by, why }));
    if (!stop || !stood) return false;
    const owners = new Set((await deps.people.findByNumber(own, number)).map(({ id }) => id));
    for (const { personId, purpose } of stood) {
      if (!owners.has(personId)) continue;
      const evidence: Record<string, string> = said ? { message: said.messageId } : { undone: why };
      const wording = said?.wording ?? own.t('sms.undo.wording', {}, own.organization.locale);
      const fields = { personId, channel: 'sms', purpose, wording, evidence };
      await deps.consents.give(own, {
        ...fields,
        ...heard(own),
        source: said ? 'sms.answer' : 'staff',
      });
    }
    for (const personId of owners) {
      await deps.people.note(own, personId, { kind: 'sms.timeline.stop-undone' });
    }
    const [personId] = owners.size === 1 ? owners : [];
    await record(own, deps, {
      act: 'number.stop-undone',
      subject: { type: 'thread', id: threadId },
      why,
      ...(personId && { personId }),
    });
    return true;
  });
}

export function demandWhy(why: string): string {
  if (why.trim().length < 5) throw refused('sms.why-needed', {});
  return why.trim().slice(0, 500);
}

async function record(
  scope: Scope,
  deps: Deps,
  {
    act,
    subject,
    personId,
    why,
  }: { act: string; subject: { type: string; id: string }; personId?: string; why?: string },
): Promise<void> {
  await deps.audit.record(scope, {
    ...{ act, subject },
    ...(personId && { personId }),
    ...(why && { details: { why } }),
  });
}

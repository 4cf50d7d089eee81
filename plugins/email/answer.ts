// An answer to a letter: kept before it is acted on, then linked to who wrote it, told, counted, and done as it asks.
import type { Received } from 'rostra/outreach';
import type { Person } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import {
  type Answer,
  findThread,
  findUnheardAnswers,
  insertAnswer,
  noteFound,
  noteHeard,
  noteStopped,
  settleAnswer,
} from './answer.sql.ts';
import type { AnswerMail } from './answer-mail.ts';
import { parted } from './answer-text.ts';
import { keyIn } from './bounce-address.ts';
import { channel } from './channel.ts';
import type { Deps } from './deps.ts';
import { findWelcomedByKey } from './welcome.sql.ts';

interface Origin {
  organizationId: string;
  thread?: string;
  key?: string | undefined;
  isProven: boolean;
  sendId?: string | undefined;
}

/** Answers whether it is one, of whoever: the same again is kept already. It is acted on by `hearAnswers`. */
export async function keepAnswer(
  scope: Scope,
  deps: Deps,
  mail: AnswerMail,
  at: Date,
): Promise<boolean> {
  const origin = await originOf(scope, deps, mail);
  if (!origin || (!origin.isProven && (await isTooMuch(scope, deps, mail)))) return false;
  const { to: _, ...kept } = mail;
  const { organizationId } = origin;
  // Whoever tells of the future would stand at the head for ever.
  const receivedAt = new Date(Math.min(at.getTime(), scope.now().getTime()));
  await scope.write(async (own) => {
    const id = await insertAnswer(own, { ...kept, ...origin, receivedAt });
    // It is for another part of the party, whose law holds: there it is acted on, by a job.
    if (id && organizationId !== own.organization.id) {
      await deps.events.emit(own, 'email.answer.came', { answerId: id }, [organizationId]);
    }
  });
  return true;
}

const [unprovenMost, daySeconds] = [30, 24 * 3600];

/** Whoever makes up a sender fills nobody's inbox: the rest stays in the mailbox. */
async function isTooMuch(scope: Scope, deps: Deps, { from }: AnswerMail): Promise<boolean> {
  const whose = await deps.seals.mark(scope, from);
  return !(await deps.limits.take(scope, `unproven:${whose}`, unprovenMost, daySeconds));
}

/** By the address of a letter's reader, by the head alone, or by who says to have sent it. */
async function originOf(scope: Scope, deps: Deps, mail: AnswerMail): Promise<Origin | undefined> {
  const key = await keyIn(scope, deps.seals, mail.to);
  if (key) {
    const letter = await letterOf(scope, deps, key);
    if (letter) return { ...ofLetter(letter, key), thread: key, isProven: true };
    const welcome = await findWelcomedByKey(scope, key);
    if (welcome) {
      return { organizationId: welcome.organizationId, thread: key, isProven: true };
    }
    // Written back to us once more: no surer than the first time.
    const thread = await findThread(scope, key);
    if (thread) {
      const { organizationId, key: first, sendId } = thread;
      const of = { key: first ?? undefined, sendId: sendId ?? undefined };
      return { organizationId, ...of, thread: key, isProven: false };
    }
  }
  for (const named of mail.refs.flatMap(keyOfId).reverse()) {
    const letter = await letterOf(scope, deps, named);
    if (letter) return { ...ofLetter(letter, named), isProven: false };
  }
  if (!(await deps.people.findByEmail(scope, mail.from))) return undefined;
  return { organizationId: scope.organization.id, isProven: false };
}

async function letterOf(scope: Scope, deps: Deps, key: string): Promise<Received | undefined> {
  const found = await deps.outreach.received(scope, key);
  return found?.channel === channel ? found : undefined;
}

const ofLetter = ({ organizationId, sendId }: Received, key: string) => ({
  ...{ organizationId, sendId, key },
});

/** The name of a letter is its recipient's key. */
function keyOfId(id: string): string[] {
  const [, key] = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i.exec(id) ?? [];
  return key ? [key.toLowerCase()] : [];
}

const hearMost = 500;

/**
 * What was kept and not acted on: also what met a fault, or came to the mailbox of the party. One that meets a fault again
 * does not keep back the others, and is told of at the end.
 */
export async function hearAnswers(scope: Scope, deps: Deps): Promise<void> {
  const faults: unknown[] = [];
  for (const id of await findUnheardAnswers(scope, hearMost)) {
    const heard = scope.write(async (own) => {
      const answer = await noteHeard(own, id);
      if (answer) await actOn(own, deps, answer);
    });
    await heard.catch((error: unknown) => void faults.push(error));
  }
  if (faults.length > 0) throw faults[0];
}

async function actOn(scope: Scope, deps: Deps, answer: Answer): Promise<void> {
  const person = await writerOf(scope, deps, answer);
  const { said } = parted(answer.text);
  const { country } = person ?? {};
  const asked = await askedIn(scope, deps, { said, subject: answer.subject, country });
  await noteFound(scope, answer.id, { personId: person?.id ?? null, asks: asked ?? null });
  if (!person) return;
  const href = hrefOf(answer.id);
  const kind = answer.isProven ? 'email.timeline.answered' : 'email.timeline.came';
  await deps.people.note(scope, person.id, { kind, href });
  // A sender is made up with ease: of what nothing proves nothing follows by itself.
  if (!answer.isProven) return;
  if (asked === 'stop') {
    await stopFor(scope, deps, answer, { personId: person.id, by: null });
    // Nothing else was said: nobody has to look at it.
    if (!said.includes('\n')) await settleAnswer(scope, answer.id, '');
    return;
  }
  if (asked === 'mentions') return;
  await deps.answerRules.act(scope, {
    ...{ personId: person.id, channel, address: answer.from, text: said, href },
    sendId: answer.sendId ?? undefined,
  });
}

const hrefOf = (id: string): string => `/email/answers/${id}`;

/** The letter's reader; of what nothing proves whoever has that address. */
async function writerOf(scope: Scope, deps: Deps, answer: Answer): Promise<Person | undefined> {
  const { isProven, key, thread, from, receivedAt: at } = answer;
  if (!isProven) return deps.people.findByEmail(scope, from);
  const reader = key
    ? await deps.outreach.answered(scope, { key, channel, at })
    : await findWelcomedByKey(scope, thread);
  return reader && deps.people.find(scope, reader.personId);
}

/** Of the whole answer, of its first line, or, where nothing was written, of its subject. */
async function askedIn(
  scope: Scope,
  deps: Deps,
  { said, subject, country }: { said: string; subject: string; country: string | undefined },
): Promise<'stop' | 'mentions' | undefined> {
  const [first = ''] = said.split('\n');
  const plain = said === '' ? subject : first;
  const how = { country, isExact: true };
  const heard = await deps.answerRules.hear(scope, plain, how);
  if (heard.asked === 'stop') return 'stop';
  const whole = await deps.answerRules.hear(scope, said || subject, how);
  return whole.mentionsStop ? 'mentions' : undefined;
}

/** As the way out in the letter does it; of no letter, all that goes to them by e-mail. `by`: staff, `null` by itself. */
export async function stopFor(
  scope: Scope,
  deps: Deps,
  answer: Answer,
  { personId, by }: { personId: string; by: string | null },
): Promise<void> {
  const { id } = answer;
  await scope.write(async (own) => {
    if (!(await noteStopped(own, id, by))) return;
    await deps.outreach.leave(own, await letterToLeave(own, deps, answer, personId));
    await deps.people.note(own, personId, { kind: 'email.timeline.stopped', href: hrefOf(id) });
    const subject = { type: 'answer', id };
    await deps.audit.record(own, { act: 'answer.stopped', subject, personId });
  });
}

async function letterToLeave(
  scope: Scope,
  deps: Deps,
  { key, thread }: Answer,
  personId: string,
): Promise<{ key: string } | { personId: string; newsletterId?: string }> {
  if (key) {
    const letter = await deps.outreach.received(scope, key);
    return letter?.personId === personId ? { key } : { personId };
  }
  const welcome = await findWelcomedByKey(scope, thread);
  const isTheirs = welcome?.personId === personId;
  return { personId, ...(isTheirs && { newsletterId: welcome.newsletterId }) };
}

// A newsletter's first letter: sent by itself, once, to who confirmed that they subscribe, if it may be when its turn comes.
import { actsToMany, notFound, refused, type Scope } from 'rostra/plugin';
import { channel } from './channel.ts';
import { type Content, contentOf } from './content.ts';
import type { Deps } from './deps.ts';
import { letterData, listId } from './letter.ts';
import { answeredAt } from './sender.ts';
import {
  askWelcomes,
  findWelcomes,
  lockWelcome,
  saveWelcome,
  settleWelcome,
  switchWelcome,
  type WelcomeDue,
} from './welcome.sql.ts';

/** A welcome that comes later is none. */
const lateAfter = 7 * 24 * 3600_000;

export interface Welcome {
  newsletter: { id: string; name: string };
  /** Left out while it was never written. */
  content?: Content;
  isOn: boolean;
  version: number;
}

/** Of each of the organization's own newsletters. */
export async function welcomesOf(scope: Scope, deps: Deps): Promise<Welcome[]> {
  const kept = new Map((await findWelcomes(scope)).map((one) => [one.newsletterId, one]));
  return (await deps.outreach.newsletters(scope)).map(({ id, name }) => {
    const { content, isOn = false, version = 0 } = kept.get(id) ?? {};
    return {
      ...{ newsletter: { id, name }, isOn, version },
      ...(content && { content: contentOf(content) }),
    };
  });
}

export async function demandWelcome(scope: Scope, deps: Deps, id: string): Promise<Welcome> {
  const found = (await welcomesOf(scope, deps)).find(({ newsletter }) => newsletter.id === id);
  if (!found) throw notFound('newsletter', id);
  return found;
}

export function keepWelcome(
  scope: Scope,
  deps: Deps,
  newsletterId: string,
  { content, version }: { content: Content; version: number },
): Promise<void> {
  return scope.write(async (own) => {
    const kept = { content: { ...content }, version };
    if (!(await saveWelcome(own, newsletterId, kept))) {
      throw refused('outreach.changed-meanwhile', {});
    }
    await note(own, deps, 'welcome.changed', newsletterId);
  });
}

export function turnWelcome(
  scope: Scope,
  deps: Deps,
  newsletterId: string,
  isOn: boolean,
): Promise<void> {
  return scope.write(async (own) => {
    if (!(await switchWelcome(own, newsletterId, isOn))) return;
    await note(own, deps, isOn ? 'welcome.on' : 'welcome.off', newsletterId);
  });
}

function note(scope: Scope, deps: Deps, act: string, id: string): Promise<void> {
  return deps.audit.record(scope, { act, subject: { type: 'newsletter', id } });
}

/** Somebody confirmed that they subscribe. The same twice is the same. */
export async function welcome(
  scope: Scope,
  deps: Deps,
  { personId, newsletterIds }: { personId: string; newsletterIds: readonly string[] },
): Promise<void> {
  if (newsletterIds.length === 0) return;
  const asked = await scope.write((own) => askWelcomes(own, personId, newsletterIds));
  if (asked > 0) await sendWelcomes(scope, deps);
}

/** What waits, unless an election commands silence, nobody can tell, or no mail leaves here at all. */
export async function sendWelcomes(scope: Scope, deps: Deps): Promise<void> {
  const isSilent = await deps.silence.at(scope, actsToMany).then(Boolean, () => true);
  if (isSilent || (await deps.way.obstacle(scope))) return;
  while (await scope.write((own) => sendNext(own, deps)));
}

/** Into the outbox in one transaction with the note that it went there. Answers whether there was one. */
async function sendNext(scope: Scope, deps: Deps): Promise<boolean> {
  const due = await lockWelcome(scope);
  if (!due) return false;
  await settleWelcome(scope, due.id, await whyNot(scope, deps, due));
  return true;
}

/** `undefined`: it was sent. */
async function whyNot(scope: Scope, deps: Deps, due: WelcomeDue): Promise<string | undefined> {
  const { key, personId, newsletterId, askedAt, isOn } = due;
  if (!isOn) return 'off';
  if (scope.now().getTime() - askedAt.getTime() > lateAfter) return 'late';
  const act = { channel: 'email', purpose: 'newsletter', newsletterId } as const;
  const [reader] = await deps.reach.among(scope, [personId], act);
  if (!reader?.answer.may || !reader.address) return reader?.answer.why ?? 'not-subscribed';
  const frame = await deps.outreach.frame(scope, { channel, newsletterId });
  const stopPath = await deps.outreach.stopPath(scope, { personId, newsletterId });
  const letter = letterData(contentOf(due.content), frame.notices(reader), {
    nameOf: (fallback) => reader.givenName ?? fallback,
    stopPath,
  });
  const site = await deps.siteAddress.of(scope);
  const base = await deps.way.sender(scope);
  await deps.mail.send(scope, {
    ...{ to: reader.address, view: 'letter', data: { letter }, personId },
    ...(reader.locale && { locale: reader.locale }),
    ...(base && { sender: await answeredAt(scope, deps, { key, newsletterId, base }) }),
    // The outbox too keeps what is one of many until an election's silence is over, and asks once more: law and reader.
    ...{ bulk: true, purpose: 'newsletter', topic: newsletterId, holdsKey: true },
    headers: {
      'List-Id': listId(newsletterId, new URL(site).hostname),
      'List-Unsubscribe': `<${site}${stopPath}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  return undefined;
}

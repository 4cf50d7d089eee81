// The reader's own way out: a link that only their message holds, good for one newsletter, without a log-in.
import { isAppError, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { noteLeft } from './recipient.sql.ts';

const home = '/unsubscribe';

/** Sealed, so that nobody makes one up, and it holds when the row it came from is long forgotten. */
export async function stopPathOf(
  scope: Scope,
  { seals }: Deps,
  of: { id: string; personId: string; newsletterId: string },
): Promise<string> {
  const token = await seals.seal(scope, [of.personId, of.newsletterId, of.id].join(':'));
  return `${home}/${token}`;
}

export interface StopLink {
  personId: string;
  newsletterId: string;
  recipientId: string;
}

/** `undefined` for what we never wrote. */
export async function openStop(
  scope: Scope,
  { seals }: Deps,
  token: string,
): Promise<StopLink | undefined> {
  const text = await seals.open(scope, token).catch(() => '');
  const [, personId, newsletterId, recipientId] = /^(\d+):(\d+):(\d+)$/.exec(text) ?? [];
  if (!personId || !newsletterId || !recipientId) return undefined;
  return { personId, newsletterId, recipientId };
}

/** The same twice is the same; whoever is gone, or not a subscriber any more, is as they wish. */
export function leave(scope: Scope, deps: Deps, link: StopLink): Promise<void> {
  const { personId, newsletterId, recipientId } = link;
  return scope.write(async (own) => {
    const person = await deps.people.find(own, personId);
    if (!person) return;
    await deps.newsletters.unsubscribe(own, person.id, newsletterId).catch((error: unknown) => {
      if (!isAppError(error) || error.status !== 404) throw error;
    });
    await noteLeft(own, recipientId, person.id);
    await deps.audit.record(own, {
      act: 'reader.left',
      subject: { type: 'newsletter', id: newsletterId },
      personId: person.id,
    });
  });
}

// The reader's own way out: a link that only their message holds, without a log-in. Of a letter to subscribers it leaves the
// newsletter; of a message to a selection it ends all messages of that kind.
import type { ReachAct } from 'rostra/people';
import { isAppError, type Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import { noteLeft } from './recipient.sql.ts';

const home = '/unsubscribe';
/** In place of a recipient's id. */
export const ofNoSend = '0';

/** Sealed, so that nobody makes one up, and it holds when the row it came from is long forgotten. */
export async function stopPathOf(
  scope: Scope,
  { seals }: Deps,
  { id, personId }: { id: string; personId: string },
  { newsletterId, channel }: Pick<ReachAct, 'newsletterId' | 'channel'>,
): Promise<string> {
  const token = await seals.seal(scope, [personId, newsletterId ?? channel, id].join(':'));
  return `${home}/${token}`;
}

export interface StopLink {
  personId: string;
  recipientId: string;
  /** That it leaves. */
  newsletterId?: string;
  /** Of a message to a selection: how it came, e.g. `email`. */
  channel?: string;
}

/** `undefined` for what we never wrote. */
export async function openStop(
  scope: Scope,
  { seals }: Deps,
  token: string,
): Promise<StopLink | undefined> {
  const text = await seals.open(scope, token).catch(() => '');
  const [, personId, what, recipientId] = /^(\d+):(\d+|[a-z]{2,10}):(\d+)$/.exec(text) ?? [];
  if (!personId || !what || !recipientId) return undefined;
  const isNewsletter = /^\d/.test(what);
  return { personId, recipientId, ...(isNewsletter ? { newsletterId: what } : { channel: what }) };
}

/** The same twice is the same; whoever is gone, or has left already, is as they wish. */
export function leave(scope: Scope, deps: Deps, link: StopLink): Promise<void> {
  const { personId, newsletterId, recipientId } = link;
  return scope.write(async (own) => {
    const person = await deps.people.find(own, personId);
    if (!person) return;
    if (newsletterId) await leaveNewsletter(own, deps, person.id, newsletterId);
    else await leaveSelections(own, deps, { ...link, personId: person.id });
    await noteLeft(own, recipientId, person.id);
  });
}

async function leaveNewsletter(
  scope: Scope,
  deps: Deps,
  personId: string,
  newsletterId: string,
): Promise<void> {
  await deps.newsletters.unsubscribe(scope, personId, newsletterId).catch((error: unknown) => {
    if (!isAppError(error) || error.status !== 404) throw error;
  });
  await deps.audit.record(scope, {
    ...{ act: 'reader.left', personId },
    subject: { type: 'newsletter', id: newsletterId },
  });
}

/**
 * Two noes: to what the party writes by this way beside newsletters, and to being chosen by data on any way (GDPR art. 21(2),
 * Reg. (EU) 2024/900 art. 18). Newsletters that they subscribed to themselves go on.
 */
async function leaveSelections(scope: Scope, deps: Deps, link: StopLink): Promise<void> {
  const { personId, recipientId, channel = '' } = link;
  const said = await deps.consents.current(scope, personId);
  const noes = [
    { channel, purpose: 'campaign' },
    { channel: 'targeting', purpose: 'targeting' },
  ].filter((no) => {
    const last = said.find((one) => one.channel === no.channel && one.purpose === no.purpose);
    return last?.given !== false;
  });
  for (const no of noes) {
    await deps.consents.withdraw(scope, {
      ...{ personId, ...no, source: 'outreach.stop', locale: scope.locale },
      ...{ wording: stopWording(scope, channel), evidence: { letter: recipientId } },
    });
  }
  if (noes.length === 0) return;
  const subject = { type: 'person', id: personId };
  await deps.audit.record(scope, { act: 'reader.unchosen', personId, subject });
}

/** The words that stand above the button, and are kept with what is said by it. */
export const stopWording = (scope: Scope, channel: string): string =>
  scope.t('outreach.stop.wording', {
    organization: scope.organization.name,
    channel: scope.t(`outreach.stop.by.${channel}`),
  });

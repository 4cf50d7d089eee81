// Claimed, and looked at again before they are written to: who still wants it, where, and whether it is an hour for it.
import type { ReachAct } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ChannelInfo } from './index.ts';
import { findOften } from './often.ts';
import { nextMoment } from './quiet.ts';
import { type ClaimedRecipient, moveAddresses, skipRecipients } from './recipient.sql.ts';
import { putOff, type Wait } from './wait.sql.ts';

export interface Due extends ClaimedRecipient {
  address: string;
  isDirect: boolean;
  givenName?: string;
}
interface Looking {
  scope: Scope;
  deps: Deps;
  act: ReachAct;
  holder: string;
  sendId: string;
}
/** When somebody is asked about again whom another send holds in this moment. */
const soon = 90_000;

/** Whoever unsubscribed, objected or moved since the list was frozen is heard now; whoever sleeps waits. */
export async function lookAgain(
  { scope, deps, act, holder, sendId }: Looking,
  claimed: readonly ClaimedRecipient[],
): Promise<Due[]> {
  const ids = claimed.map(({ personId }) => personId);
  const found = await deps.reach.among(scope, ids, act);
  const known = new Map(found.map((one) => [one.personId, one]));
  const { full, near } = await findOften(scope, deps, sendId, ids);
  const momentOf = momentsAt(scope, act.channel);
  const [due, skipped, waits]: [Due[], { id: string; why: string }[], Wait[]] = [[], [], []];
  for (const one of claimed) {
    const { answer, address, isDirect = false, givenName, country } = known.get(one.personId) ?? {};
    if (!answer?.may || address === undefined) {
      skipped.push({
        id: one.id,
        why: answer?.why ?? (act.tagId ? 'not-tagged' : 'not-subscribed'),
      });
      continue;
    }
    if (full.has(one.personId)) {
      skipped.push({ id: one.id, why: 'often' });
      continue;
    }
    const dueAt = momentOf(country);
    if (dueAt > scope.now()) waits.push({ id: one.id, dueAt, why: 'quiet' });
    else if (near.has(one.personId)) waits.push({ id: one.id, dueAt: later(scope), why: 'often' });
    else due.push({ ...one, address, isDirect, ...(givenName && { givenName }) });
  }
  await scope.write(async (own) => {
    await moveAddresses(own, due);
    await skipRecipients(own, skipped, holder);
    await putOff(own, waits, holder);
  });
  return due;
}

/** Not the same moment for both: one of them then sees that the other left. */
const later = (scope: Scope): Date =>
  new Date(scope.now().getTime() + soon * (0.5 + Math.random()));

/** Found once for each country of a batch. */
function momentsAt(scope: Scope, channel: ChannelInfo['reach']) {
  const { timeZone } = scope.organization;
  const now = scope.now();
  const kept = new Map<string | undefined, Date>();
  return (country: string | undefined): Date => {
    const known = kept.get(country) ?? nextMoment(scope.law, { channel, country, timeZone }, now);
    kept.set(country, known);
    return known;
  };
}

// Claimed, and looked at again before they are written to: who still wants it, where, and whether it is an hour for it.
import type { ReachAct } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { ChannelInfo } from './index.ts';
import { markMeasured } from './measure.sql.ts';
import type { Ground, Measuring } from './measure.ts';
import { findOften } from './often.ts';
import { nextMoment } from './quiet.ts';
import { type ClaimedRecipient, moveAddresses, skipRecipients } from './recipient.sql.ts';
import { passOn } from './recipient-shared.sql.ts';
import { movedOf, sharedAmong } from './shared.ts';
import { putOff, type Wait } from './wait.sql.ts';

export interface Due extends ClaimedRecipient {
  address: string;
  isDirect: boolean;
  givenName?: string;
  /** ISO 3166-1. */
  country?: string;
  /** Where readers are counted: on what it rests that this one is. */
  measure?: { ground: Ground | undefined; consentId: string | undefined };
}
interface Looking {
  scope: Scope;
  deps: Deps;
  act: ReachAct;
  holder: string;
  sendId: string;
  measuring: Measuring | undefined;
}
/** When somebody is asked about again whom another send holds in this moment. */
const soon = 90_000;

/** Whoever unsubscribed, objected or moved since the list was frozen is heard now; whoever sleeps waits. */
export async function lookAgain(
  { scope, deps, act, holder, sendId, measuring }: Looking,
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
    else {
      const more = { ...(givenName && { givenName }), ...(country && { country }) };
      due.push({ ...one, address, isDirect, ...more });
    }
  }
  const isPhone = act.channel !== 'email';
  const shared = isPhone
    ? await sharedAmong(scope, deps, sendId, { claimed, due })
    : new Set<string>();
  const going = shared.size > 0 ? due.filter(({ id }) => !shared.has(id)) : due;
  // Nobody's telephone is left out since the first who has it does not get it there.
  const freed = isPhone ? [...skipped, ...movedOf(claimed, due)].map(({ id }) => id) : [];
  skipped.push(...[...shared].map((id) => ({ id, why: 'shared' })));
  const looked = measuring ? await measuring.look(going) : going;
  await scope.write(async (own) => {
    await passOn(own, freed);
    await moveAddresses(own, going);
    if (measuring) await markMeasured(own, looked.map(markOf));
    await skipRecipients(own, skipped, holder);
    await putOff(own, waits, holder);
  });
  return looked;
}

const markOf = ({ id, measure }: Due) => ({
  id,
  isMeasured: measure?.ground !== undefined,
  consentId: measure?.consentId ?? null,
});

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

// No more than so many messages to one person in so many days, over all channels: where the organization wants it so.
import type { ReachAct } from 'rostra/people';
import type { Scope } from 'rostra/plugin';
import type { OutreachSettings } from './approval.ts';
import type { Deps } from './deps.ts';
import { findFull, findRecent } from './often.sql.ts';

export interface Cap {
  most: number;
  days: number;
}

const day = 24 * 60 * 60_000;
/** Of so many at most it is counted before sending; each is looked at when the turn comes. */
const countedMost = 20_000;
const slice = 2_000;

/** `undefined`: as many as there are. */
export async function capOf(scope: Scope, { settings }: Deps): Promise<Cap | undefined> {
  const { messagesMost, messagesDays } = await settings.read<OutreachSettings>(scope);
  return messagesMost > 0 ? { most: messagesMost, days: messagesDays } : undefined;
}

const sinceOf = (scope: Scope, { days }: Cap) => new Date(scope.now().getTime() - days * day);

/** `full`: they had as many; `near`: they would have, if what others hold for them leaves. */
export async function findOften(
  scope: Scope,
  deps: Deps,
  sendId: string,
  personIds: readonly string[],
): Promise<{ full: ReadonlySet<string>; near: ReadonlySet<string> }> {
  const cap = personIds.length > 0 ? await capOf(scope, deps) : undefined;
  if (!cap) return { full: new Set(), near: new Set() };
  const rows = await findRecent(scope, sendId, personIds, sinceOf(scope, cap));
  const idsOf = (those: typeof rows) => new Set(those.map(({ personId }) => personId));
  const full = rows.filter(({ got }) => got >= cap.most);
  const near = rows.filter(({ got, held }) => got < cap.most && got + held >= cap.most);
  return { full: idsOf(full), near: idsOf(near) };
}

/** How many of those who may be reached had as many by now. */
export async function countOften(
  scope: Scope,
  deps: Deps,
  act: ReachAct,
): Promise<(Cap & { people: number }) | undefined> {
  const cap = await capOf(scope, deps);
  if (!cap) return undefined;
  const found = { most: cap.most, since: sinceOf(scope, cap), limit: countedMost };
  const ids = await findFull(scope, found);
  let people = 0;
  for (let from = 0; from < ids.length; from += slice) {
    const reached = await deps.reach.among(scope, ids.slice(from, from + slice), act);
    people += reached.filter(({ answer, address }) => answer.may && address).length;
  }
  return { ...cap, people };
}

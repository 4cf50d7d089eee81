// Several have one telephone: at the moment of writing to them it is seen that it gets a text once.
import type { Scope } from 'rostra/plugin';
import type { Deps } from './deps.ts';
import type { Due } from './look.ts';
import type { ClaimedRecipient } from './recipient.sql.ts';
import { findShared } from './recipient-shared.sql.ts';

/** Of those who are due, whoever has by now a number at which somebody else gets it. */
export async function sharedAmong(
  scope: Scope,
  { people }: Pick<Deps, 'people'>,
  sendId: string,
  { claimed, due }: { claimed: readonly ClaimedRecipient[]; due: readonly Due[] },
): Promise<Set<string>> {
  const moved = movedOf(claimed, due);
  if (moved.length === 0) return new Set();
  const owners = await Promise.all(moved.map(({ address }) => people.findByNumber(scope, address)));
  const ids = owners.flat().map(({ id }) => id);
  const twice = moved.filter((one, at) => moved.findIndex((m) => m.address === one.address) < at);
  const shared = await findShared(scope, sendId, moved, ids);
  return new Set([...twice.map(({ id }) => id), ...shared]);
}

export function movedOf(claimed: readonly ClaimedRecipient[], due: readonly Due[]): Due[] {
  const before = new Map(claimed.map(({ id, address }) => [id, address]));
  return due.filter(({ id, address }) => before.get(id) !== address);
}

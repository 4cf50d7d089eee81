// A whole party in stretches by id, each under the law of its moment.
import type { Scope } from 'rostra/plugin';
import type { ReachAct, ReachRows } from './index.ts';
import { findNextStretch, type Those } from './reach.sql.ts';
import { findNextMembers, rowsOf } from './reach-list.sql.ts';
import { type Plan, planOf } from './reach-plan.ts';

/** So many people are looked up at a time. */
const usual = 20_000;
/** So many who stand farther apart than that are looked up by their ids: of those between them nobody asks. */
const few = 2_000;
/** A long list may outlast the law. */
const planMs = 10_000;

export async function* stretchesOf(
  scope: Scope,
  act: ReachAct,
  { most = usual, apart = few } = {},
): AsyncGenerator<{ plan: Plan; those: Those }> {
  let plan = planOf(scope.law, act);
  let plannedAt = scope.now().getTime();
  for (let after = '0'; ; ) {
    if (scope.now().getTime() - plannedAt > planMs) {
      plan = planOf(scope.law, act);
      plannedAt = scope.now().getTime();
    }
    const next = await nextStretch(scope, act, after, { most, apart });
    if (next === undefined) return;
    yield { plan, those: next.those };
    after = next.until;
  }
}

async function nextStretch(
  scope: Scope,
  act: ReachAct,
  after: string,
  { most, apart }: { most: number; apart: number },
): Promise<{ those: Those; until: string } | undefined> {
  const ids = await findNextMembers(scope, act, after, { most: apart, near: most });
  const until = ids ? ids.at(-1) : await findNextStretch(scope, after, most);
  return until === undefined ? undefined : { those: ids ? { ids } : { after, until }, until };
}

/** All whom the act is about, where they are few. */
export function findFew(scope: Scope, act: ReachAct): Promise<string[] | undefined> {
  return findNextMembers(scope, act, '0', { most: few, near: Number.MAX_SAFE_INTEGER });
}

export async function* listReached(
  scope: Scope,
  act: ReachAct,
  size?: { most?: number; apart?: number },
): AsyncGenerator<ReachRows> {
  for await (const { plan, those } of stretchesOf(scope, act, size))
    yield rowsOf(scope, plan, those);
}

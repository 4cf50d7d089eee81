// A whole party in stretches by id, each under the law of its moment.
import type { Scope } from 'rostra/plugin';
import type { ReachAct, ReachRows } from './index.ts';
import { findNextStretch } from './reach.sql.ts';
import { rowsOf } from './reach-list.sql.ts';
import { type Plan, planOf } from './reach-plan.ts';

/** So many people are looked up at a time. */
const usual = 20_000;
/** A long list may outlast the law. */
const planMs = 10_000;

export async function* stretchesOf(
  scope: Scope,
  act: ReachAct,
  most = usual,
): AsyncGenerator<{ plan: Plan; between: { after: string; until: string } }> {
  let plan = planOf(scope.law, act);
  let plannedAt = scope.now().getTime();
  for (let after = '0'; ; ) {
    if (scope.now().getTime() - plannedAt > planMs) {
      plan = planOf(scope.law, act);
      plannedAt = scope.now().getTime();
    }
    const until = await findNextStretch(scope, after, most);
    if (until === undefined) return;
    yield { plan, between: { after, until } };
    after = until;
  }
}

export async function* listReached(
  scope: Scope,
  act: ReachAct,
  most?: number,
): AsyncGenerator<ReachRows> {
  for await (const { plan, between } of stretchesOf(scope, act, most))
    yield rowsOf(scope, plan, between);
}

// A single message answers somebody: kept first, handed over by a job, once.
import { randomUUID } from 'node:crypto';
import type { Scope } from 'rostra/plugin';
import { heldUntil } from './answer.ts';
import type { Deps } from './deps.ts';
import { type AccountRow, findAccount } from './gateway-account.sql.ts';
import { openLine } from './line.ts';
import { isStopped } from './opt-out.sql.ts';
import { markOf } from './opt-out.ts';
import { countParts } from './parts.ts';
import {
  claimSingle,
  insertSingle,
  type NewSingle,
  type Single,
  settleSingle,
} from './single.sql.ts';

export const singleJob = 'single';
const handMs = 30_000;
const again = 60_000;

export async function queueSingle(
  scope: Scope,
  deps: Deps,
  account: Pick<AccountRow, 'id'>,
  single: Pick<NewSingle, 'text' | 'number' | 'kind' | 'dueAt'> & {
    threadId: string;
    author?: string;
    personId?: string;
  },
): Promise<void> {
  const { threadId, text, number, kind, author = null, personId = null, dueAt } = single;
  const row = {
    ...{ key: randomUUID(), number, text, kind, author, personId },
    ...{ parts: countParts(text).parts, ...(dueAt && { dueAt }) },
  };
  const messageId = await insertSingle(scope, account.id, threadId, row);
  const runAt = dueAt && dueAt > scope.now() ? { runAt: dueAt } : {};
  await deps.jobs.add(scope, singleJob, { messageId }, runAt);
}

export async function sendSingle(scope: Scope, deps: Deps, messageId: string): Promise<void> {
  const single = await scope.write((own) => claimSingle(own, messageId));
  if (!single) return;
  const account = await findAccount(scope, single.accountId);
  if (!account || (await isUnwanted(scope, deps, single))) {
    return scope.write((own) => settleSingle(own, messageId, 'refused', 'stop'));
  }
  // The machine's own words answer what was asked of it just now.
  const held = single.kind === 'answer' ? await heldUntil(scope, deps, single) : undefined;
  if (held) return later(scope, deps, messageId, held);
  const line = await openLine(scope, deps, account).catch(() => undefined);
  if (!line) return later(scope, deps, messageId);
  try {
    const { key, number: to, text, parts, personId } = single;
    const encoding = countParts(text).alphabet;
    const message = { key, from: account.sender, to, text, encoding, parts };
    await line.turn(parts, AbortSignal.timeout(handMs));
    const handed = await line.hand(
      { ...message, ...(personId && { personId }) },
      AbortSignal.timeout(handMs),
    );
    if (handed.state === 'later') await wake(scope, deps, messageId);
  } finally {
    await line.close();
  }
}

/** A stop is confirmed by a message to who said it, and by nothing else after it. */
async function isUnwanted(scope: Scope, deps: Deps, { kind, number }: Single): Promise<boolean> {
  return kind === 'answer' && isStopped(scope, await markOf(scope, deps, number));
}

async function later(
  scope: Scope,
  deps: Deps,
  messageId: string,
  held?: { why: string; until: Date },
): Promise<void> {
  await scope.write(async (own) => {
    await settleSingle(own, messageId, 'later', held?.why ?? '', held?.until);
    await wake(own, deps, messageId, held?.until);
  });
}

function wake(scope: Scope, deps: Deps, messageId: string, until?: Date): Promise<void> {
  const runAt = until ?? new Date(scope.now().getTime() + again);
  return deps.jobs.add(scope, singleJob, { messageId }, { runAt });
}
